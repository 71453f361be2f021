"""Blocking work in threads: limited concurrency, with a deadline."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import Any, TypeVar

_log = logging.getLogger(__name__)

_LOST_ALLOWED = 16

T = TypeVar("T")


class Threads:
    """Runs functions, `at_once` of them at a time; past its deadline a call is abandoned.

    Python cannot stop a thread. An abandoned one frees its slot at once and ends on its own; if
    there are too many (a disk that no longer responds), new work is refused. Threads never keep the
    program from exiting.
    """

    def __init__(self, *, at_once: int, deadline: timedelta) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._deadline = deadline.total_seconds()
        self._at_work: set[Future[Any]] = set()
        self._lost_allowed = at_once + _LOST_ALLOWED

    async def run(self, function: Callable[[], T]) -> T:
        """Return a function's result; the deadline counts from now, queueing included.

        Raises:
            TimeoutError: It took longer than the deadline.
        """
        async with asyncio.timeout(self._deadline), self._places:
            if len(self._at_work) >= self._lost_allowed:
                _log.error("%s threads never came back; is the disk in order?", len(self._at_work))
                raise TimeoutError
            return await self._begin(function)

    def _begin(self, function: Callable[[], T]) -> asyncio.Future[T]:
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        self._at_work.add(future)
        future.add_done_callback(self._at_work.discard)
        # Before the thread starts: Python 3.14 accepts a result that is already there, even past
        # the deadline.
        awaited = asyncio.wrap_future(future)

        def work() -> None:
            try:
                result = function()
            except BaseException as exc:  # noqa: BLE001  # raised where it is awaited
                future.set_exception(exc)
            else:
                future.set_result(result)

        threading.Thread(target=work, name="search", daemon=True).start()
        return awaited
