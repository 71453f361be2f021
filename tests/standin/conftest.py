"""A server, a person and a bot that speaks bare HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.standin.person import Person
from tests.standin.raw import Ask, asker
from tests.standin.server import StandIn


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """Run a server for one test."""
    with StandIn() as standin:
        yield standin


@pytest.fixture
def ask(standin: StandIn) -> Ask:
    """Return the bot: a function that calls methods."""
    return asker(standin)


@pytest.fixture
def vera(standin: StandIn) -> Person:
    """Return a person that has written to the bot; the bot has read it."""
    vera = Person(standin, 501, first_name="Вера")
    vera.says("/start")
    standin.world.updates.pending.clear()
    return vera
