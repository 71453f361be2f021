"""An archive and a state of the bot of their own for every test, in either kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest

from db import PostStore, open_archive
from db.bot_store import BotStore, open_bot_store
from model.addresses import parse_address
from tests.db.making import MORNING, a_channel
from tests.new_databases import new_archive, new_bot_store
from tests.servers.postgresql import PostgreSQL

Keeping = Literal["sqlite", "postgresql"]

_KEEPINGS: list[Keeping] = ["sqlite", "postgresql"]
# What is tested here holds for both; the other modules are about files.
_FOR_BOTH = {
    f"test_{name}"
    for name in (
        *(
            "bot_inbox",
            "bot_live",
            "bot_people",
            "bot_photos",
            "bot_saved",
            "bot_spool",
            "bot_store",
            "bot_uploads",
        ),
        *("breakdown", "channel_views", "channels", "identity", "imports", "merge", "period"),
        *("reading", "round_trip", "saving", "threads", "views"),
    )
}
_ABOUT_FILES = {"count_selects", "path"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each kind of database."""
    if "keeping" in metafunc.fixturenames:
        name = metafunc.module.__name__.rpartition(".")[2]
        is_for_both = name in _FOR_BOTH and _ABOUT_FILES.isdisjoint(metafunc.fixturenames)
        metafunc.parametrize("keeping", _KEEPINGS if is_for_both else _KEEPINGS[:1], indirect=True)


@pytest.fixture
def keeping(request: pytest.FixtureRequest) -> Keeping:
    """The kind of database that a test is run with."""
    given: Keeping = request.param
    return given


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


@pytest.fixture(scope="session")
def postgres_template(postgresql: PostgreSQL) -> Iterator[str]:
    """The name of a database with an empty archive and an empty state of the bot."""
    with postgresql.database() as url:
        address = parse_address(url)
        open_archive(address).close()
        open_bot_store(address).close()
        yield url.rpartition("/")[2]


@contextmanager
def _copied(request: pytest.FixtureRequest) -> Iterator[str]:
    server: PostgreSQL = request.getfixturevalue("postgresql")
    template: str = request.getfixturevalue("postgres_template")
    with server.database(template=template) as url:
        yield url


@pytest.fixture
def store(keeping: Keeping, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[PostStore]:
    """An empty archive whose clock stands still."""
    if keeping == "sqlite":
        with new_archive(tmp_path / "archive.db", clock=lambda: MORNING) as store:
            yield store
    else:
        with (
            _copied(request) as url,
            open_archive(parse_address(url), clock=lambda: MORNING, home=tmp_path) as store,
        ):
            yield store


@pytest.fixture
def channel_id(store: PostStore) -> int:
    """The one channel of the archive."""
    return store.resolve_channel(a_channel(), as_of=MORNING)


@pytest.fixture
def bot_store(
    keeping: Keeping, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[BotStore]:
    """A bot that remembers three updates."""
    if keeping == "sqlite":
        with new_bot_store(tmp_path / "bot.db", updates_kept=3) as bot_store:
            yield bot_store
    else:
        with (
            _copied(request) as url,
            open_bot_store(parse_address(url), updates_kept=3, home=tmp_path) as bot_store,
        ):
            yield bot_store
