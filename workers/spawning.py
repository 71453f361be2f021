"""Begins processes that are spoken to by lines: they know the program, and none of its secrets."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence

_LONGEST_LINE = 2**20


async def start_python(arguments: Sequence[str], *, stderr: int | None = None) -> Process:
    """Start a Python that is spoken to by lines; `stderr` is ours if not a pipe of its own."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # what lies where the program was started is not to be run
        *arguments,
        stdin=PIPE,
        stdout=PIPE,
        stderr=stderr,
        env=_environment(),
        limit=_LONGEST_LINE,
        start_new_session=True,  # the terminal's Ctrl-C is for whoever begins it
    )


def _environment() -> Mapping[str, str]:
    """Return what the process may know: where the program lies, and none of its secrets."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LETOPIS_")}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
