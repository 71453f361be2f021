"""The interface of workers: they execute orders in sequence and report on each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from threading import Event
from typing import Protocol, TypeAlias, TypeVar

Order = TypeVar("Order")
Answer = TypeVar("Answer")
_Order_contra = TypeVar("_Order_contra", contravariant=True)
_Answer_co = TypeVar("_Answer_co", covariant=True)

CarryOut: TypeAlias = Callable[[Order, Callable[[Answer], None], Event], None]
"""Executes an order and reports on it, until the event says that nobody is waiting."""


class WorkerEnded(Exception):
    """The worker has ended, or sent something that is not an answer."""


class Worker(Protocol[_Order_contra, _Answer_co]):
    """Something that executes orders."""

    async def send(self, order: _Order_contra) -> None:
        """Send an order; answers come through `receive`."""

    async def receive(self) -> _Answer_co:
        """Return the next answer.

        Raises:
            WorkerEnded: There are no more answers.
        """

    def stop(self) -> None:
        """Let it end once the current batch is saved."""

    def kill(self) -> None:
        """End it at once; unsaved work is lost."""


StartWorker: TypeAlias = Callable[[], AbstractAsyncContextManager[Worker[Order, Answer]]]
"""Starts a worker that ends with the context, after saving the current batch."""
