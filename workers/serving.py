"""The worker's end of a process: orders come in by lines, answers go out.

It ends with its orders, and so with the program that gives them.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from workers.lines import read_line, write_line
from workers.worker import CarryOut, Order

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Answer = TypeVar("_Answer", bound="DataclassInstance")

_NICENESS = 10
_BLOCK = 1 << 16


def serve(
    kind: type[Order], carry_out: CarryOut[Order, _Answer], *, ends_at_once: bool = False
) -> None:
    """Carry out orders until there are no more, at a low priority.

    A signal to end is for the program that gives the orders.

    Args:
        kind: The kind of the orders.
        carry_out: Called with each of them; its event is set where the orders end amid one.
        ends_at_once: End the process there instead, whatever is being done.
    """
    if hasattr(os, "nice"):  # pragma: no branch  # Windows has none
        os.nice(_NICENESS)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    # What prints by mistake must not look like an answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
    ended = threading.Event()

    def listen() -> None:
        try:
            for line in _read_lines(sys.stdin.fileno()):
                orders.put(read_line(line, (kind,)))
        finally:
            if ends_at_once:
                os._exit(0)
            ended.set()
            orders.put(None)

    def say(answer: _Answer) -> None:
        with suppress(BrokenPipeError):  # nobody listens; the orders have ended, too
            answers.write(write_line(answer))

    threading.Thread(target=listen, daemon=True).start()
    while (order := orders.get()) is not None:
        carry_out(order, say, ended)


def _read_lines(descriptor: int) -> Iterator[bytes]:
    """Yield lines as they arrive.

    Not through `sys.stdin`, whose lock a thread that waits for input keeps: where another one ends
    the program by an error, Python would abort.
    """
    rest = b""
    while block := os.read(descriptor, _BLOCK):
        *lines, rest = (rest + block).split(b"\n")
        yield from lines
