"""How a file is read: in a process of its own, which is started, told, heard and ended in time."""

from __future__ import annotations

import asyncio
import logging
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from datetime import timedelta
from types import TracebackType
from typing import Protocol, Self

from ingest.apart import Answer, Order, read_answer, write_message
from workers.spawning import start_python

_log = logging.getLogger(__name__)

_PATIENCE = timedelta(seconds=20)
"""How long a batch may take that is being saved when the process is to end."""
_WORDS_KEPT = 3000


class ReadingFailed(Exception):
    """The process ended, or said something that is no answer."""


class Reading(Protocol):
    """Something that carries out orders; use it as an asynchronous context manager."""

    async def __aenter__(self) -> Self:
        """Begin."""

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End, after what is being saved is saved."""

    async def tell(self, order: Order) -> None:
        """Give an order; what becomes of it is heard."""

    async def hear(self) -> Answer:
        """Return the next answer.

        Raises:
            ReadingFailed: There is no more to hear.
        """

    def stop(self) -> None:
        """Let it end as soon as what is being saved is saved."""

    def kill(self) -> None:
        """End it at once; what is being saved is undone."""


class ReadingApart:
    """A process for one file; one that a file breaks does the bot no harm."""

    def __init__(self, *, patience: timedelta = _PATIENCE) -> None:
        self._patience = patience.total_seconds()
        self._is_killed = False
        self._process: Process | None = None
        self._words: asyncio.Task[bytes] | None = None

    async def __aenter__(self) -> Self:
        process = await start_python(("-m", "ingest.apart"), stderr=PIPE)
        assert process.stderr
        self._process = process
        self._words = asyncio.create_task(process.stderr.read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        process, words = self._process, self._words
        assert process
        assert words
        self.stop()
        try:
            async with asyncio.timeout(self._patience):
                await process.wait()
        except TimeoutError:
            self.kill()
        if await process.wait() != 0 and not self._is_killed:
            said = (await words).decode(errors="replace")[-_WORDS_KEPT:].strip()
            _log.error("the process of an import ended with %s: %s", process.returncode, said)
        await words

    async def tell(self, order: Order) -> None:
        """Give an order; what becomes of it is heard."""
        process = self._process
        assert process
        assert process.stdin
        with suppress(ConnectionError):  # it has ended, which its silence tells
            process.stdin.write(write_message(order))
            await process.stdin.drain()

    async def hear(self) -> Answer:
        """Return the next answer; raise `ReadingFailed` where there is none."""
        process = self._process
        assert process
        assert process.stdout
        try:
            return read_answer(await process.stdout.readline())
        except ValueError as exc:
            raise ReadingFailed from exc

    def stop(self) -> None:
        """Let it end as soon as what is being saved is saved."""
        assert self._process
        assert self._process.stdin
        self._process.stdin.close()

    def kill(self) -> None:
        """End it at once."""
        assert self._process
        self._is_killed = True
        with suppress(ProcessLookupError):  # it has ended by itself
            self._process.kill()
