"""A small archive with its index, and the bot over it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.application import build_application
from bot.config import BotConfig
from bot.services import Workers
from bot.terminal.transport import ConsoleRequest
from bot.transport.app import App
from bot.transport.redaction import QUIET_LOGGERS
from db import PostStore
from db.bot_store import BotStore
from ingest import MediaStore
from letopis.fetch_worker import fetch_process
from letopis.import_worker import import_thread
from letopis.index_worker import index_process
from letopis.watch_worker import watch_process
from model.posts import Post
from search import Searcher, open_index
from tests.bot.channel import AS_OF, CHANNEL, OTHER_CHANNEL, OTHER_POSTS, POSTS
from tests.new_databases import new_archive, new_bot_store
from tests.searchers import patient_searcher

_HERE = Path(__file__).parent

OWNER = 1
WORKERS = Workers(
    imports=import_thread, indexing=index_process, fetching=fetch_process, watching=watch_process
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure the slow tests here too: they run the bot in this process, through its long waits."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker("measured")


@dataclass
class Clock:
    """A clock that a test moves, and the seconds that really pass."""

    now: datetime = field(default_factory=lambda: AS_OF)
    seconds: float = 0.0

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def passes(self, time: timedelta) -> None:
        """Let time pass."""
        self.now += time
        self.seconds += time.total_seconds()

    def is_set(self, by: timedelta) -> None:
        """Set the clock forward, or back, while no time passes."""
        self.now += by

    def timer(self) -> float:
        """Tell how many seconds have passed."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Let time pass while others go on."""
        self.passes(timedelta(seconds=seconds))
        await asyncio.sleep(0)


@dataclass(kw_only=True)
class World:
    """An archive, the bot's own state, and the means to build a bot over them."""

    store: PostStore
    searcher: Searcher
    bot_store: BotStore
    clock: Clock
    config: BotConfig
    media: MediaStore | None = None
    workers: Workers = WORKERS

    def build(self, request: ConsoleRequest) -> App:
        """Build the bot over a transport."""
        return build_application(
            self.config,
            searcher=self.searcher,
            store=self.store,
            bot_store=self.bot_store,
            workers=self.workers,
            media=self.media,
            request=request,
            clock=self.clock,
            timer=self.clock.timer,
            sleep=self.clock.sleep,
        )


@pytest.fixture(autouse=True)
def loggers_as_before() -> Iterator[None]:
    """Give the loggers that a running bot quiets their levels back."""
    before = {name: logging.getLogger(name).level for name in QUIET_LOGGERS}
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


Filled = Callable[[list[Post]], tuple[PostStore, Searcher]]


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """Return a function that makes an archive and its index of posts."""
    with ExitStack() as stack:

        def fill(posts: list[Post]) -> tuple[PostStore, Searcher]:
            folder: Path = tmp_path_factory.mktemp("archive")
            store = stack.enter_context(new_archive(folder / "archive.db"))
            channel_id = store.resolve_channel(CHANNEL)
            store.save(channel_id, posts, as_of=AS_OF)
            index = open_index(folder / "index", store)
            stack.callback(index.close)
            index.catch_up()
            return store, patient_searcher(store, index)

        yield fill


@pytest.fixture(scope="session")
def archive(filled: Filled) -> tuple[PostStore, Searcher]:
    """Return the archive that most tests read."""
    return filled(list(POSTS))


@pytest.fixture
def world(archive: tuple[PostStore, Searcher], tmp_path: Path) -> Iterator[World]:
    """Return the archive with a new state of the bot."""
    store, searcher = archive
    with new_bot_store(tmp_path / "bot.db") as bot_store:
        yield World(
            store=store,
            searcher=searcher,
            bot_store=bot_store,
            clock=Clock(),
            config=BotConfig(
                token="1:token",
                owners=frozenset({OWNER}),
                zone=UTC,
                search_deadline=timedelta(minutes=2),  # no test is about a machine that is slow
            ),
        )


@pytest.fixture(scope="session")
def two_channels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PostStore, Searcher]]:
    """Return the archive of two channels; of the second only the title is known."""
    folder: Path = tmp_path_factory.mktemp("two-channels")
    with new_archive(folder / "archive.db") as store:
        for channel, posts in ((CHANNEL, POSTS), (OTHER_CHANNEL, OTHER_POSTS)):
            store.save(store.resolve_channel(channel), list(posts), as_of=AS_OF)
        index = open_index(folder / "index", store)
        index.catch_up()
        yield store, patient_searcher(store, index)
        index.close()


@pytest.fixture
def several(world: World, two_channels: tuple[PostStore, Searcher]) -> World:
    """Return a bot over an archive of two channels."""
    store, searcher = two_channels
    return replace(world, store=store, searcher=searcher)


@pytest.fixture
def empty(world: World, tmp_path: Path) -> Iterator[World]:
    """Return a bot over an archive of its own, in which there is nothing yet."""
    home = tmp_path / "home"
    with new_archive(home / "archive.db", busy_seconds=1) as store:
        index = open_index(home / "index", store, engine="tantivy")
        index.catch_up()
        yield replace(world, store=store, searcher=patient_searcher(store, index))
        index.close()


@pytest.fixture
def live(world: World, tmp_path: Path) -> Iterator[World]:
    """Return a bot over an archive of its own, which is empty."""
    with new_archive(tmp_path / "archive.db", busy_seconds=0) as store:
        index = open_index(tmp_path / "index", store)
        index.catch_up()
        yield replace(world, store=store, searcher=patient_searcher(store, index))
        index.close()
