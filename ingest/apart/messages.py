"""What an import's process is told and what it answers, a line of JSON each.

Nothing else passes between the two: a process that a file has broken can say something wrong, and
do no more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Task(StrEnum):
    """What is to be done with a file."""

    SURVEY = "survey"
    PREVIEW = "preview"
    IMPORT = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A task: the file, the archive, by which name to remember the file, the channel meant.

    `copies` is the folder where copies of what is attached are to be kept, if they are. `after` is
    the archive's latest import before the first attempt at this one, where there was an attempt:
    what those that followed under its name have saved is counted with it.
    """

    task: Task
    path: str
    archive: str
    name: str
    channel: str | None = None
    copies: str | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a file holds, before it is read; `size` are the bytes of its `files`."""

    format: str
    title: str
    username: str | None
    telegram_id: int | None
    files: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
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
    """A task cannot be done; `reason` is the value of a `Reason`, or empty."""

    reason: str
    sentence: str


Answer = Survey | Waits | Progress | Done | Stopped | Refused
_ANSWERS: Mapping[str, type[Answer]] = {
    kind.__name__: kind for kind in (Survey, Waits, Progress, Done, Stopped, Refused)
}


def write_message(message: Order | Answer) -> bytes:
    """Write an order or an answer as a line."""
    written = {"kind": type(message).__name__, **asdict(message)}
    return json.dumps(written).encode() + b"\n"


def read_order(line: bytes) -> Order:
    """Read an order."""
    values = _read(line)
    return Order(**values | {"task": Task(values["task"])})


def read_answer(line: bytes) -> Answer:
    """Read an answer.

    Raises:
        ValueError: It is none.
    """
    try:
        kind = _ANSWERS[json.loads(line)["kind"]]
        values = _read(line)
        if kind is Done:
            values["problems"] = tuple(Problem(**each) for each in values["problems"])
            values["differences"] = tuple(Difference(**each) for each in values["differences"])
        return kind(**values)
    except (KeyError, TypeError) as exc:
        raise ValueError("it is no answer of an import") from exc


def _read(line: bytes) -> dict[str, Any]:
    return {name: value for name, value in json.loads(line).items() if name != "kind"}
