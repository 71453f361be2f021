"""How a file is read in this very process: where it is one's own, as in the terminal."""

from __future__ import annotations

import asyncio
import threading
from types import TracebackType
from typing import Self

from bot.imports.reading import ReadingFailed
from ingest.apart import Answer, Order
from ingest.apart.work import carry_out


class ReadingHere:
    """A thread for each order."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._answers: asyncio.Queue[Answer | None] = asyncio.Queue()
        self._stopped = threading.Event()
        self._work: asyncio.Task[None] | None = None
        self._is_killed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        if self._work:
            await self._work

    async def tell(self, order: Order) -> None:
        """Give an order; what becomes of it is heard."""
        if self._work:
            await self._work
        self._work = asyncio.create_task(
            asyncio.to_thread(carry_out, order, say=self._say, stopped=self._stopped)
        )

    async def hear(self) -> Answer:
        """Return the next answer; raise `ReadingFailed` where there is none."""
        answer = await self._answers.get()
        if answer is None or self._is_killed:
            raise ReadingFailed
        return answer

    def stop(self) -> None:
        """Let it end as soon as what is being saved is saved."""
        self._stopped.set()

    def kill(self) -> None:
        """End it at once."""
        self._is_killed = True
        self._answers.put_nowait(None)
        self.stop()

    def _say(self, answer: Answer) -> None:
        self._loop.call_soon_threadsafe(self._answers.put_nowait, answer)
