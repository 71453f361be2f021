"""Orders and answers of the fetch worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from model.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchTask:
    """Fetch a channel, by its name without `@`, into the archive at a path."""

    username: str
    home: str
    archive: str = field(repr=False)  # an address, perhaps with a password


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPart:
    """A batch of pages was imported: how many posts are new, and how many have other words."""

    added: int
    text_changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchEnded:
    """Everything was read, or nobody waits for the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRefused:
    """Why it ended early."""

    message: Message


FetchAnswer = FetchedPart | FetchEnded | FetchRefused
FETCH_ANSWERS: Sequence[type[FetchAnswer]] = (FetchedPart, FetchEnded, FetchRefused)
