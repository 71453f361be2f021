"""What the tools answer: small, as an assistant reads all of it, and with every post's address."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, TypeAlias

from pydantic import BaseModel

from i18n.query_notes import say_completeness, say_notes
from letopis.hits import stands_apart
from letopis.languages import terminal_texts
from letopis.records import attachments_of, facts_of
from model.clock import to_stamp
from model.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from db import PostVersion, QueryResult, TagCount
    from model.posts import ArchivedPost
    from search import Answer, Hit

Cell: TypeAlias = str | int | float | None

_TITLE_LENGTH = 100
_CODE_LENGTH = 1_000
_TEXT_LENGTH = 8_000
_EARLIER_SHOWN = 3
_CELL_LENGTH = 2_000
_TABLE_LENGTH = 20_000


class FoundPost(BaseModel, frozen=True):
    """A post in a list; `url` is null if neither name nor id of the channel is known.

    `code` is the snippet that matches best, "" if none does.
    """

    message_id: int
    channel: str
    url: str | None
    posted_at: str
    title: str
    excerpt: str
    code: str
    hashtags: tuple[str, ...]


class FoundPosts(BaseModel, frozen=True):
    """A page of hits; `total` counts those of all pages, `complete` those with every word.

    `notes` say how the query was read.
    """

    total: int
    complete: int
    posts: tuple[FoundPost, ...]
    notes: tuple[str, ...]


class EarlierText(BaseModel, frozen=True):
    """A text that a post had before it was edited, and until when it was seen so."""

    until: str
    text: str


class WholePost(BaseModel, frozen=True):
    """One post with its last earlier texts; `facts` tell its origin, attachments and reactions."""

    message_id: int
    channel: str
    url: str | None
    posted_at: str
    text: str
    hashtags: tuple[str, ...]
    facts: tuple[str, ...]
    earlier: tuple[EarlierText, ...]


class Tag(BaseModel, frozen=True):
    """A hashtag without `#`, and how many posts have it."""

    tag: str
    posts: int


class TagList(BaseModel, frozen=True):
    """The most frequent hashtags."""

    tags: tuple[Tag, ...]


class Rows(BaseModel, frozen=True):
    """Rows of a statement; `more` means that there are others, and `…` ends a cut text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: bool


def answer_of(answer: Answer) -> FoundPosts:
    """Return a page of a search."""
    texts = terminal_texts()
    notes = (
        *say_notes(answer.notes, texts=texts),
        *say_completeness(answer.total, answer.complete, texts=texts),
    )
    return FoundPosts(
        total=answer.total,
        complete=answer.complete,
        posts=tuple(map(_found, answer.hits)),
        notes=notes,
    )


def similar_of(hits: Sequence[Hit]) -> FoundPosts:
    """Return posts that are similar to one."""
    return FoundPosts(total=len(hits), complete=len(hits), posts=tuple(map(_found, hits)), notes=())


def post_of(archived: ArchivedPost, versions: Sequence[PostVersion]) -> WholePost:
    """Return a whole post; only a text longer than Telegram allows is cut."""
    post = archived.post
    return WholePost(
        message_id=post.message_id,
        channel=archived.channel.title,
        url=archived.url,
        posted_at=to_stamp(post.posted_at),
        text=_cut(post.text, _TEXT_LENGTH),
        hashtags=post.hashtags,
        facts=(*facts_of(archived), *attachments_of(post)),
        earlier=tuple(
            EarlierText(
                until=to_stamp(version.as_of), text=_cut(version.content.text, _TEXT_LENGTH)
            )
            for version in versions[-_EARLIER_SHOWN:]
        ),
    )


def tags_of(counts: Iterable[TagCount]) -> TagList:
    """Return hashtags with their counts."""
    return TagList(tags=tuple(Tag(tag=count.tag, posts=count.posts) for count in counts))


def rows_of(table: QueryResult) -> Rows:
    """Return rows, up to a total size that an assistant can read."""
    rows: list[tuple[Cell, ...]] = []
    room = _TABLE_LENGTH
    for values in table.rows:
        row = tuple(map(_cell, values))
        room -= sum(len(str(cell)) for cell in row)
        if rows and room < 0:
            break
        rows.append(row)
    return Rows(
        columns=table.columns, rows=tuple(rows), more=table.more or len(rows) < len(table.rows)
    )


def _found(hit: Hit) -> FoundPost:
    post = hit.archived.post
    matching = (
        snippet.code
        for snippet, marks in zip(hit.snippets, hit.snippet_marks, strict=True)
        if marks and stands_apart(snippet)
    )
    return FoundPost(
        message_id=post.message_id,
        channel=hit.archived.channel.title,
        url=hit.archived.url,
        posted_at=to_stamp(post.posted_at),
        title=shorten(post.title, _TITLE_LENGTH),
        excerpt=hit.excerpt.text,
        code=_cut(next(matching, ""), _CODE_LENGTH),
        hashtags=post.hashtags,
    )


def _cell(value: str | float | bytes | None) -> Cell:
    """Return a value that JSON can hold: bytes as hexadecimal digits, infinite numbers as null."""
    match value:
        case bytes():
            return _cut(value.hex(), _CELL_LENGTH)
        case str():
            return _cut(value, _CELL_LENGTH)
        case float() if not isfinite(value):
            return None
        case _:
            return value


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
