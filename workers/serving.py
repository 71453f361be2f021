"""The other end: a process that is spoken to by lines, and takes the processor last."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

_NICENESS = 10


def begin_answering() -> Callable[[bytes], None]:
    """Give way to other processes, and leave the output to answers: return what writes a line.

    A signal to end is for who began this process, and ends it with its input.
    """
    if hasattr(os, "nice"):  # pragma: no branch  # Windows has none
        os.nice(_NICENESS)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    # What prints by mistake must not look like an answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def say(line: bytes) -> None:
        with suppress(BrokenPipeError):  # nobody listens; the input has ended, too
            answers.write(line)

    return say
