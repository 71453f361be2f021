"""Many posts are indexed by a separate process, which the bot controls."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from filelock import FileLock

from bot.indexing.updater import catch_up_in_worker
from ingest import run_import
from model.errors import IndexUnavailable
from search.batches import POSTS
from search.index_messages import IndexProgress
from tests.bot.conftest import World
from tests.bot.exports import result_of

pytestmark = pytest.mark.asyncio


def children() -> Sequence[int]:
    """Return the processes that index and have not ended."""
    return [
        int(number)
        for path in Path("/proc/self/task").glob("*/children")
        for number in path.read_text().split()
        if b"letopis.index_worker" in _command_line(number)
    ]


def _command_line(number: str) -> bytes:
    with suppress(OSError):  # it has ended meanwhile
        return Path(f"/proc/{number}/cmdline").read_bytes()
    return b""


@asynccontextmanager
async def indexing_that_waits(world: World) -> AsyncIterator[asyncio.Task[None]]:
    """Begin to index while another program holds the index."""
    with FileLock(world.store.path.with_name("index") / "write.lock"):
        task = asyncio.create_task(
            catch_up_in_worker(world.searcher.index, world.workers, note=print)
        )
        await _begun()
        yield task


async def _begun() -> None:
    async with asyncio.timeout(60):
        while True:
            if children():
                return
            await asyncio.sleep(0.01)


@pytest.fixture
def unindexed(empty: World, tmp_path: Path) -> World:
    """Return a bot over posts that are not indexed yet."""
    run_import(empty.store, result_of(tmp_path, *range(1, 501)))
    return empty


async def test_process_tells_how_far_it_is(unindexed: World) -> None:
    """What it did is heard on the way, and found here at the end."""
    heard: list[IndexProgress] = []
    await catch_up_in_worker(unindexed.searcher.index, unindexed.workers, note=heard.append)
    assert heard == [IndexProgress(done=done, expected=500) for done in range(POSTS, 501, POSTS)]
    assert unindexed.searcher.search("бокр").total == 500
    assert children() == []


@pytest.mark.slow
async def test_process_ends_with_the_bot(unindexed: World) -> None:
    """Cancelled, it is ended at once, even where it waits for another program."""
    async with indexing_that_waits(unindexed) as task:
        task.cancel()
        async with asyncio.timeout(60):
            with pytest.raises(asyncio.CancelledError):
                await task
        assert children() == []
    assert unindexed.searcher.index.behind() == 500


@pytest.mark.slow
async def test_process_that_is_killed_is_an_error(unindexed: World) -> None:
    """Its end amid the work is told as what it is, and the next one does the work."""
    async with indexing_that_waits(unindexed) as task:
        os.kill(children()[0], signal.SIGKILL)
        with pytest.raises(IndexUnavailable, match="indexing_ended"):
            await task
    await catch_up_in_worker(unindexed.searcher.index, unindexed.workers, note=print)
    assert unindexed.searcher.index.behind() == 0


@pytest.mark.slow
async def test_what_the_process_cannot_do_is_told(unindexed: World) -> None:
    """Its reason is ours."""
    (unindexed.store.path.with_name("index") / "write.lock").unlink()
    (unindexed.store.path.with_name("index") / "write.lock").mkdir()
    with pytest.raises(IndexUnavailable, match="index_unwritable"):
        await catch_up_in_worker(unindexed.searcher.index, unindexed.workers, note=print)


@pytest.mark.slow
async def test_index_built_anew_is_logged(
    unindexed: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Why it was built anew is in the bot's log."""
    unindexed.searcher.index.close()
    for path in (tmp_path / "home" / "index").glob("*/stamp.json"):
        path.unlink()
    with caplog.at_level(logging.INFO, logger="bot"):
        await catch_up_in_worker(unindexed.searcher.index, unindexed.workers, note=print)
    assert "the index was rebuilt: missing" in caplog.messages
