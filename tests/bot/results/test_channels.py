"""An archive of several channels: every list and card says which channel a post is from."""

from __future__ import annotations

import pytest

from bot.results.channels import brief_names
from db import StoredChannel
from i18n import Catalogue
from model.posts import Channel
from tests.bot.channel import CHANNEL, OTHER_NAME
from tests.bot.conftest import World
from tests.bot.person import Person
from tests.bot.results.test_inline import types
from tests.bot.sentences import ENGLISH, RUSSIAN

_LANGUAGES = pytest.mark.parametrize("language", ["ru", "en"])


@_LANGUAGES
async def test_lists_and_cards_name_the_channel(several: World, language: str) -> None:
    """Each post of a list has its channel beside the date, and so has its card."""
    async with Person(several.build, language_code=language) as person:
        await person.says("карусель")
        lines = person.text.splitlines()
        by_title = {line[3:]: lines[number + 1] for number, line in enumerate(lines[:-1])}
        assert f" · {OTHER_NAME}" in by_title["Карусель на площадке рядом с грядками"]
        assert f" · {CHANNEL.title} · #pandas #sql" in by_title["Замеры карусели"]
        await person.says("грядками")
        await person.presses("1")

    assert f"📢 {OTHER_NAME}" in person.text.splitlines()


@pytest.mark.parametrize("said", ["/recent", "/code select", "/random"])
async def test_every_way_to_a_post_names_the_channel(several: World, said: str) -> None:
    """The latest posts, code and a random post say where they are from too."""
    async with Person(several.build) as person:
        await person.says(said)

    assert CHANNEL.title in person.text or OTHER_NAME in person.text


async def test_posts_like_one_name_their_channels(several: World) -> None:
    """A list of similar posts mixes channels, and tells them apart."""
    async with Person(several.build) as person:
        await person.says("замеры")
        await person.presses("1")
        await person.presses(RUSSIAN.cards.button_similar)

    assert CHANNEL.title in person.text or OTHER_NAME in person.text


async def test_inline_results_name_the_channel(several: World) -> None:
    """In another chat, the line in the list and the message that is sent have it."""
    async with Person(several.build) as person:
        found, newest = await types(person, "грядками"), await types(person, "")

    (result,) = found["results"]
    assert f" · {OTHER_NAME}" in result["description"]
    assert f"📢 {OTHER_NAME}" in result["input_message_content"]["message_text"]
    assert all(
        CHANNEL.title in each["description"] or OTHER_NAME in each["description"]
        for each in newest["results"]
    )


async def test_one_channel_is_not_named(world: World) -> None:
    """In an archive of one channel its name would say nothing."""
    async with Person(world.build) as person:
        await person.says("карусель")
        assert CHANNEL.title not in person.text
        await person.presses("1")

    assert CHANNEL.title not in person.text


@pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH], ids=["ru", "en"])
async def test_filters_offer_the_channels(several: World, texts: Catalogue) -> None:
    """A list can be narrowed to one channel, called as it is called in the list."""
    async with Person(several.build, language_code=texts.code) as person:
        await person.says("очередь")
        await person.presses(texts.filters.button)
        await person.presses(texts.filters.groups["CHANNEL"])
        await person.presses(f"{OTHER_NAME} · 1")
        await person.presses(texts.filters.button_posts.format(count=1))

    assert f"⚙ {OTHER_NAME}" in person.text.splitlines()
    assert texts.count(1, texts.posts) in person.text


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["Data Notes | SQL, Python", "Огород"], ["Data Notes", "Огород"]),
        (["Работа: вакансии дня"], ["Работа"]),
        (["R — имя в одну букву"], ["R — имя в одну букву"]),
        (["Очень длинное название одного-единственного канала"], ["Очень длинное название…"]),
        (["Дом | один", "Дом | два"], ["Дом | один (@one)", "Дом | два (2)"]),
        (["На\u202eоборот"], ["Наоборот"]),
    ],
    ids=["subtitle", "colon", "no-name", "long", "alike", "overrides"],
)
def test_names_are_brief_and_distinct(titles: list[str], names: list[str]) -> None:
    """A name is the title without what follows a dash or a bar; equal ones get a handle."""
    usernames = ["one", None]
    channels = [
        StoredChannel(channel_id=key, channel=Channel(title=title, username=usernames[key - 1]))
        for key, title in enumerate(titles, 1)
    ]

    assert list(brief_names(channels).values()) == names
