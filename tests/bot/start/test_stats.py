"""The archive in numbers: a picture, and the same as text under it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PIL import Image

from bot.start.chart import Bar, Bars, Picture, draw
from bot.start.stats_view import archive_title, stats_caption, stats_picture
from db import ArchiveStats, ChannelCount, LanguageCount, MonthCount, TagCount
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
_TAGS = (TagCount(tag="задачи", posts=40), TagCount(tag="sql", posts=2))


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
    tags = tuple(TagCount(tag="очень_длинный_тег" * 20, posts=number) for number in range(9))
    languages = tuple(LanguageCount(language="язык" * 60, snippets=1) for _ in range(9))

    caption = stats_caption(
        replace(_STATS, channels=channels, by_language=languages), tags, {}, _READER
    )

    assert len(caption.text) <= 1024


def test_picture_has_every_month() -> None:
    """Months without a post are columns too; the years stand where they begin."""
    picture = stats_picture(_STATS, _TAGS, _READER)

    columns = picture.columns.bars
    assert [bar.value for bar in columns] == [7, 0, 0, 12_000, *[0] * 10, 473]
    assert [bar.label for bar in columns if bar.label] == ["2022", "2023", "2024"]
    few = replace(_STATS, by_month=_STATS.by_month[:2])
    labels = [bar.label for bar in stats_picture(few, _TAGS, _READER).columns.bars]
    assert labels == ["11.2022", "12.2022", "01.2023", "02.2023"]
    assert [bar.shown for bar in picture.lists[0].bars] == ["40", "2"]
    assert [bar.label for bar in picture.lists[1].bars] == ["python", RUSSIAN.stats.unknown]


def test_cyrillic_is_drawn_from_the_font_beside_the_code() -> None:
    """Letters differ from one another, which empty boxes would not; signs without a letter go."""

    def drawn(label: str) -> bytes:
        bars = Bars(title="", bars=[Bar(label=label, value=1)])
        return draw(Picture(title="", columns=Bars(title="", bars=[]), lists=[bars]))

    assert len({drawn(label) for label in ("Ж", "Ю", "ё", "x")}) == 4
    assert drawn("Ж😀") == drawn("Ж")
    assert drawn("😀") == drawn("…")


@pytest.mark.parametrize("highest", [0, 1, 7, 99, 12_000, 3_000_000])
def test_picture_is_one_that_telegram_takes(highest: int) -> None:
    """A picture is a small PNG, whatever the numbers and however long the names."""
    bars = [
        Bar(label="Длинное имя " * 9, value=number * highest // 8, shown=str(number))
        for number in range(9)
    ]
    months = Bars(title="Месяцы", bars=bars * 40)
    one = Bars(title="Заголовок " * 20, bars=bars[:8])

    content = draw(Picture(title="Архив " * 40, columns=months, lists=[one, one]))

    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "PNG"
        assert image.size == (1280, 970)
        assert image.getcolors(100_000)
    assert len(content) < 300_000


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


def test_archive_of_many_channels_is_called_by_the_first() -> None:
    """Three channels are named, and how many more there are."""
    titles = [f"Канал {number}" for number in range(1, 6)]

    assert archive_title(titles[:2], RUSSIAN) == "Архив «Канал 1», «Канал 2»"
    assert archive_title(titles, RUSSIAN).endswith("«Канал 3» и ещё 2")
    assert archive_title(titles, ENGLISH).endswith("“Канал 3” and 2 more")
