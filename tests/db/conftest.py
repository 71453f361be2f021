"""An archive and a bot's file of their own for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db import PostStore
from db.bot_store import BotStore
from tests.db.making import MORNING, a_channel
from tests.new_databases import new_archive, new_bot_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where an archive may be made."""
    return tmp_path / "archive.db"


@pytest.fixture(scope="session")
def fresh_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive as it was created."""
    path = tmp_path_factory.mktemp("fresh") / "archive.db"
    new_archive(path).close()
    return path


@pytest.fixture
def store(path: Path) -> Iterator[PostStore]:
    """An empty archive whose clock stands still."""
    with new_archive(path, clock=lambda: MORNING) as store:
        yield store


@pytest.fixture
def channel_id(store: PostStore) -> int:
    """The one channel of the archive."""
    return store.resolve_channel(a_channel(), as_of=MORNING)


@pytest.fixture
def bot_store(tmp_path: Path) -> Iterator[BotStore]:
    """A bot that remembers three updates."""
    with new_bot_store(tmp_path / "bot.db", updates_kept=3) as bot_store:
        yield bot_store
