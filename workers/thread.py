"""A worker in a thread of this process, for trusted files, as in the terminal."""

from __future__ import annotations

import asyncio
import threading
from typing import Generic

from workers.worker import Answer, CarryOut, Order, WorkerEnded


class WorkerThread(Generic[Order, Answer]):
    """Runs each order in a thread."""

    def __init__(self, carry_out: CarryOut[Order, Answer]) -> None:
        self._carry_out = carry_out
        self._loop = asyncio.get_running_loop()
        self._answers: asyncio.Queue[Answer | None] = asyncio.Queue()
        self._stopped = threading.Event()
        self._work: asyncio.Task[None] | None = None
        self._is_killed = False

    async def send(self, order: Order) -> None:
        """Start an order; answers come through `receive`."""
        await self._finish()
        self._work = asyncio.create_task(
            asyncio.to_thread(self._carry_out, order, self._say, self._stopped)
        )

    async def receive(self) -> Answer:
        """Return the next answer; raise `WorkerEnded` if there is none."""
        answer = await self._answers.get()
        if answer is None or self._is_killed:
            raise WorkerEnded
        return answer

    def stop(self) -> None:
        """Let it end once the current batch is saved."""
        self._stopped.set()

    def kill(self) -> None:
        """Ignore further answers, and let it end."""
        self._is_killed = True
        self._answers.put_nowait(None)
        self.stop()

    async def aclose(self) -> None:
        """Wait for its end."""
        self.stop()
        await self._finish()

    async def _finish(self) -> None:
        if self._work:
            await self._work

    def _say(self, answer: Answer) -> None:
        self._loop.call_soon_threadsafe(self._answers.put_nowait, answer)
