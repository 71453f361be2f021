"""Orders and answers of the import worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from model.messages import Code, Message


class TaskKind(StrEnum):
    """What to do with a file."""

    INSPECT = "inspect"
    PREVIEW = "preview"
    IMPORT = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTask:
    """A task: the file, the archive, the name to record for the file, the channel meant.

    `is_confirmed` means that a person named the channel for this file. `copies` is the folder for
    copies of attached files, if they are wanted. `after` is the archive's latest import before the
    first attempt at this one, if there was an attempt: what later imports under the same name have
    saved is counted with it.
    """

    task: TaskKind
    path: str
    home: str
    archive: str = field(repr=False)  # an address, perhaps with a password
    name: str
    channel: str | None = None
    is_confirmed: bool = False
    copies: str | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """The contents of a file before it is read; `size` is the total of its `files` in bytes."""

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
    """The progress; `total` is an estimate, and only imports count what was saved."""

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
    """A change of a post's words, in one short line."""

    message_id: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The outcome of a preview or an import: a report, shortened to fit a message.

    `problems` are the first of `problem_count`, and `differences` the first of `text_changed`, the
    changed posts whose words differ. Dates are UTC timestamps.
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
    """An import was cancelled between two batches, with these counts saved."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A task was refused: the kind of refusal, and its message."""

    reason: Code
    message: Message


TOO_DEMANDING = Refused(reason=Code.TOO_DEMANDING, message=Message(Code.TOO_DEMANDING))
"""The refusal of a file that exceeds an import's limits on memory or time."""


ImportAnswer = SourceInfo | ArchiveLocked | Progress | Done | Stopped | Refused
IMPORT_ANSWERS: Sequence[type[ImportAnswer]] = (
    SourceInfo,
    ArchiveLocked,
    Progress,
    Done,
    Stopped,
    Refused,
)
