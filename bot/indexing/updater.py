"""Background work: indexes new posts and triggers alerts, with a short delay."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from telegram import Bot

from bot.alerts.clock_check import ClockCheck
from bot.alerts.matching import record_matches
from bot.live.gaps import report_gaps
from bot.memory_fallback import WRITE_ERRORS
from bot.services import Services, Workers
from bot.transport.app import App
from bot.transport.backoff import Backoff
from model.errors import IndexBusy, IndexUnavailable
from model.messages import Code
from search import FEW_POSTS
from search.index_messages import CaughtUp, IndexProgress
from workers.worker import WorkerEnded

if TYPE_CHECKING:
    from search import PostIndex

_log = logging.getLogger(__name__)

_PERIOD = timedelta(seconds=2)
_BURST = timedelta(seconds=0.3)
"""How long to wait for more posts that arrive together."""

_FORGET_EVERY = timedelta(hours=1)

_Result = TypeVar("_Result")
Job = Callable[[Bot, Services], Awaitable[None]]


class IndexUpdater:
    """Checks every few seconds, and at once when woken, for work to do.

    `on_found` is called when saved searches matched something. `indexing` is the progress of a
    large indexing run.
    """

    def __init__(
        self,
        services: Services,
        *,
        period: timedelta = _PERIOD,
        on_found: Callable[[], object] = lambda: None,
    ) -> None:
        self.services = services
        self._on_found = on_found
        self._period = period.total_seconds()
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        # Its own thread, so that shutdown can wait for it.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="index")
        self.indexing: IndexProgress | None = None
        self._indexed = self._matched = -1
        self._running = asyncio.Lock()
        self._forget_at = float("-inf")
        self._clock = ClockCheck(services.clock, services.timer)
        self._jobs: Sequence[Job] = (
            self._catch_up,
            self._match_saved_searches,
            report_gaps,
            self._drop_old_sessions,
        )
        self._is_stopping = False

    def wake(self) -> None:
        """Check soon, before the next regular check."""
        self._news.set()

    def has_indexed(self, seq: int) -> bool:
        """Return whether a change of the archive is indexed."""
        return self._indexed >= seq

    def start(self, application: App) -> None:
        """Start checking."""
        application.bot_data[IndexUpdater] = self
        self.wake()  # posts may have arrived while no bot was running
        self._task = asyncio.create_task(self._run(application))

    async def stop(self) -> None:
        """Stop checking, and wait for writes in progress."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        self._is_stopping = True
        self._thread.shutdown(wait=True)

    async def run_once(self, application: App) -> bool:
        """Index all changes, then run each job; return whether everything succeeded.

        Failures are logged; the next check retries.
        """
        succeeded = True
        async with self._running:
            for job in self._jobs:
                try:
                    await job(application.bot, self.services)
                except (*WRITE_ERRORS, IndexUnavailable) as exc:
                    _log.warning("put off until the next look: %s", exc)
                    succeeded = False
                except Exception as exc:  # noqa: BLE001  # log it and carry on
                    await application.process_error(None, exc)
                    succeeded = False
        return succeeded

    async def _run(self, application: App) -> None:
        backoff = Backoff(self._period)
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._period):
                    await self._news.wait()
            await asyncio.sleep(_BURST.total_seconds() + backoff.seconds)
            self._news.clear()
            backoff.note(succeeded=await self.run_once(application))

    async def _catch_up(self, _bot: Bot, services: Services) -> None:
        """Bring the index up to date, if the archive has changed."""
        seq = await self._in_thread(services.store.last_seq)
        if seq == self._indexed:
            return
        await self._index(services.searcher.index)
        self._indexed = seq

    async def _index(self, index: PostIndex) -> None:
        if await self._in_thread(index.behind) <= FEW_POSTS:
            # A thread cannot be stopped while it waits for another program.
            with suppress(IndexBusy):
                await self._in_thread(functools.partial(index.catch_up, waits=False))
                return
        try:
            await catch_up_in_worker(index, self.services.workers, note=self._note)
        finally:
            self.indexing = None

    def _note(self, indexing: IndexProgress) -> None:
        self.indexing = indexing

    async def _drop_old_sessions(self, _bot: Bot, services: Services) -> None:
        # A wrong clock would make all of them look old.
        if self._clock.is_trusted() and services.timer() >= self._forget_at:
            await asyncio.to_thread(services.drop_old_sessions)
            self._forget_at = services.timer() + _FORGET_EVERY.total_seconds()

    async def _in_thread(self, function: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function)

    async def _match_saved_searches(self, _bot: Bot, _services: Services) -> None:
        """Match newly indexed posts against saved searches."""
        upto = self._indexed
        if upto == self._matched:
            return
        note = functools.partial(
            record_matches, self.services, upto=upto, should_continue=lambda: not self._is_stopping
        )
        result = await self._in_thread(note)
        self._matched = result.upto
        if result.is_found:
            self._on_found()


async def catch_up_in_worker(
    index: PostIndex, workers: Workers, *, note: Callable[[IndexProgress], object]
) -> None:
    """Let a worker bring the index up to date; `note` is called with its progress.

    If cancelled, uncommitted work is repeated the next time.

    Raises:
        IndexUnavailable: The index cannot be written, or the worker ended early.
    """
    async with workers.indexing() as worker:
        try:
            await worker.send(index.place)
            while isinstance(answer := await worker.receive(), IndexProgress):
                note(answer)
        except asyncio.CancelledError:
            worker.kill()
            raise
        except WorkerEnded as exc:
            raise IndexUnavailable(Code.INDEXING_ENDED) from exc
    if not isinstance(answer, CaughtUp):
        raise IndexUnavailable.of(answer.message)
    if answer.reason:
        _log.info("the index was rebuilt: %s", answer.reason)
