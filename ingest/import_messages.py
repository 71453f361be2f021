"""What the worker of an import is told and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from model.messages import Code, Message


class TaskKind(StrEnum):
    """What is to be done with a file."""

    INSPECT = "inspect"
    PREVIEW = "preview"
    IMPORT = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTask:
    """A task: the file, the archive, by which name to remember the file, the channel meant.

    `copies` is the folder where copies of what is attached are to be kept, if they are. `after` is
    the archive's latest import before the first attempt at this one, where there was an attempt:
    what those that followed under its name have saved is counted with it.
    """

    task: TaskKind
    path: str
    archive: str
    name: str
    channel: str | None = None
    copies: str | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """What a file holds, before it is read; `size` are the bytes of its `files`."""

    format: str
    title: str
    username: str | None
    telegram_id: int | None
    files: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLocked:
    """Another program is importing into the archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far it is; `total` is an estimate, and what was saved is counted by an import alone."""

    read: int
    total: int | None
    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A record that could not be read."""

    file: str
    anchor: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs in the words of a post, in one short line."""

    message_id: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of a preview or an import: a report without what a message has no room for.

    `problems` are the first of `problem_count`, and `differences` of `text_changed`, the posts
    among the changed ones whose words differ. Dates are stamps of UTC.
    """

    format: str
    title: str
    username: str | None
    telegram_id: int | None
    is_new_channel: bool
    added: int
    changed: int
    unchanged: int
    missing: int
    text_changed: int
    differences: tuple[Difference, ...]
    problem_count: int
    problems: tuple[Problem, ...]
    first_at: str | None
    last_at: str | None
    files_read: int
    files_skipped: int
    assumed_zone: str | None
    newer_known: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """An import was given up between two batches; so much was saved."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A task cannot be done: the kind of refusal, and what to say of it."""

    reason: Code
    message: Message


TOO_DEMANDING = Refused(reason=Code.TOO_DEMANDING, message=Message(Code.TOO_DEMANDING))
"""The refusal of a file that takes more memory or time than an import may have."""


Answer = SourceInfo | ArchiveLocked | Progress | Done | Stopped | Refused
ANSWERS: Sequence[type[Answer]] = (SourceInfo, ArchiveLocked, Progress, Done, Stopped, Refused)
