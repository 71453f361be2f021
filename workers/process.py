"""A worker in a separate process, which has the program's code but none of its secrets."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Generic

from workers.lines import read_line, write_line
from workers.worker import Answer, WorkerEnded

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_log = logging.getLogger(__name__)

_LONGEST_LINE = 2**20
_GRACE = timedelta(seconds=20)
"""How long the batch being saved may take when the process has to end."""
_STDERR_KEPT = 3000


@asynccontextmanager
async def worker_process(
    module: str, answers: Iterable[type[Answer]], *, grace: timedelta = _GRACE
) -> AsyncIterator[WorkerProcess[Answer]]:
    """Start a module that calls `serve`, and end it with the context.

    Args:
        module: The module's name.
        answers: The types of its answers.
        grace: How long it may take to end before it is killed.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # do not import from the current directory
        "-m",
        module,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env=_environment(),
        limit=_LONGEST_LINE,
        start_new_session=True,  # the terminal's Ctrl-C is for the parent
    )
    assert process.stderr
    said = asyncio.create_task(process.stderr.read())
    worker = WorkerProcess(process, answers)
    try:
        yield worker
    finally:
        await worker.end(grace)
        words = (await said).decode(errors="replace")[-_STDERR_KEPT:].strip()
        if words or (process.returncode and not worker.is_killed):
            log = _log.error if process.returncode else _log.warning
            log("%s ended with %s: %s", module, process.returncode, words)


class WorkerProcess(Generic[Answer]):
    """A process that executes orders; a file that crashes it does not harm the program."""

    def __init__(self, process: Process, answers: Iterable[type[Answer]]) -> None:
        assert process.stdin
        assert process.stdout
        self._process = process
        self._orders = process.stdin
        self._lines = process.stdout
        self._answers = tuple(answers)
        self.is_killed = False

    async def send(self, order: DataclassInstance) -> None:
        """Send an order; answers come through `receive`."""
        with suppress(ConnectionError):  # it has ended, which `receive` reports
            self._orders.write(write_line(order))
            await self._orders.drain()

    async def receive(self) -> Answer:
        """Return the next answer; raise `WorkerEnded` if there is none."""
        try:
            return read_line(await self._lines.readline(), self._answers)
        except ValueError as exc:
            raise WorkerEnded from exc

    def stop(self) -> None:
        """Let it end once the current batch is saved."""
        self._orders.close()

    def kill(self) -> None:
        """End it at once."""
        self.is_killed = True
        with suppress(ProcessLookupError):  # it ended by itself
            self._process.kill()

    async def end(self, grace: timedelta) -> None:
        """Let it end, and kill it after the grace period."""
        self.stop()
        try:
            async with asyncio.timeout(grace.total_seconds()):
                await self._process.wait()
        except TimeoutError:
            self.kill()
            await self._process.wait()


def _environment() -> Mapping[str, str]:
    """Return the process's environment: the import path, but no secrets."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LETOPIS_")}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
