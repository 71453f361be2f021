"""Blocking work runs concurrently, and work that hangs does not affect the rest."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.transport.threads import Threads

NEVER = timedelta(seconds=60)
NOW = timedelta(milliseconds=1)


async def test_result_is_returned_and_a_failure_raised() -> None:
    """What a function returns or raises arrives where it is awaited."""
    threads = Threads(at_once=1, deadline=NEVER)

    assert await threads.run(lambda: "done") == "done"
    with pytest.raises(ZeroDivisionError):
        await threads.run(lambda: 1 / 0)


async def test_no_more_run_than_allowed() -> None:
    """Of many functions only so many run at the same time."""
    threads = Threads(at_once=2, deadline=NEVER)
    running: list[int] = [0]
    most: list[int] = []

    def work() -> None:
        running[0] += 1
        most.append(running[0])
        time.sleep(0.002)
        running[0] -= 1

    await asyncio.gather(*(threads.run(work) for _ in range(10)))

    assert len(most) == 10
    assert max(most) <= 2


async def test_work_that_hangs_is_given_up() -> None:
    """After its deadline it no longer keeps a place, and the next function runs."""
    threads = Threads(at_once=1, deadline=timedelta(milliseconds=50))
    release = threading.Event()

    with pytest.raises(TimeoutError):
        await threads.run(release.wait)
    async with asyncio.timeout(60):
        while True:
            with suppress(TimeoutError):  # the thread may begin late, too
                assert await threads.run(lambda: "done") == "done"
                break
    release.set()


async def test_work_started_past_its_deadline_is_abandoned() -> None:
    """Work that starts past its deadline is abandoned, however fast it is."""
    threads = Threads(at_once=1, deadline=timedelta(0))
    with pytest.raises(TimeoutError):
        await threads.run(lambda: 1)


async def test_hanging_work_does_not_pile_up_threads(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """If everything hangs, no more threads are started."""
    threads = Threads(at_once=2, deadline=NOW)
    release = threading.Event()
    before = threading.active_count()

    for _ in range(30):
        with pytest.raises(TimeoutError):
            await threads.run(release.wait)
    begun = threading.active_count() - before
    release.set()

    assert begun <= 18
    assert "threads never came back" in caplog.text
