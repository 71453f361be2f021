"""A worker carries out orders, one after the other, and says what becomes of each."""

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
"""Carries out an order and says how it goes, until the event tells that nobody waits for it."""


class WorkerEnded(Exception):
    """The worker has ended, or said something that is no answer."""


class Worker(Protocol[_Order_contra, _Answer_co]):
    """What carries out orders."""

    async def tell(self, order: _Order_contra) -> None:
        """Give an order; what becomes of it is heard."""

    async def hear(self) -> _Answer_co:
        """Return the next answer.

        Raises:
            WorkerEnded: There is no more to hear.
        """

    def stop(self) -> None:
        """Let it end as soon as what is being saved is saved."""

    def kill(self) -> None:
        """End it at once; what is being saved is undone."""


StartWorker: TypeAlias = Callable[[], AbstractAsyncContextManager[Worker[Order, Answer]]]
"""Starts a worker, which ends with the context, after what is being saved is saved."""
