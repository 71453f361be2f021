"""The process of an import: orders come in by lines, answers go out; the end of orders is its end.

It outlives nobody: where the program that asked is gone, its orders have ended too.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Iterator

from ingest.apart.messages import Answer, Order, read_order, write_message
from ingest.apart.work import carry_out
from workers.serving import begin_answering

_MEMORY = 2 * 1024**3
_PROCESSOR_SECONDS = 30 * 60
_BLOCK = 1 << 16


class _Orders:
    """Orders as they arrive; `ended` is set once there will be no more, even amid one of them."""

    def __init__(self, descriptor: int) -> None:
        self.ended = threading.Event()
        self._descriptor = descriptor
        self._read: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def next(self) -> Order | None:
        return self._read.get()

    def _listen(self) -> None:
        try:
            for line in _read_lines(self._descriptor):
                self._read.put(read_order(line))
        finally:
            self.ended.set()
            self._read.put(None)


def main() -> None:
    """Carry out orders until there are no more."""
    _limit()
    # Where the orders end amid one, the batch at hand is finished first.
    write = begin_answering()

    def say(answer: Answer) -> None:
        write(write_message(answer))

    orders = _Orders(sys.stdin.fileno())
    while (order := orders.next()) is not None:
        carry_out(order, say=say, stopped=orders.ended)


def _read_lines(descriptor: int) -> Iterator[bytes]:
    """Yield lines as they arrive.

    Not through `sys.stdin`, whose lock a thread that waits for input keeps: where another one ends
    the program by an error, Python would abort.
    """
    rest = b""
    while block := os.read(descriptor, _BLOCK):
        *lines, rest = (rest + block).split(b"\n")
        yield from lines


def _limit() -> None:
    """Take what memory and time an import may need and no more."""
    try:
        import resource  # noqa: PLC0415  # Windows has none
    except ImportError:  # pragma: no cover  # Windows
        return
    limits = {resource.RLIMIT_AS: _MEMORY, resource.RLIMIT_CPU: _PROCESSOR_SECONDS}
    for kind, limit in limits.items():
        try:
            resource.setrlimit(kind, (limit, resource.getrlimit(kind)[1]))
        except (ValueError, OSError):  # pragma: no cover  # macOS, or a stricter limit stands
            continue
