"""Service messages (pinned, title changed): they show no date, only their position implies one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias

from selectolax.lexbor import LexborNode

from ingest.compose import compose_post
from ingest.desktop.markup import read_markup
from ingest.desktop.message import read_reply
from ingest.dom import find_child
from model.posts import BadMessage, Post, PostKind, Precision
from model.rich_text import RichText
from model.text import shorten

_MOST_WORDS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Separator:
    """A date separator, repeated at the top of each page; not a message.

    `noon` is the middle of that day, `None` if the line cannot be parsed.
    """

    day: date | None
    noon: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLine:
    """A service message not yet dated; `about` is the message it pinned."""

    file: str
    message_id: int
    content: RichText
    about: int | None = None

    def at(self, posted_at: datetime) -> Post:
        """Return it as a post of that time."""
        return compose_post(
            message_id=self.message_id,
            posted_at=posted_at,
            kind=PostKind.SERVICE,
            precision=Precision.DAY,
            content=self.content,
            reply_to=self.about,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedPage:
    """The end of a skipped page: its last message was posted at `posted_at`."""

    posted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UndatedPost:
    """A message whose own date cannot be read; the time in `post` means nothing."""

    file: str
    post: Post

    @property
    def message_id(self) -> int:
        """Return the message's number."""
        return self.post.message_id

    def at(self, posted_at: datetime) -> Post:
        """Return it as a post of that day."""
        return replace(self.post, posted_at=posted_at, precision=Precision.DAY)


Entry: TypeAlias = Post | BadMessage | ServiceLine | UndatedPost | Separator | SkippedPage


def read_service(element: LexborNode, message_id: int, *, file: str) -> ServiceLine:
    """Read a service message; in pages that were rewritten it may stand without a body."""
    body = find_child(element, "body") or element
    return ServiceLine(
        file=file, message_id=message_id, content=read_markup(body), about=read_reply(body)
    )


def date_services(entries: Iterable[Entry]) -> Iterator[Post | BadMessage]:
    """Date the service messages of an export, and drop date separators.

    A service message, or one whose date cannot be read, belongs to the day of the preceding
    separator and lies between its neighbours: it takes the time of the previous message of that
    day, else of the next one, else noon.
    """
    separator = Separator(day=None, noon=None)
    entries_of_day: list[Entry] = []
    for entry in entries:
        if not isinstance(entry, Separator):
            entries_of_day.append(entry)
        elif entry.day is None or entry.day != separator.day:
            yield from _date_day(entries_of_day, noon=separator.noon)
            separator, entries_of_day = entry, []
    yield from _date_day(entries_of_day, noon=separator.noon)


def _date_day(entries: Sequence[Entry], *, noon: datetime | None) -> Iterator[Post | BadMessage]:
    timed = (entry.posted_at for entry in entries if isinstance(entry, Post | SkippedPage))
    posted_at = next(timed, noon)
    for entry in entries:
        if isinstance(entry, Post | SkippedPage):
            posted_at = entry.posted_at
        if isinstance(entry, Post | BadMessage):
            yield entry
        elif isinstance(entry, ServiceLine | UndatedPost):
            yield entry.at(posted_at) if posted_at else _undated(entry)


def _undated(entry: ServiceLine | UndatedPost) -> BadMessage:
    words = (entry.post if isinstance(entry, UndatedPost) else entry).content.text
    reason = f"Nothing on the page says when the message was posted.{say_words(words)}"
    return BadMessage(file=entry.file, anchor=f"message{entry.message_id}", reason=reason)


def say_words(text: str) -> str:
    """Return what an unreadable message says, to follow the reason of the problem."""
    words = shorten(text, _MOST_WORDS)
    return f" It says: {words}" if words else ""
