"""What the worker answers that brings an index up to date; it is told an `IndexPlace`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexProgress:
    """How many posts have been taken in, of how many that are expected."""

    done: int
    expected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtUp:
    """All are taken in; `reason` says why the index was built anew, where it was, else is empty."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFailed:
    """The index cannot be written; `message` says why."""

    message: Message


IndexAnswer = IndexProgress | CaughtUp | IndexFailed
INDEX_ANSWERS: Sequence[type[IndexAnswer]] = (IndexProgress, CaughtUp, IndexFailed)
