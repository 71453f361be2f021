"""A bot over an archive of its own, in which there is one post about a carousel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from search import open_index
from tests.bot.alerts.following import post
from tests.bot.channel import written
from tests.bot.conftest import OWNER, World
from tests.new_databases import new_archive
from tests.searchers import patient_searcher


@pytest.fixture
def own(world: World, tmp_path: Path) -> Iterator[World]:
    """Return a bot over an archive of its own, with one post about a carousel."""
    with new_archive(tmp_path / "archive.db", clock=world.clock) as store:
        index = open_index(tmp_path / "index", store)
        own = replace(
            world, store=store, searcher=patient_searcher(store, index, clock=world.clock)
        )
        own.bot_store.people.store_client_language(OWNER, "ru")
        post(own, written(1, "Первая карусель"))
        index.catch_up()
        yield own
        index.close()
