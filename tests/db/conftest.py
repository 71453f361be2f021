"""An archive and a bot's file of their own for every test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from db import BotStore, PostStore, open_archive, open_bot_store
from tests.db.making import MORNING, a_channel

# Root may write anywhere; a test about rights has to give its own up for the while.
_NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where an archive may be made."""
    return tmp_path / "archive.db"


@pytest.fixture(scope="session")
def fresh_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive as it was created; a copy is quicker to have than another."""
    path = tmp_path_factory.mktemp("fresh") / "archive.db"
    open_archive(path).close()
    return path


@pytest.fixture
def store(path: Path, fresh_archive: Path) -> Iterator[PostStore]:
    """An empty archive whose clock stands still."""
    shutil.copy(fresh_archive, path)
    with open_archive(path, clock=lambda: MORNING) as store:
        yield store


@pytest.fixture
def channel_id(store: PostStore) -> int:
    """The one channel of the archive."""
    return store.resolve_channel(a_channel(), as_of=MORNING)


@pytest.fixture
def bot_store(tmp_path: Path) -> Iterator[BotStore]:
    """A bot that remembers three updates."""
    with open_bot_store(tmp_path / "bot.db", updates_kept=3) as bot_store:
        yield bot_store


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may reach, for tests that give rights up."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder
        folder.chmod(0o777)


@pytest.fixture
def without_rights() -> Callable[[], AbstractContextManager[None]]:
    """Be somebody who does not own the files, where the tests run as root."""

    @contextmanager
    def _as_nobody() -> Iterator[None]:
        before = os.geteuid()
        if before == 0:
            os.seteuid(_NOBODY)
        try:
            yield
        finally:
            os.seteuid(before)

    return _as_nobody
