"""The worker process's side: reads orders, writes answers.

It ends when its input ends, and so with the program that gives the orders.
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
    """Execute orders at low priority until the input ends.

    Signals to terminate are left to the parent process.

    Args:
        kind: The type of the orders.
        carry_out: Called with each order; its event is set if the input ends meanwhile.
        ends_at_once: Exit the process instead, whatever it is doing.
    """
    if hasattr(os, "nice"):  # pragma: no branch  # Windows has none
        os.nice(_NICENESS)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    # Stray prints must not look like answers.
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
        with suppress(BrokenPipeError):  # nobody reads; the input has ended too
            answers.write(write_line(answer))

    threading.Thread(target=listen, daemon=True).start()
    while (order := orders.get()) is not None:
        carry_out(order, say, ended)


def _read_lines(descriptor: int) -> Iterator[bytes]:
    """Yield lines as they arrive.

    Not through `sys.stdin`: a thread waiting for input holds its lock, and Python would abort if
    another thread ends the program with an error.
    """
    rest = b""
    while block := os.read(descriptor, _BLOCK):
        *lines, rest = (rest + block).split(b"\n")
        yield from lines
