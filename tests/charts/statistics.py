"""Short ways to say what statistics a chart is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from db import (
    ArchiveStats,
    Breakdown,
    ChannelCount,
    Count,
    LanguageCount,
    MonthCount,
    TagMonths,
)
from model.posts import Channel

HOURS = tuple(tuple(int(day == 1 and hour == 9) * 3 for hour in range(24)) for day in range(7))


def some_stats(by_month: Mapping[str, int] | None = None, **fields: Any) -> ArchiveStats:
    """Return the statistics of an archive with so many posts a month."""
    months = by_month or {"2022-11": 7, "2023-02": 12, "2024-01": 3}
    channel = Channel(title="Питоний хвост", username="pytail")
    told: dict[str, Any] = {
        "posts": sum(months.values()),
        "service": 0,
        "with_code": 1,
        "snippets": 9,
        "tags": 2,
        "links": 21,
        "media": 0,
        "reposts": 2,
        "missing": 0,
        "versions": 0,
        "first_at": datetime(2022, 11, 5, tzinfo=UTC),
        "last_at": datetime(2024, 1, 7, tzinfo=UTC),
        "by_month": tuple(
            MonthCount(month=month, posts=number) for month, number in months.items()
        ),
        "by_language": (
            LanguageCount(language="python", snippets=6),
            LanguageCount(language=None, snippets=3),
        ),
        "channels": (ChannelCount(channel_id=1, channel=channel, posts=22),),
    }
    return ArchiveStats(**(told | fields))


def several(*titles: str, username: str | None = None) -> tuple[ChannelCount, ...]:
    """Return channels, each with one post more than the one before."""
    return tuple(
        ChannelCount(channel_id=key, channel=Channel(title=title, username=username), posts=key)
        for key, title in enumerate(titles, 1)
    )


def some_breakdown(**fields: Any) -> Breakdown:
    """Return a breakdown with a little of everything."""
    months = (MonthCount(month="2022-11", posts=1), MonthCount(month="2024-01", posts=4))
    told: dict[str, Any] = {
        "hours": HOURS,
        "tags": (TagMonths(tag="задачи", posts=5, by_month=months),),
        "hosts": (Count(name="arxiv.org", number=4),),
        "sources": (Count(name="Костя", number=2),),
        "reactions": (Count(name="❤", number=1200), Count(name="x", number=0)),
    }
    return Breakdown(**(told | fields))
