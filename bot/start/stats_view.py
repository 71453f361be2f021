"""Composes the statistics as a chart and as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from bot.message.compose import Piece, bold, cut, join
from bot.start.chart import Bar, Bars, Picture
from i18n import Catalogue, Locale
from model.rich_text import RichText
from model.text import shorten

if TYPE_CHECKING:
    from db import ArchiveStats, LanguageCount, TagCount

CAPTION_LENGTH = 1024
MOST_TAGS = 8
_MOST_LANGUAGES = 8
_NAMED = 6
"""How many tags, languages and years are in the text."""
_TITLES = 3


def stats_picture(stats: ArchiveStats, tags: Sequence[TagCount], locale: Locale) -> Picture:
    """Return the chart's contents: posts by month, top tags, code languages."""
    texts = locale.texts
    counted = {count.month: count.posts for count in stats.by_month}
    months = list(_months(min(counted), max(counted)))
    return Picture(
        title=_title(stats, locale),
        columns=Bars(
            title=texts.stats.by_month,
            bars=[
                Bar(label=_month_label(month, months), value=counted.get(month, 0))
                for month in months
            ],
        ),
        lists=[
            Bars(
                title=texts.stats.top_tags,
                bars=[
                    Bar(label=f"#{tag.tag}", value=tag.posts, shown=texts.number(tag.posts))
                    for tag in tags[:MOST_TAGS]
                ],
            ),
            Bars(
                title=texts.stats.top_languages,
                bars=[
                    Bar(
                        label=language.language or texts.stats.unknown,
                        value=language.snippets,
                        shown=texts.number(language.snippets),
                    )
                    for language in stats.by_language[:_MOST_LANGUAGES]
                ],
            ),
        ],
    )


def stats_caption(
    stats: ArchiveStats, tags: Sequence[TagCount], channels: Mapping[str, str], locale: Locale
) -> RichText:
    """Return the statistics as text, short enough for a caption.

    `channels` are names by key, if there are several.
    """
    texts = locale.texts
    assert stats.first_at
    assert stats.last_at
    first, last = locale.day(stats.first_at), locale.day(stats.last_at)
    facts = [
        texts.count(stats.posts, texts.posts),
        texts.count(stats.with_code, texts.posts_with_code) if stats.with_code else "",
        texts.since.format(first=first, last=last),
    ]
    more = [
        texts.count(number, forms)
        for number, forms in (
            (stats.reposts, texts.stats.reposts),
            (stats.links, texts.stats.links),
            (stats.media, texts.stats.media),
            (stats.missing, texts.stats.missing),
        )
        if number
    ]
    lines: list[Piece] = [
        join(["📊 ", bold(_title(stats, locale))]),
        " · ".join(filter(None, facts)),
        " · ".join(more),
        _busiest(stats, locale),
        *_listed(texts.stats.channels, _channels(stats, channels), locale),
        *_listed(texts.stats.years, _years(stats), locale),
        *_listed(
            texts.stats.tags,
            [(f"#{shorten(tag.tag, 40)}", tag.posts) for tag in tags[:_NAMED]],
            locale,
        ),
        *_listed(texts.stats.languages, _languages(stats.by_language[:_NAMED], locale), locale),
    ]
    return cut(join([line for line in lines if line], by="\n"), 0, CAPTION_LENGTH)


def _title(stats: ArchiveStats, locale: Locale) -> str:
    texts = locale.texts
    return archive_title([count.channel.title for count in stats.channels], texts)


def archive_title(titles: Sequence[str], texts: Catalogue) -> str:
    """Name an archive by its channels; of many, by the first three."""
    names = texts.list_joint.join(texts.quoted(shorten(title, 60)) for title in titles[:_TITLES])
    more = len(titles) - _TITLES
    ending = " " + texts.cards.more_repeats.format(number=more) if more > 0 else ""
    return texts.welcome_title.format(title=names + ending)


def _listed(name: str, counted: Sequence[tuple[str, int]], locale: Locale) -> Sequence[RichText]:
    if not counted:
        return ()
    words = (f"{label} — {locale.texts.number(number)}" for label, number in counted)
    return (join([bold(f"{name}:"), " ", ", ".join(words)]),)


def _channels(stats: ArchiveStats, names: Mapping[str, str]) -> Sequence[tuple[str, int]]:
    """Return the posts of the largest channels, if they are told apart."""
    counted = [(names.get(str(each.channel_id), ""), each.posts) for each in stats.channels]
    largest = sorted((each for each in counted if each[0]), key=lambda each: -each[1])
    return largest[:_NAMED] if len(largest) > 1 else ()


def _years(stats: ArchiveStats) -> Sequence[tuple[str, int]]:
    """Return the posts of recent years, the latest last."""
    years: Counter[str] = Counter()
    for count in stats.by_month:
        years[count.month[:4]] += count.posts
    return sorted(years.items())[-_NAMED:]


def _languages(counts: Iterable[LanguageCount], locale: Locale) -> Sequence[tuple[str, int]]:
    return [(count.language or locale.texts.stats.unknown, count.snippets) for count in counts]


def _busiest(stats: ArchiveStats, locale: Locale) -> str:
    texts = locale.texts
    best = max(stats.by_month, key=lambda count: (count.posts, count.month))
    return texts.stats.busiest.format(
        month=texts.month(date.fromisoformat(f"{best.month}-01")),
        posts=texts.count(best.posts, texts.posts),
    )


def _months(first: str, last: str) -> Iterable[str]:
    """Yield every month from first to last, including empty ones."""
    year, month = map(int, first.split("-"))
    while (name := f"{year:04}-{month:02}") <= last:
        yield name
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _month_label(month: str, months: Sequence[str]) -> str:
    """Return the year in its first month; name months only if there are few."""
    if len(months) <= 12:
        return f"{month[5:]}.{month[:4]}"
    return month[:4] if month == months[0] or month.endswith("-01") else ""
