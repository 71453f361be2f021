"""The bot fetches public channels and tells its owners what came."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.indexing.updater import IndexUpdater
from i18n.fetching import ENGLISH
from i18n.messages import MESSAGES
from ingest.fetch_messages import FetchAnswer, FetchEnded, FetchTask
from letopis.fetch_worker import fetch_channel
from model.messages import Code
from tests.bot.conftest import WORKERS, World
from tests.bot.fetching.noticing import texts_of, until
from tests.bot.person import Person
from tests.bot.sentences import posts
from tests.mirror.public_channel import PublicChannel, mirror_post
from tests.standin.preview_server import PreviewServer, Reply, preview_server
from workers.thread import WorkerThread
from workers.worker import StartWorker, Worker, WorkerEnded

pytestmark = pytest.mark.asyncio


def fetching_from(server: PreviewServer) -> StartWorker[FetchTask, FetchAnswer]:
    """Return what starts a worker that asks this server."""
    return lambda: aclosing(WorkerThread(partial(fetch_channel, base_url=server.url)))


def with_fetching(
    world: World,
    start: StartWorker[FetchTask, FetchAnswer],
    *names: str,
    every: timedelta = timedelta(hours=6),
) -> World:
    """Return a bot that fetches these channels."""
    return replace(
        world,
        workers=replace(WORKERS, fetching=start),
        config=replace(world.config, fetch=names, fetch_every=every),
    )


async def test_what_came_is_told_and_found(empty: World) -> None:
    """Later runs tell of new words, and say nothing where nothing changed."""
    channel = PublicChannel(range(1, 15))
    first = Reply(body=channel.page(None))
    channel.posts[14] = mirror_post(14, "Бокр")
    second = Reply(body=channel.page(None))
    with preview_server(first, first, second) as server:
        every = timedelta(seconds=0.05)
        world = with_fetching(empty, fetching_from(server), "data_notes", every=every)
        async with Person(world.build) as person:
            told = ENGLISH.fetched.format(name="data_notes", added=0, changed=1)
            await until(lambda: any(told in each for each in texts_of(person)))
            await until(lambda: len(server.asked) > 3)
            assert texts_of(person) == [
                ENGLISH.fetched.format(name="data_notes", added=14, changed=0),
                told,
            ]
            updater = person.application.bot_data[IndexUpdater]
            await until(lambda: updater.has_indexed(empty.store.last_seq()))
            await person.says("бокр")
            assert posts(1) in person.text


async def test_a_failure_is_told_once(empty: World) -> None:
    """Until the channel is reached again, or fails otherwise; others are fetched all the same."""
    page = Reply(body=PublicChannel(range(1, 3)).page(None))
    gone = Reply(status=404)
    with preview_server(gone, gone, page, gone) as server:
        every = timedelta(seconds=0.01)
        world = with_fetching(empty, fetching_from(server), "data_notes", every=every)
        async with Person(world.build) as person:
            await until(lambda: len(server.asked) > 5)
            reason = MESSAGES["en"][Code.NO_PREVIEW].format(name="data_notes")
            failed = ENGLISH.failed.format(name="data_notes", reason=reason)
            came = ENGLISH.fetched.format(name="data_notes", added=2, changed=0)
            assert texts_of(person) == [failed, came, failed]


class _Failing:
    """A worker that ends at once, or cannot be started."""

    def __init__(self) -> None:
        self.starts = 0

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Worker[FetchTask, FetchAnswer]]:
        self.starts += 1
        if self.starts == 1:
            raise OSError("no process")
        yield self

    async def send(self, order: FetchTask) -> None:
        """Take an order."""

    async def receive(self) -> FetchAnswer:
        """End."""
        if self.starts == 2:
            raise WorkerEnded
        return FetchEnded()

    def stop(self) -> None:
        """End."""

    def kill(self) -> None:
        """End."""


async def test_a_worker_that_dies_does_not_end_the_loop(empty: World) -> None:
    """The next time it is tried again."""
    failing = _Failing()
    world = with_fetching(empty, failing, "data_notes", every=timedelta(seconds=0.01))
    async with Person(world.build) as person:
        await until(lambda: failing.starts > 3)
        assert texts_of(person) == []
