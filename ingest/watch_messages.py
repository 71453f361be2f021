"""Orders and answers of the worker that watches a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from model.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchTask:
    """Look into a folder every so many seconds, and import into the archive at a path."""

    folder: str
    home: str
    archive: str = field(repr=False)  # an address, perhaps with a password
    every: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """An export was imported: how many posts are new, and how many have other words."""

    name: str
    added: int
    text_changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchWaits:
    """Why an export, or the whole folder, is not imported."""

    name: str
    message: Message


WatchAnswer = Watched | WatchWaits
WATCH_ANSWERS: Sequence[type[WatchAnswer]] = (Watched, WatchWaits)
