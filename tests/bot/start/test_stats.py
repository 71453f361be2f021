"""The archive in numbers: a picture, and the same as text under it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.start.stats_view import stats_caption
from db import ArchiveStats, ChannelCount, LanguageCount, MonthCount, TagMonths
from i18n import ENGLISH, Locale
from model.posts import Channel
from tests.bot.channel import written
from tests.bot.conftest import Filled, World
from tests.bot.person import Person
from tests.bot.sentences import RUSSIAN, count, posts

_READER = Locale(texts=RUSSIAN, zone=UTC)
_STATS = ArchiveStats(
    posts=12_480,
    service=3,
    with_code=1,
    snippets=9,
    tags=2,
    links=21,
    media=0,
    reposts=2,
    missing=1,
    versions=0,
    first_at=datetime(2022, 11, 5, tzinfo=UTC),
    last_at=datetime(2024, 1, 7, tzinfo=UTC),
    by_month=(
        MonthCount(month="2022-11", posts=7),
        MonthCount(month="2023-02", posts=12_000),
        MonthCount(month="2024-01", posts=473),
    ),
    by_language=(
        LanguageCount(language="python", snippets=6),
        LanguageCount(language=None, snippets=3),
    ),
    channels=(ChannelCount(channel_id=1, channel=Channel(title="Питоний хвост"), posts=12_480),),
)
_TAGS = (
    TagMonths(tag="задачи", posts=40, by_month=()),
    TagMonths(tag="sql", posts=2, by_month=()),
)


def test_caption_says_the_numbers_in_words() -> None:
    """What the picture shows stands below it, as the language writes it."""
    assert stats_caption(_STATS, _TAGS, {}, _READER).text == (
        f"📊 {RUSSIAN.welcome_title.format(title='«Питоний хвост»')}\n"
        f"{posts(12480)} · {count(1, RUSSIAN.posts_with_code)} · 5 ноября 2022 — 7 января 2024\n"
        f"{count(2, RUSSIAN.stats.reposts)} · {count(21, RUSSIAN.stats.links)} · "
        f"{count(1, RUSSIAN.stats.missing)}\n"
        f"{RUSSIAN.stats.busiest.format(month='февраль 2023', posts=posts(12000))}\n"
        f"{RUSSIAN.stats.years}: 2022 — 7, 2023 — 12\u00a0000, 2024 — 473\n"
        f"{RUSSIAN.stats.tags}: #задачи — 40, #sql — 2\n"
        f"{RUSSIAN.stats.languages}: python — 6, {RUSSIAN.stats.unknown} — 3"
    )
    english = stats_caption(_STATS, _TAGS, {}, Locale(texts=ENGLISH, zone=UTC)).text
    assert "12,480 posts · 1 with code · November 5, 2022 — January 7, 2024" in english
    assert "The busiest month: February 2023, 12,000 posts" in english


def test_caption_of_an_archive_of_words_alone() -> None:
    """What there is none of is not told."""
    plain = replace(
        _STATS, with_code=0, links=0, reposts=0, missing=0, by_language=(), by_month=_STATS.by_month
    )

    text = stats_caption(plain, (), {}, _READER).text

    assert RUSSIAN.stats.tags not in text
    assert RUSSIAN.stats.languages not in text
    assert "0" not in text.replace("12\u00a0480", "").replace("000", "").replace("202", "")


def test_caption_fits_under_a_picture() -> None:
    """However long the names, a caption is at most 1024 characters."""
    channels = tuple(
        replace(_STATS.channels[0], channel=Channel(title="Очень длинное название " * 20))
        for _ in range(9)
    )
    tags = (TagMonths(tag="очень_длинный_тег" * 20, posts=1, by_month=()),) * 9
    languages = tuple(LanguageCount(language="язык" * 60, snippets=1) for _ in range(9))

    caption = stats_caption(
        replace(_STATS, channels=channels, by_language=languages), tags, {}, _READER
    )

    assert len(caption.text) <= 1024


def test_caption_names_every_year_and_channel() -> None:
    """All the years are there in order, and all the channels, the largest first."""
    months = tuple(MonthCount(month=f"{year}-05", posts=year) for year in range(2012, 2027))
    channels = tuple(replace(_STATS.channels[0], channel_id=key, posts=key) for key in range(1, 9))
    names = {f"{key}": f"канал {key}" for key in range(1, 9)}

    text = stats_caption(
        replace(_STATS, by_month=months, channels=channels), _TAGS, names, _READER
    ).text

    assert all(f"{year} — 2\u00a0{year - 2000:03}" in text for year in range(2012, 2027))
    assert text.endswith(", ".join(f"канал {key} — {key}" for key in range(8, 0, -1)))


@pytest.mark.asyncio
async def test_stats_are_a_picture_with_a_text(world: World) -> None:
    """`/stats` sends one picture, and under it the numbers."""
    async with Person(world.build) as person:
        await person.says("/stats")

    (sent,) = person.files
    assert sent.text.startswith(
        f"📊 {RUSSIAN.welcome_title.format(title='«Заметки»')}\n"
        f"{posts(19)} · {count(2, RUSSIAN.posts_with_code)} · 6 марта 2024 — 24 марта 2024\n"
    )
    assert f"{RUSSIAN.stats.tags}: #очередь — 13, #pandas — 2, #sql — 1" in sent.text


@pytest.mark.asyncio
async def test_stats_of_small_archives(world: World, filled: Filled) -> None:
    """An archive of one post has a chart too; an empty one says what to do."""
    store, searcher = filled([written(1, "Одна заметка")])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("/stats")
        assert person.files
    store, searcher = filled([])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("/stats")

    assert RUSSIAN.welcome_empty in person.text
