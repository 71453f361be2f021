"""Messages of the indexing worker, whose order is an `IndexPlace`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexProgress:
    """Progress: posts indexed, and the number expected."""

    done: int
    expected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtUp:
    """Done; `reason` says why the index was rebuilt, empty if it was not."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFailed:
    """The index cannot be written; `message` says why."""

    message: Message


IndexAnswer = IndexProgress | CaughtUp | IndexFailed
INDEX_ANSWERS: Sequence[type[IndexAnswer]] = (IndexProgress, CaughtUp, IndexFailed)
