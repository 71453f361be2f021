"""Statistics to be drawn: hours, tags by month, and the most frequent of the rest."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from db import Count, MonthCount, PostStore, TagMonths
from model.posts import Forward, Link, LinkKind, PostKind, Precision, Reaction
from tests.db.making import MORNING, a_channel, a_post, day

_SATURDAY = 5


@pytest.mark.parametrize(
    ("zone", "place"),
    [
        pytest.param(UTC, (_SATURDAY, 8), id="UTC"),
        pytest.param(ZoneInfo("Asia/Kolkata"), (_SATURDAY, 14), id="half an hour off"),
        pytest.param(ZoneInfo("Pacific/Auckland"), (_SATURDAY, 21), id="hours ahead"),
        pytest.param(ZoneInfo("America/Los_Angeles"), (_SATURDAY, 0), id="hours behind"),
        pytest.param(ZoneInfo("Pacific/Honolulu"), (_SATURDAY - 1, 22), id="the day before"),
    ],
)
def test_posts_are_counted_by_weekday_and_hour_of_a_zone(
    store: PostStore, channel_id: int, zone: ZoneInfo, place: tuple[int, int]
) -> None:
    """A post counts where its reader's clock stood; service lines and bare days do not."""
    posts = [
        a_post(1, posted_at=MORNING),
        a_post(2, posted_at=MORNING, kind=PostKind.SERVICE),
        a_post(3, posted_at=MORNING, precision=Precision.DAY),
    ]
    store.save(channel_id, posts, as_of=MORNING)

    hours = store.breakdown(zone=zone).hours

    assert [len(row) for row in hours] == [24] * 7
    assert sum(map(sum, hours)) == 1
    assert hours[place[0]][place[1]] == 1


def test_summer_time_is_that_of_each_day(store: PostStore, channel_id: int) -> None:
    """Noon in Berlin is noon in winter and in summer."""
    noons = (datetime(2024, 1, 1, 11, tzinfo=UTC), datetime(2024, 7, 1, 10, tzinfo=UTC))
    posts = [a_post(number, posted_at=noon) for number, noon in enumerate(noons)]
    store.save(channel_id, posts, as_of=MORNING)

    assert store.breakdown(zone=ZoneInfo("Europe/Berlin")).hours[0][12] == 2


def test_the_most_frequent_come_first(store: PostStore, channel_id: int) -> None:
    """Tags by month, sites, sources and reactions are the most frequent of a channel, or of all."""
    other = store.resolve_channel(a_channel("Другой"))
    site = Link(url="https://a.example/", host="a.example", text="a")
    mail = Link(url="mailto:x@b.example", host="b.example", text="x", kind=LinkKind.MAIL)
    source = Forward(name="Источник")
    store.save(
        channel_id,
        [
            a_post(1, posted_at=day(0), hashtags=("a", "b"), links=(site, site, mail)),
            a_post(2, posted_at=day(60), hashtags=("a",), forward=source),
            a_post(
                3, posted_at=day(60), hashtags=("c",), reactions=(Reaction(emoji="👍", count=3),)
            ),
        ],
        as_of=MORNING,
    )
    liked = (Reaction(emoji="👍", count=1), Reaction(emoji="🔥", count=9))
    store.save(
        other, [a_post(1, posted_at=day(0), hashtags=("a",), reactions=liked)], as_of=MORNING
    )

    everything = store.breakdown(zone=UTC, most=2)
    mine = store.breakdown(zone=UTC, channel_id=channel_id, most=2)

    assert everything.tags == (
        TagMonths(
            tag="a",
            posts=3,
            by_month=(MonthCount(month="2024-03", posts=2), MonthCount(month="2024-05", posts=1)),
        ),
        TagMonths(tag="b", posts=1, by_month=(MonthCount(month="2024-03", posts=1),)),
    )
    assert [month.posts for month in mine.tags[0].by_month] == [1, 1]
    assert everything.hosts == mine.hosts == (Count(name="a.example", number=2),)
    assert everything.sources == (Count(name="Источник", number=1),)
    assert everything.reactions == (Count(name="🔥", number=9), Count(name="👍", number=4))
    assert mine.reactions == (Count(name="👍", number=3),)


def test_of_nothing_nothing_is_counted(store: PostStore) -> None:
    """An empty archive has hours without posts, and no tags."""
    nothing = store.breakdown(zone=UTC)

    assert not any(map(sum, nothing.hours))
    assert (nothing.tags, nothing.hosts, nothing.sources, nothing.reactions) == ((), (), (), ())
