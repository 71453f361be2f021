"""A forwarded post opens its own card, with what is like it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.config import Access
from i18n import Catalogue
from model.posts import Channel
from tests.bot.channel import OTHER_CHANNEL, written
from tests.bot.conftest import Filled, World
from tests.bot.imports.uploading import texts as said_texts
from tests.bot.person import Person
from tests.bot.sentences import ENGLISH, RUSSIAN

_BOTH = pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH], ids=["ru", "en"])


def origin(channel: Channel, message_id: int, *, at: float = 1_700_000_000) -> dict[str, Any]:
    """Return where Telegram says that a forwarded post is from."""
    chat = {"id": -100_0000_000_777, "type": "channel", "title": channel.title}
    if channel.username:
        chat["username"] = channel.username
    return {"type": "channel", "chat": chat, "message_id": message_id, "date": int(at)}


def _from(world: World, message_id: int) -> dict[str, Any]:
    (channel,) = world.store.channels()
    return origin(channel.channel, message_id)


@_BOTH
async def test_forwarded_post_opens_its_card_and_what_is_like_it(
    world: World, texts: Catalogue
) -> None:
    """The post is known by its channel and number; similar posts follow, with a way back."""
    async with Person(world.build, language_code=texts.code) as person:
        await person.says("Что угодно", forward_origin=_from(world, 7))
        card, similar = said_texts(person)
        assert card.startswith("Заметка 7 про очередь #очередь\n")
        assert similar.startswith(f"≈ {texts.cards.similar_title} Заметка 7 про очередь")
        await person.presses(texts.button_back)

    assert person.text.startswith("Заметка 7 про очередь #очередь\n")


async def test_post_without_similar_ones_is_its_card_alone(world: World) -> None:
    """Nothing is said of similar posts where there are none."""
    async with Person(world.build) as person:
        await person.says("Что угодно", forward_origin=_from(world, 18))

    assert len(said_texts(person)) == 1
    assert "Какая база лучше?" in person.text


@pytest.mark.parametrize(
    ("seconds", "found"), [(0, True), (3600, False)], ids=["same-time", "other-time"]
)
async def test_channel_known_by_its_title_is_told_by_the_time(
    several: World, seconds: int, *, found: bool
) -> None:
    """A title is not a channel's: the time of posting must agree too."""
    post = written(3, "")
    moved = origin(OTHER_CHANNEL, 3, at=post.posted_at.timestamp() + seconds)
    async with Person(several.build) as person:
        await person.says("Совсем другие слова", forward_origin=moved)

    assert said_texts(person)[0].startswith("Карусель на площадке") is found


@pytest.mark.parametrize(
    "text",
    [
        "Один и тот же анонс курса, который повторяется слово в слово",
        'Короткое "слово"',
    ],
    ids=["long", "short"],
)
async def test_post_of_unknown_origin_is_known_by_its_text(
    world: World, filled: Filled, text: str
) -> None:
    """Where the origin says nothing, the same words do, whatever their case and spaces."""
    store, searcher = filled([written(1, text), written(2, f"{text} и ещё что-то")])
    hidden = {"type": "hidden_user", "sender_user_name": "Вера", "date": 1_700_000_000}
    async with Person(replace(world, store=store, searcher=searcher).build) as person:
        await person.says(text.upper().replace(" ", "  "), forward_origin=hidden)

    assert said_texts(person)[0].startswith(f"{text}\n6 марта 2024")


async def test_post_that_is_not_archived_is_searched_by_its_words(world: World) -> None:
    """A post from elsewhere is a search; without words there is nothing to search for."""
    elsewhere = origin(Channel(title="Другой", username="drugoy"), 1)
    async with Person(world.build) as person:
        await person.says("Телескоп", forward_origin=elsewhere)
        assert person.text.startswith("🔎 Телескоп — ")
        await person.says("", forward_origin=elsewhere, photo=_photo())

    assert person.text == RUSSIAN.cards.not_archived


async def test_forwarded_album_has_one_card(world: World) -> None:
    """Its posts arrive one by one; a later album, and a post of none, are answered again."""
    async with Person(world.build) as person:
        album = {"media_group_id": "9", "photo": _photo()}
        await person.says("", forward_origin=_from(world, 17), **album)
        assert RUSSIAN.media["photo"] in person.text
        await person.says("", forward_origin=_from(world, 17), **album)
        assert person.events == []
        await person.says("", forward_origin=_from(world, 7))

    assert said_texts(person)[0].startswith("Заметка 7")


@pytest.mark.parametrize("user_id", [1, 2], ids=["owner", "stranger"])
async def test_document_with_a_caption_is_searched_by_it(world: World, user_id: int) -> None:
    """The words under a file that is no export count; those under an export do not."""
    allowed = replace(world, config=replace(world.config, access=Access.PUBLIC))
    pdf = {"file_id": "1", "file_unique_id": "1", "file_name": "Slides.PDF"}
    async with Person(allowed.build, user_id=user_id) as person:
        await person.says("", document=pdf, caption="телескоп")
        assert person.text.startswith("🔎 телескоп — ")
        await person.says("", document=pdf, forward_origin=_from(world, 7))
        assert "Заметка 7" in said_texts(person)[0]
        await person.says("", document=pdf)
        assert not person.text.startswith("🔎")
        await person.says("", document=pdf | {"file_name": "a.zip"}, caption="телескоп")

    assert not person.text.startswith("🔎 телескоп")


def _photo() -> list[dict[str, Any]]:
    return [{"file_id": "p", "file_unique_id": "p", "width": 90, "height": 90}]
