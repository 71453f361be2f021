"""Catches the index up with many posts, in a process of its own: no search waits for it."""

from __future__ import annotations

import asyncio
import logging
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from model.errors import IndexUnavailable
from search.apart import Answer, CaughtUp, Indexed, command_line, read_answer
from workers.spawning import start_python

if TYPE_CHECKING:
    from search import PostIndex

_log = logging.getLogger(__name__)


async def catch_up_apart(index: PostIndex, *, note: Callable[[Indexed], object]) -> None:
    """Let a process bring the index up to date; `note` is told how far it is.

    The process ends with its work, and where this is cancelled: what it did not commit then is
    done the next time.

    Raises:
        IndexUnavailable: The index cannot be written, or the process ended before its work.
    """
    process = await start_python(command_line(index.place))
    try:
        while isinstance(answer := await _hear(process), Indexed):
            note(answer)
    except (asyncio.CancelledError, IndexUnavailable):
        with suppress(ProcessLookupError):  # it has ended by itself
            process.kill()
        raise
    finally:
        await process.wait()
    if not isinstance(answer, CaughtUp):
        raise IndexUnavailable(answer.sentence)
    if answer.said:
        _log.info("%s", answer.said)


async def _hear(process: Process) -> Answer:
    assert process.stdout
    try:
        return read_answer(await process.stdout.readline())
    except ValueError as exc:
        raise IndexUnavailable("The process that indexes ended before its work.") from exc
