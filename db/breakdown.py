"""Statistics to be drawn: hours and weekdays, tags by month, and the most frequent of the rest."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, case, func, select

from db.schema import links, post_hashtags, posts, reactions
from db.statistics import count_tags, of_channel
from db.values import Breakdown, Count, MonthCount, TagMonths
from model.posts import LinkKind, PostKind, Precision

_HALF_HOUR = timedelta(minutes=30)
_MESSAGE = posts.c.kind == PostKind.MESSAGE.value


def read_breakdown(
    connection: Connection, *, channel_id: int | None, zone: tzinfo | None, most: int
) -> Breakdown:
    """Return the breakdown of the archive or a channel, in a fixed number of statements."""
    forwarded, web = posts.c.forwarded_from, links.c.kind == LinkKind.WEB.value
    count, total = func.count(), func.sum(reactions.c.count)

    def most_frequent(
        name: Column[Any], number: ColumnElement[Any], *conditions: ColumnElement[bool]
    ) -> tuple[Count, ...]:
        counted = (
            select(name.label("name"), number.label("number"))
            .where(*conditions, *of_channel(name.table, channel_id))
            .group_by(name)
            .order_by(number.desc(), name)
            .limit(most)
        )
        rows = connection.execute(counted)
        return tuple(Count(name=row.name, number=int(row.number)) for row in rows)

    return Breakdown(
        hours=_count_hours(connection, channel_id, zone),
        tags=_count_tag_months(connection, channel_id, most),
        hosts=most_frequent(links.c.host, count, web),
        sources=most_frequent(forwarded, count, forwarded.is_not(None)),
        reactions=most_frequent(reactions.c.emoji, total),
    )


def _count_hours(
    connection: Connection, channel_id: int | None, zone: tzinfo | None
) -> tuple[tuple[int, ...], ...]:
    # The database counts half hours of UTC, at most a few hundred thousand however many posts there
    # are; whole hours would be wrong in zones such as India's.
    is_late = case((func.substr(posts.c.posted_at, 15, 1) >= "3", 1), else_=0)
    counted = (
        select(
            func.substr(posts.c.posted_at, 1, 13).label("hour"),
            is_late.label("is_late"),
            func.count().label("number"),
        )
        .where(_MESSAGE, posts.c.posted_precision == Precision.SECOND.value)
        .where(*of_channel(posts, channel_id))
        .group_by("hour", "is_late")
    )
    hours = [[0] * 24 for _ in range(7)]
    for row in connection.execute(counted):
        begins = datetime.fromisoformat(f"{row.hour}:00Z") + row.is_late * _HALF_HOUR
        local = begins.astimezone(zone)
        hours[local.weekday()][local.hour] += row.number
    return tuple(map(tuple, hours))


def _count_tag_months(
    connection: Connection, channel_id: int | None, most: int
) -> tuple[TagMonths, ...]:
    top = count_tags(connection, prefix="", channel_id=channel_id, limit=most, offset=0)
    tag, month = post_hashtags.c.tag, posts.c.month
    counted = (
        select(tag, month, func.count().label("number"))
        .join_from(post_hashtags, posts)
        .where(tag.in_([each.tag for each in top]), *of_channel(posts, channel_id))
        .group_by(tag, month)
        .order_by(month)
    )
    months: defaultdict[str, list[MonthCount]] = defaultdict(list)
    for row in connection.execute(counted):
        months[row.tag].append(MonthCount(month=row.month, posts=row.number))
    return tuple(
        TagMonths(tag=each.tag, posts=each.posts, by_month=tuple(months[each.tag])) for each in top
    )
