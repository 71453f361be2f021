"""An archive, a bot process on it, and people who are new to the bot."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from filelock import FileLock

from ingest import run_import
from letopis.sample import sample_export
from search import open_index
from tests.conversation.channel import fill
from tests.conversation.running import OWNERS, RunningBot
from tests.new_databases import new_archive
from tests.standin.person import Person
from tests.standin.server import StandIn

MakePerson = Callable[..., Person]

_HERE = Path(__file__).parent

_owners = count(OWNERS.start)
_strangers = count(900_000)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the conversations first: one worker begins with them, over one bot for them all."""
    items.sort(key=lambda item: _HERE not in item.path.parents)


@pytest.fixture(scope="session")
def archive_home(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Path:
    """Return a home folder with the sample channel and ours in it; it is only to be copied.

    All workers of a test run share it: the first one makes it.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    home = folder / f"archive-{testrun_uid}"
    with FileLock(home.with_suffix(".lock")):
        if not home.exists():
            with new_archive(home / "archive.db") as store:
                run_import(store, sample_export())
                fill(home / "archive.db", home / "media")
                with closing(open_index(home / "index", store)) as index:
                    index.catch_up()
    return home


@pytest.fixture(scope="session")
def bot(archive_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBot]:
    """Run one bot for all the conversations that do it no harm."""
    with StandIn() as standin:
        bot = RunningBot(standin, tmp_path_factory.mktemp("shared") / "home")
        yield from running(bot, archive_home)
    assert " ERROR " not in bot.output


@pytest.fixture(scope="session")
def battered_bot(
    archive_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningBot]:
    """Run one bot for the conversations that go through faults."""
    with StandIn() as standin:
        bot = RunningBot(standin, tmp_path_factory.mktemp("battered") / "home")
        yield from running(bot, archive_home)


@pytest.fixture
def own_bot(archive_home: Path, tmp_path: Path) -> Iterator[RunningBot]:
    """Run a bot for one test, which may do anything to it."""
    with StandIn() as standin:
        yield from running(RunningBot(standin, tmp_path / "home"), archive_home)


def running(
    bot: RunningBot, archive_home: Path, *, before: Callable[[], object] = lambda: None
) -> Iterator[RunningBot]:
    """Run a bot over a copy of the archive; it must end well and tell no secret.

    `before` prepares the copy.
    """
    bot.standin.world.poll.hold_repeated = False
    shutil.copytree(archive_home, bot.home)
    before()
    bot.start()
    yield bot
    code = bot.stop()
    assert code == 0, bot.output[-3000:]
    assert bot.leaks() == []


@pytest.fixture
def vera(bot: RunningBot) -> Person:
    """Return an owner who speaks Russian."""
    return owner(bot)


@pytest.fixture
def john(bot: RunningBot) -> Person:
    """Return an owner who speaks English."""
    return owner(bot, first_name="John", language_code="en")


@pytest.fixture
def stranger(bot: RunningBot) -> Person:
    """Return someone whom the bot does not know."""
    return Person(bot.standin, next(_strangers), first_name="Чужой")


def owner(bot: RunningBot, *, first_name: str = "Вера", language_code: str = "ru") -> Person:
    """Return an owner whom no other test has met."""
    return Person(bot.standin, next(_owners), first_name=first_name, language_code=language_code)
