"""A worker can be a thread of this process."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from threading import Event

import pytest

from workers.thread import WorkerThread

pytestmark = pytest.mark.asyncio


async def test_orders_are_carried_out_one_after_the_other() -> None:
    """Each is answered, and the next one begins after it."""
    async with aclosing(WorkerThread(_count)) as worker:
        await worker.send(2)
        await worker.send(1)
        assert [await worker.receive() for _ in range(3)] == ["0", "1", "0"]


async def test_worker_that_is_not_needed_ends() -> None:
    """What was given no order has nothing to finish."""
    async with aclosing(WorkerThread(_count)) as worker:
        worker.stop()


def _count(upto: int, say: Callable[[str], None], _stopped: Event) -> None:
    for number in range(upto):
        say(str(number))
