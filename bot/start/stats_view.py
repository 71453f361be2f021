"""Composes the statistics as text, to go with their picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from bot.message.compose import Piece, bold, cut, join
from charts import archive_title
from i18n import Locale
from model.rich_text import RichText
from model.text import shorten

if TYPE_CHECKING:
    from db import ArchiveStats, LanguageCount, TagMonths

CAPTION_LENGTH = 1024
_NAMED = 6
"""How many tags and languages are in the text."""


def stats_caption(
    stats: ArchiveStats, tags: Sequence[TagMonths], channels: Mapping[str, str], locale: Locale
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
        *_listed(texts.stats.years, _years(stats), locale),
        *_listed(
            texts.stats.tags,
            [(f"#{shorten(tag.tag, 40)}", tag.posts) for tag in tags[:_NAMED]],
            locale,
        ),
        *_listed(texts.stats.languages, _languages(stats.by_language[:_NAMED], locale), locale),
        # The last, for there may be too many for a caption.
        *_listed(texts.stats.channels, _channels(stats, channels), locale),
    ]
    return cut(join([line for line in lines if line], by="\n"), 0, CAPTION_LENGTH)


def _title(stats: ArchiveStats, locale: Locale) -> str:
    texts = locale.texts
    return archive_title([count.channel.title for count in stats.channels], texts)


def _listed(name: str, counted: Sequence[tuple[str, int]], locale: Locale) -> Sequence[RichText]:
    if not counted:
        return ()
    words = (f"{label} — {locale.texts.number(number)}" for label, number in counted)
    return (join([bold(f"{name}:"), " ", ", ".join(words)]),)


def _channels(stats: ArchiveStats, names: Mapping[str, str]) -> Sequence[tuple[str, int]]:
    """Return the posts of the channels, the largest first, if they are told apart."""
    counted = [(names.get(str(each.channel_id), ""), each.posts) for each in stats.channels]
    largest = sorted((each for each in counted if each[0]), key=lambda each: -each[1])
    return largest if len(largest) > 1 else ()


def _years(stats: ArchiveStats) -> Sequence[tuple[str, int]]:
    """Return the posts of every year, the latest last."""
    years: Counter[str] = Counter()
    for count in stats.by_month:
        years[count.month[:4]] += count.posts
    return sorted(years.items())


def _languages(counts: Iterable[LanguageCount], locale: Locale) -> Sequence[tuple[str, int]]:
    return [(count.language or locale.texts.stats.unknown, count.snippets) for count in counts]


def _busiest(stats: ArchiveStats, locale: Locale) -> str:
    texts = locale.texts
    best = max(stats.by_month, key=lambda count: (count.posts, count.month))
    return texts.stats.busiest.format(
        month=texts.month(date.fromisoformat(f"{best.month}-01")),
        posts=texts.count(best.posts, texts.posts),
    )
