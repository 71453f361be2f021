"""Converts posts to rows and back without loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from json import loads
from json.encoder import encode_basestring as _quoted
from typing import Any

from sqlalchemy import Row, Table

from db import schema
from db.times import maybe_text, maybe_time, read_time, time_text
from model.posts import (
    Forward,
    LanguageSource,
    Link,
    LinkKind,
    Media,
    MediaKind,
    Poll,
    PollAnswer,
    Post,
    PostKind,
    Precision,
    Reaction,
    Snippet,
    SnippetOrigin,
)
from model.rich_text import RichText, Span, SpanKind

Values = dict[str, Any]
Written = tuple[Any, ...]
SqlRow = Row[*tuple[Any, ...]]
MAX_INT = 2**63 - 1


# In the order of the table, like all rows we write.
POST_COLUMNS = (
    "message_id",
    "kind",
    "posted_at",
    "posted_precision",
    "edited_at",
    "author",
    "via_bot",
    "text",
    "entities",
    "reply_to",
    "forwarded_from",
    "forwarded_username",
    "forwarded_message_id",
    "forwarded_at",
    "album_id",
    "views",
    "reaction_count",
)


def post_values(post: Post) -> Written:
    """Return the values of `POST_COLUMNS` for what a source says."""
    forward = post.forward
    return (
        post.message_id,
        post.kind.value,
        time_text(post.posted_at),
        post.precision.value,
        maybe_text(post.edited_at),
        post.author,
        post.via_bot,
        post.content.text,
        entities_json(post.content.spans),
        post.reply_to,
        forward and forward.name,
        forward and forward.username,
        forward and forward.message_id,
        forward and maybe_text(forward.posted_at),
        post.album_id,
        post.views,
        _reaction_count(post.reactions),
    )


def _reaction_count(reactions: tuple[Reaction, ...] | None) -> int | None:
    if reactions is None:
        return None
    return max(-MAX_INT, min(MAX_INT, sum(each.count for each in reactions)))


def entities_json(spans: Sequence[Span]) -> str:
    """Return the spans as the JSON documented on `posts.entities`.

    Written by hand: posts have several spans, and encoding each list with `json` would cost more
    than hashing the whole post.
    """
    return f"[{','.join(map(_entity_json, spans))}]"


def _entity_json(span: Span) -> str:
    value = f',"value":{_quoted(span.value)}' if span.value else ""
    return f'{{"kind":"{span.kind}","start":{span.start},"end":{span.end}{value}}}'


def read_content(text: str, entities: str) -> RichText:
    """Return the rich text in a row of `posts` or `post_versions`."""
    if entities == "[]":
        return RichText(text)
    spans = [
        Span(
            kind=SpanKind(each["kind"]),
            start=each["start"],
            end=each["end"],
            value=each.get("value", ""),
        )
        for each in loads(entities)
    ]
    return RichText(text, tuple(spans))


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPart:
    """One table of post parts: the field it is read from, and how to build that field.

    Rows hold every column except the table's own key, in table order.
    """

    table: Table
    field: str
    rows: Callable[[int, Post], list[Written]]


def _hashtag_rows(post_id: int, post: Post) -> list[Written]:
    return [(post_id, tag, position) for position, tag in enumerate(dict.fromkeys(post.hashtags))]


def _snippet_rows(post_id: int, post: Post) -> list[Written]:
    return [
        (
            post_id,
            position,
            each.origin.value,
            each.language,
            each.language_source.value,
            each.code,
            each.lines,
            each.start,
            each.end,
        )
        for position, each in enumerate(post.snippets)
    ]


def _link_rows(post_id: int, post: Post) -> list[Written]:
    return [
        (post_id, position, each.kind.value, each.url, each.host, each.text)
        for position, each in enumerate(post.links)
    ]


def _media_rows(post_id: int, post: Post) -> list[Written]:
    return [
        (
            post_id,
            position,
            each.kind.value,
            each.path,
            each.title,
            each.size,
            each.duration,
            each.width,
            each.height,
            each.note,
            each.copy,
        )
        for position, each in enumerate(post.media)
    ]


def _reaction_rows(post_id: int, post: Post) -> list[Written]:
    return [
        (post_id, position, each.emoji, each.count)
        for position, each in enumerate(post.reactions or ())
    ]


def _poll_rows(post_id: int, post: Post) -> list[Written]:
    poll = post.poll
    return [(post_id, poll.question, poll.details, poll.total_voters)] if poll else []


def _answer_rows(post_id: int, post: Post) -> list[Written]:
    return [
        (post_id, position, answer.text, answer.voters)
        for position, answer in enumerate(post.poll.answers if post.poll else ())
    ]


# In the order in which rows must be written: poll answers reference their poll.
PARTS = (
    PostPart(table=schema.post_hashtags, field="hashtags", rows=_hashtag_rows),
    PostPart(table=schema.snippets, field="snippets", rows=_snippet_rows),
    PostPart(table=schema.links, field="links", rows=_link_rows),
    PostPart(table=schema.media, field="media", rows=_media_rows),
    PostPart(table=schema.reactions, field="reactions", rows=_reaction_rows),
    PostPart(table=schema.polls, field="poll", rows=_poll_rows),
    PostPart(table=schema.poll_answers, field="poll", rows=_answer_rows),
)
PartRows = Mapping[str, Mapping[int, Sequence[Values]]]


def read_post(row: Any, parts: PartRows) -> Post:
    """Return a post from its row and its parts: rows by table name, then by post id."""

    def of(table: str) -> Sequence[Values]:
        return parts[table].get(row.post_id, ())

    return Post(
        message_id=row.message_id,
        posted_at=read_time(row.posted_at),
        kind=PostKind(row.kind),
        precision=Precision(row.posted_precision),
        content=read_content(row.text, row.entities),
        author=row.author,
        via_bot=row.via_bot,
        edited_at=maybe_time(row.edited_at),
        reply_to=row.reply_to,
        forward=_read_forward(row),
        media=tuple(map(_read_media, of("media"))),
        poll=next(_read_polls(of("polls"), of("poll_answers")), None),
        reactions=_read_reactions(row, of("reactions")),
        views=row.views,
        album_id=row.album_id,
        hashtags=tuple(each["tag"] for each in of("post_hashtags")),
        snippets=tuple(map(_read_snippet, of("snippets"))),
        links=tuple(map(_read_link, of("links"))),
    )


def _read_forward(row: SqlRow) -> Forward | None:
    if row.forwarded_from is None:
        return None
    return Forward(
        name=row.forwarded_from,
        posted_at=maybe_time(row.forwarded_at),
        username=row.forwarded_username,
        message_id=row.forwarded_message_id,
    )


def _read_media(row: Values) -> Media:
    return Media(
        kind=MediaKind(row["kind"]),
        path=row["path"],
        title=row["title"],
        size=row["size"],
        duration=row["duration"],
        width=row["width"],
        height=row["height"],
        note=row["note"],
        copy=row["copy"],
    )


def _read_polls(polls: Sequence[Values], answers: Sequence[Values]) -> Iterator[Poll]:
    for row in polls:
        yield Poll(
            question=row["question"],
            answers=tuple(PollAnswer(text=each["text"], voters=each["voters"]) for each in answers),
            details=row["details"],
            total_voters=row["total_voters"],
        )


def _read_reactions(row: SqlRow, reactions: Sequence[Values]) -> tuple[Reaction, ...] | None:
    if row.reaction_count is None:
        return None
    return tuple(Reaction(emoji=each["emoji"], count=each["count"]) for each in reactions)


def _read_snippet(row: Values) -> Snippet:
    return Snippet(
        origin=SnippetOrigin(row["origin"]),
        code=row["code"],
        start=row["start_offset"],
        end=row["end_offset"],
        language=row["language"],
        language_source=LanguageSource(row["language_source"]),
    )


def _read_link(row: Values) -> Link:
    return Link(url=row["url"], host=row["host"], text=row["text"], kind=LinkKind(row["kind"]))
