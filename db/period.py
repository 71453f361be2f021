"""Statistics of a period: posts, tags, and the posts people liked best."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from db.reading import get_posts
from db.schema import post_hashtags, posts, reactions, snippets
from db.statistics import is_code
from db.times import time_text
from db.values import LikedPost, PeriodStats, TagCount
from model.posts import ArchivedPost, PostKind


def read_period(
    connection: Connection, first: datetime, last: datetime, *, tags: int, best: int
) -> PeriodStats:
    """Return the statistics of the posts from `first` (inclusive) to `last` (exclusive).

    `tags` and `best` limit how many of each are listed; the latest are limited like the best.
    """
    chosen = _chosen(first, last)
    counted = select(func.count()).select_from(posts).where(chosen)
    coded = (
        select(func.count(snippets.c.post_id.distinct()))
        .join(posts, posts.c.post_id == snippets.c.post_id)
        .where(chosen, is_code())
    )
    liked = _best(connection, chosen, limit=best)
    number = func.count()
    tagged = (
        select(post_hashtags.c.tag, number.label("number"))
        .join(posts, posts.c.post_id == post_hashtags.c.post_id)
        .where(chosen)
        .group_by(post_hashtags.c.tag)
        .order_by(number.desc(), post_hashtags.c.tag)
        .limit(tags)
    )
    return PeriodStats(
        posts=connection.execute(counted).scalar_one(),
        with_code=connection.execute(coded).scalar_one(),
        tags=tuple(TagCount(tag=row.tag, posts=row.number) for row in connection.execute(tagged)),
        best=liked,
        latest=_latest(connection, chosen, {each.archived.post_id for each in liked}, limit=best),
    )


def _best(
    connection: Connection, chosen: ColumnElement[bool], *, limit: int
) -> tuple[LikedPost, ...]:
    total = func.sum(reactions.c.count)
    liked = (
        select(posts.c.post_id, total.label("total"))
        .join(reactions, reactions.c.post_id == posts.c.post_id)
        .where(chosen)
        .group_by(posts.c.post_id)
        .order_by(total.desc(), posts.c.post_id.desc())
        .limit(limit)
    )
    totals = {row.post_id: int(row.total) for row in connection.execute(liked)}
    return tuple(
        LikedPost(archived=archived, reactions=totals[archived.post_id])
        for archived in get_posts(connection, list(totals))
    )


def _latest(
    connection: Connection, chosen: ColumnElement[bool], besides: Collection[int], *, limit: int
) -> tuple[ArchivedPost, ...]:
    columns = posts.c
    others = select(columns.post_id).where(chosen, columns.post_id.not_in(besides))
    last = others.order_by(columns.posted_at.desc(), columns.post_id.desc()).limit(limit)
    return tuple(get_posts(connection, connection.execute(last).scalars().all()))


def _chosen(first: datetime, last: datetime) -> ColumnElement[bool]:
    columns = posts.c
    within = (columns.posted_at >= time_text(first)) & (columns.posted_at < time_text(last))
    return within & (columns.kind == PostKind.MESSAGE.value)
