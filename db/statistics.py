"""Statistics of the archive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, case, func, or_, select

from db.reading import read_channels
from db.schema import (
    links,
    media,
    post_hashtags,
    post_versions,
    posts,
    snippets,
)
from db.storable import storable_text
from db.times import maybe_time
from db.values import ArchiveStats, ChannelCount, LanguageCount, MonthCount, TagCount
from model.posts import PostKind, SnippetOrigin
from model.tags import fold_tag

_LAST_CHARACTER = "\U0010ffff"


def count_tags(
    connection: Connection, *, prefix: str, channel_id: int | None, limit: int, offset: int
) -> Sequence[TagCount]:
    """Return the tags with a prefix, of one channel or all, most used first."""
    tag, number = post_hashtags.c.tag, func.count()
    begins_with = storable_text(fold_tag(prefix))
    counted = (
        select(tag, number.label("number"))
        # Unlike LIKE, a range is case-sensitive, needs no escaping and uses the index.
        .where(tag >= begins_with, tag < begins_with + _LAST_CHARACTER)
        .where(*of_channel(post_hashtags, channel_id))
        .group_by(tag)
        .order_by(number.desc(), tag)
        .limit(limit)
        .offset(offset)
    )
    return tuple(TagCount(tag=row.tag, posts=row.number) for row in connection.execute(counted))


def count_posts(connection: Connection) -> int:
    """Return the number of posts of every kind."""
    return _count(connection, posts)


def has_more_than(connection: Connection, number: int) -> bool:
    """Return whether there are more posts than this; costs as much as to list so many keys."""
    next_one = select(posts.c.post_id).order_by(posts.c.post_id).limit(1).offset(number)
    return connection.execute(next_one).first() is not None


def count_messages(connection: Connection) -> int:
    """Return the number of posts without service messages."""
    return _count(connection, posts, posts.c.kind == PostKind.MESSAGE.value)


def read_statistics(connection: Connection, *, channel_id: int | None = None) -> ArchiveStats:
    """Return the statistics of the archive or a channel, in a fixed number of statements."""
    is_message = posts.c.kind == PostKind.MESSAGE.value
    chosen = of_channel(posts, channel_id)
    totals = connection.execute(
        select(
            func.count(case((is_message, 1))).label("messages"),
            func.count().label("all"),
            func.min(case((is_message, posts.c.posted_at))).label("first_at"),
            func.max(case((is_message, posts.c.posted_at))).label("last_at"),
        ).where(*chosen)
    ).one()

    def count(
        table: Table, *conditions: ColumnElement[bool], what: ColumnElement[Any] | None = None
    ) -> int:
        return _count(connection, table, *conditions, *of_channel(table, channel_id), what=what)

    return ArchiveStats(
        posts=totals.messages,
        service=totals.all - totals.messages,
        with_code=count(snippets, is_code(), what=func.count(snippets.c.post_id.distinct())),
        snippets=count(snippets, is_code()),
        tags=count(post_hashtags, what=func.count(post_hashtags.c.tag.distinct())),
        links=count(links),
        media=count(media),
        reposts=count(posts, posts.c.forwarded_from.is_not(None)),
        missing=count(posts, posts.c.missing_since.is_not(None)),
        versions=count(post_versions),
        first_at=maybe_time(totals.first_at),
        last_at=maybe_time(totals.last_at),
        by_month=_count_months(connection, is_message, *chosen),
        by_language=_count_languages(connection, *of_channel(snippets, channel_id)),
        channels=_count_channels(connection, is_message, channel_id=channel_id),
    )


def of_channel(table: Table, channel_id: int | None) -> Sequence[ColumnElement[bool]]:
    """Return the condition that rows belong to a channel, none for all channels."""
    if channel_id is None:
        return ()
    is_of_channel = posts.c.channel_id == channel_id
    if table is posts:
        return (is_of_channel,)
    return (table.c.post_id.in_(select(posts.c.post_id).where(is_of_channel)),)


def is_code() -> ColumnElement[bool]:
    """Exclude inline words that only look like code, as `Snippet.is_code` does."""
    return or_(snippets.c.origin != SnippetOrigin.INLINE.value, snippets.c.language.is_not(None))


def _count(
    connection: Connection,
    table: Table,
    *conditions: ColumnElement[bool],
    what: ColumnElement[Any] | None = None,
) -> int:
    number = func.count() if what is None else what
    counted = select(number).select_from(table).where(*conditions)
    return int(connection.execute(counted).scalar_one())


def _count_months(
    connection: Connection, *conditions: ColumnElement[bool]
) -> tuple[MonthCount, ...]:
    month = posts.c.month
    rows = connection.execute(
        select(month, func.count().label("number"))
        .where(*conditions)
        .group_by(month)
        .order_by(month)
    )
    return tuple(MonthCount(month=row.month, posts=row.number) for row in rows)


def _count_languages(
    connection: Connection, *conditions: ColumnElement[bool]
) -> tuple[LanguageCount, ...]:
    language, number = snippets.c.language, func.count()
    rows = connection.execute(
        select(language, number.label("number"))
        .where(is_code(), *conditions)
        .group_by(language)
        .order_by(number.desc(), language)
    )
    return tuple(LanguageCount(language=row.language, snippets=row.number) for row in rows)


def _count_channels(
    connection: Connection, is_message: ColumnElement[bool], *, channel_id: int | None
) -> tuple[ChannelCount, ...]:
    rows = connection.execute(
        select(posts.c.channel_id, func.count().label("number"))
        .where(is_message)
        .group_by(posts.c.channel_id)
    )
    numbers = {row.channel_id: row.number for row in rows}
    return tuple(
        ChannelCount(channel_id=key, channel=channel, posts=numbers.get(key, 0))
        for key, channel in read_channels(connection).items()
        if channel_id in (None, key)
    )
