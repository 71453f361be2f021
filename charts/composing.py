"""Composes the chart of an archive from its statistics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from charts.contents import Bar, Bars, Chart, Columns, Grid, Row
from charts.lettering import isolate
from i18n import Catalogue, Locale
from model.text import shorten

if TYPE_CHECKING:
    from db import ArchiveStats, Breakdown, ChannelCount, Count

MOST = 8
"""How many tags, languages, hosts, sources and reactions are shown."""
_CHANNELS, _YEARS, _TITLES = 40, 60, 3
_COLUMNS = 240
_STEPS = (1, 3, 6, 12, 60, 120, 1200, 120_000)
"""Lengths of a column, in months; the last is longer than all the time there is."""

Drawable = Callable[[str], bool]


def compose_chart(
    stats: ArchiveStats,
    breakdown: Breakdown,
    locale: Locale,
    *,
    can_draw: Drawable = lambda _: True,
    periods: int = 64,
) -> Chart:
    """Return the chart of an archive with at least one post.

    Args:
        stats: Its numbers.
        breakdown: The rest of them, for the locale's zone.
        locale: The reader's.
        can_draw: Tells whether there is a font for a title; if not, its username is shown.
        periods: How many columns tags over time may take.
    """
    words, number = locale.texts.stats, locale.texts.number

    def bars(title: str, counted: Iterable[tuple[str, int]]) -> Bars:
        listed = [Bar(label=label, value=value, shown=number(value)) for label, value in counted]
        return Bars(title=title, bars=listed)

    languages = [(each.language or words.unknown, each.snippets) for each in stats.by_language]
    sections = (
        _posts_over_time(stats, locale),
        _tags_over_time(stats, breakdown, locale, periods=periods),
        _hours(breakdown, locale),
        bars(words.channels, _channels(stats.channels, locale.texts, can_draw)),
        bars(words.years, _years(stats)),
        bars(words.top_languages, languages[:MOST]),
        bars(words.reactions, _pairs(breakdown.reactions)),
        bars(words.hosts, _pairs(breakdown.hosts)),
        bars(words.sources, _pairs(breakdown.sources)),
    )
    names = [isolate(_name(each, can_draw)) for each in stats.channels]
    return Chart(
        title=archive_title(names, locale.texts),
        facts=_facts(stats, locale),
        sections=[
            each for each in sections if (each.rows if isinstance(each, Grid) else each.bars)
        ],
    )


def archive_title(titles: Sequence[str], texts: Catalogue) -> str:
    """Name an archive by its channels; of many, by the first three."""
    names = texts.list_joint.join(texts.quoted(shorten(title, 60)) for title in titles[:_TITLES])
    more = len(titles) - _TITLES
    ending = " " + texts.cards.more_repeats.format(number=more) if more > 0 else ""
    return texts.welcome_title.format(title=names + ending)


def _name(count: ChannelCount, can_draw: Drawable) -> str:
    channel = count.channel
    return channel.handle if channel.handle and not can_draw(channel.title) else channel.title


def _facts(stats: ArchiveStats, locale: Locale) -> str:
    texts = locale.texts
    assert stats.first_at
    assert stats.last_at
    first, last = locale.day(stats.first_at), locale.day(stats.last_at)
    counted = [
        (stats.posts, texts.posts),
        (stats.with_code, texts.posts_with_code),
        (stats.reposts, texts.stats.reposts),
        (stats.links, texts.stats.links),
        (stats.media, texts.stats.media),
    ]
    facts = [texts.count(value, forms) for value, forms in counted if value]
    return " · ".join([*facts, texts.since.format(first=first, last=last)])


def _posts_over_time(stats: ArchiveStats, locale: Locale) -> Columns:
    span = _Span.of(stats, _COLUMNS)
    values = span.sums({each.month: each.posts for each in stats.by_month})
    return Columns(
        title=locale.texts.stats.by_month,
        bars=[
            Bar(label=label, value=value) for label, value in zip(span.labels, values, strict=True)
        ],
    )


def _tags_over_time(
    stats: ArchiveStats, breakdown: Breakdown, locale: Locale, *, periods: int
) -> Grid:
    span, texts = _Span.of(stats, periods), locale.texts
    return Grid(
        title=texts.stats.top_tags,
        labels=span.labels,
        rows=[
            Row(
                label=f"#{each.tag}",
                values=span.sums({month.month: month.posts for month in each.by_month}),
                shown=texts.number(each.posts),
            )
            for each in breakdown.tags
        ],
        is_wide=True,
    )


def _hours(breakdown: Breakdown, locale: Locale) -> Grid:
    texts = locale.texts
    is_known = any(map(any, breakdown.hours))
    zone = str(locale.zone or datetime.now().astimezone().tzname())
    return Grid(
        title=texts.stats.hours.format(zone=zone),
        labels=[f"{hour}" if hour % 6 == 0 else "" for hour in range(24)],
        rows=[
            Row(
                label=texts.weekday(date(2024, 1, 1 + day)),  # a Monday
                values=values,
                shown=texts.number(sum(values)),
            )
            for day, values in enumerate(breakdown.hours if is_known else ())
        ],
        is_wide=False,
    )


def _channels(
    counts: Sequence[ChannelCount], texts: Catalogue, can_draw: Drawable
) -> Sequence[tuple[str, int]]:
    """Return the posts of each channel if there are several, the largest first."""
    ordered = sorted(counts, key=lambda each: -each.posts) if len(counts) > 1 else []
    shown = [(_name(each, can_draw), each.posts) for each in ordered[:_CHANNELS]]
    if rest := ordered[_CHANNELS:]:
        name = texts.cards.more_repeats.format(number=len(rest))
        shown.append((name, sum(each.posts for each in rest)))
    return shown


def _years(stats: ArchiveStats) -> Sequence[tuple[str, int]]:
    """Return the posts of each year if there are several; very many begin with one bar."""
    counted: Counter[str] = Counter()
    for month in stats.by_month:
        counted[month.month[:4]] += month.posts
    years = sorted(counted.items())
    if early := years[:-_YEARS]:
        total = sum(number for _, number in early)
        return [(f"{early[0][0]} — {early[-1][0]}", total), *years[-_YEARS:]]
    return years if len(years) > 1 else ()


def _pairs(counts: Iterable[Count]) -> Iterable[tuple[str, int]]:
    return ((each.name, each.number) for each in counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """The months of an archive in columns of so many each, numbered from the year 0."""

    first: int
    columns: int
    step: int

    @classmethod
    def of(cls, stats: ArchiveStats, most: int) -> _Span:
        """Return an archive's span in the shortest steps that take at most so many columns."""
        months = [_month_number(each.month) for each in stats.by_month]
        first, last = min(months), max(months)
        step = next(step for step in _STEPS if last // step - first // step < most)
        return cls(first=first - first % step, columns=last // step - first // step + 1, step=step)

    @property
    def labels(self) -> Sequence[str]:
        """Return the year where it begins; if there are few months, each of them."""
        numbers = range(self.first, self.first + self.columns * self.step, self.step)
        if self.step == 1 and self.columns <= 12:
            return [f"{number % 12 + 1:02}.{number // 12}" for number in numbers]
        return [
            f"{number // 12}" if number % 12 == 0 or number == self.first else ""
            for number in numbers
        ]

    def sums(self, by_month: Mapping[str, int]) -> Sequence[int]:
        """Return the sum of every step."""
        sums = [0] * self.columns
        for month, value in by_month.items():
            sums[(_month_number(month) - self.first) // self.step] += value
        return sums


def _month_number(month: str) -> int:
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number) - 1
