"""Titles: each says something, whatever a post begins with or holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.posts import Forward, Media, MediaKind, Post
from tests.bot.channel import coded, written
from tests.bot.conftest import Filled, World
from tests.bot.person import Person
from tests.bot.sentences import ENGLISH, RUSSIAN, count

_CODE = [("SELECT 1\nFROM t", "sql")]


def _held(kind: MediaKind, **more: object) -> Post:
    return written(1, "", media=(Media(kind=kind, **more),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("post", "title"),
    [
        (written(1, "#sql #кафка\n\nОчередь без потерь\nДальше"), "Очередь без потерь"),
        (written(1, "https://a.example/b\nЧитать про очередь"), "Читать про очередь"),
        (written(1, "#sql #кафка"), "#sql #кафка"),
        (written(1, "https://a.example/b"), "https://a.example/b"),
        (written(1, "🔥 🔥"), "🔥 🔥"),
        (coded(1, "#sql", _CODE), f"💻 sql, {count(2, RUSSIAN.lines)}"),
        (_held(MediaKind.STICKER, title="😅"), "Стикер 😅"),
        (_held(MediaKind.FILE, title="слайды.pdf"), "Файл слайды.pdf"),
        (_held(MediaKind.VOICE, duration=62), "Голосовое 1:02"),
        (_held(MediaKind.PHOTO), "Фото"),
        (replace(_held(MediaKind.PHOTO), forward=Forward(name="Сосед")), "Фото · Репост: Сосед"),
    ],
    ids=[
        "tags-first",
        "address-first",
        "tags-alone",
        "address-alone",
        "signs",
        "code",
        "sticker",
        "file",
        "voice",
        "photo",
        "repost",
    ],
)
async def test_titles_say_something(world: World, filled: Filled, post: Post, title: str) -> None:
    """A list calls a post by its first line of words, or else by what it holds."""
    store, searcher = filled([post])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("/recent")

    assert person.text.splitlines()[2] == f"1. {title}"


async def test_title_below_code_stands_above_it(world: World, filled: Filled) -> None:
    """A post that begins with code is called by its first words, in English as well."""
    post = coded(1, "", _CODE)
    shifted = replace(post, content=replace(post.content, text=f"{post.text}\n\nПро таблицу"))
    store, searcher = filled([shifted])
    coding = replace(world, store=store, searcher=searcher)
    async with Person(coding.build, language_code="en") as person:
        await person.says("/recent")

    assert person.text.splitlines()[2:4] == [
        "1. Про таблицу",
        f"March 6, 2024 · {ENGLISH.count(1, ENGLISH.snippets)}",
    ]


async def test_title_below_tags_is_not_repeated(world: World, filled: Filled) -> None:
    """What a list shows of a post goes on after its title."""
    store, searcher = filled([written(1, "#кафка\nОчередь без потерь\nДальше про кафку")])
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says("кафка")

    assert person.text.count("Очередь без потерь") == 1
    assert person.text.endswith("Дальше про кафку")
