"""The commands about one channel of several: its statistics, tags, latest and random posts."""

from __future__ import annotations

import pytest

from i18n import Catalogue
from tests.bot.channel import CHANNEL, OTHER_NAME, OTHER_POSTS
from tests.bot.conftest import World
from tests.bot.person import Person
from tests.bot.sentences import ENGLISH, RUSSIAN
from tests.standin.world import as_read

_BOTH = pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH], ids=["ru", "en"])
_TO_GARDEN = f"📢 {OTHER_NAME}"


def _caption(person: Person) -> str:
    """Return what stands under the picture that came last."""
    sent = [event.message for event in person.events if event.message]
    return as_read(sent[-1]).body.text


@_BOTH
@pytest.mark.parametrize(
    "named", ["Огород и сад", "огород", "канал:сад", '"Огород и сад — всё, что растёт"']
)
async def test_statistics_of_a_channel(several: World, texts: Catalogue, named: str) -> None:
    """The channel is named by its title or a part of it; its numbers are its own."""
    async with Person(several.build, language_code=texts.code) as person:
        await person.says(f"/stats {named}")

    caption = _caption(person)
    assert texts.count(len(OTHER_POSTS), texts.posts) in caption
    assert "#рассада — 2" in caption
    assert "sql — 1" in caption
    assert CHANNEL.title not in caption


@_BOTH
async def test_statistics_lead_from_channel_to_channel(several: World, texts: Catalogue) -> None:
    """Below the picture of all channels are the channels, and below one's the way to all."""
    async with Person(several.build, language_code=texts.code) as person:
        await person.says("/stats")
        assert [f"📢 {CHANNEL.title}", _TO_GARDEN] == person.labels
        counted = f"{CHANNEL.title} — 19, {OTHER_NAME} — 3"
        assert f"{texts.stats.channels}: {counted}" in _caption(person).splitlines()
        await person.presses(_TO_GARDEN)
        assert texts.count(3, texts.posts) in _caption(person)
        assert person.labels == [f"📢 {CHANNEL.title}", texts.button_all_channels]
        await person.presses(texts.button_all_channels)
        assert texts.count(22, texts.posts) in _caption(person)


@_BOTH
async def test_tags_of_a_channel(several: World, texts: Catalogue) -> None:
    """A channel's tags are a press or a word away, and a tag leads to its posts there."""
    async with Person(several.build, language_code=texts.code) as person:
        await person.says("/tags")
        assert "#pandas 2" in person.labels
        await person.presses(_TO_GARDEN)
        assert person.text.startswith(f"🏷 {texts.tags_title} — 2\n⚙ {OTHER_NAME}\n")
        assert person.labels[:2] == ["#рассада 2", "#очередь 1"]
        await person.says("/tags огород")
        assert person.labels[:2] == ["#рассада 2", "#очередь 1"]
        await person.presses("#очередь 1")
        assert person.text.startswith("🔎 #очередь — ")
        assert texts.count(1, texts.posts) in person.text
        await person.says("/tags очер")

    assert person.labels[0] == "#очередь 14"


async def test_tags_that_are_neither_a_beginning_nor_a_channel(several: World) -> None:
    """A word that no tag and no channel has is said to be no tag."""
    async with Person(several.build) as person:
        await person.says("/tags щщщ")
        assert "#щщщ" in person.text
        await person.says("/tags #огород")

    assert "#огород" in person.text


@_BOTH
async def test_latest_posts_of_a_channel(several: World, texts: Catalogue) -> None:
    """By argument, and by the button that leads to the channels."""
    async with Person(several.build, language_code=texts.code) as person:
        await person.says("/recent @zametki")
        assert texts.count(19, texts.posts) in person.text.splitlines()[0]
        assert f"⚙ {CHANNEL.title}\n" in person.text
        await person.says("/recent")
        assert texts.count(22, texts.posts) in person.text
        await person.presses(texts.filters.groups["CHANNEL"])
        await person.presses(f"{OTHER_NAME} · 3")
        await person.presses(texts.filters.button_posts.format(count=3))

    assert f"⚙ {OTHER_NAME}\n" in person.text
    assert person.text.startswith(f"🆕 {texts.recent_title}")


async def test_random_posts_of_a_channel(several: World) -> None:
    """One after the other is drawn from the channel."""
    async with Person(several.build) as person:
        await person.says("/random огород")
        for _ in range(5):
            assert f"📢 {OTHER_NAME}" in person.text
            await person.presses(RUSSIAN.button_another)


_UNKNOWN = ("неведомый", "Канала «неведомый» в архиве нет.")
_OF_BOTH = ("а", RUSSIAN.which_channel)


@pytest.mark.parametrize(
    ("command", "named", "asked"),
    [
        *((command, *_UNKNOWN) for command in ("stats", "recent", "random")),
        *((command, *_OF_BOTH) for command in ("stats", "tags", "recent", "random")),
    ],
)
async def test_unknown_and_doubtful_names_are_asked_about(
    several: World, command: str, named: str, asked: str
) -> None:
    """A name of no channel, or of both, brings the channels as buttons that go on."""
    async with Person(several.build) as person:
        await person.says(f"/{command} {named}")
        assert asked in person.text
        assert RUSSIAN.which_channel in person.text
        assert person.labels == [f"📢 {CHANNEL.title}", _TO_GARDEN]
        await person.presses(_TO_GARDEN)
        assert person.events


@pytest.mark.parametrize("said", ["/recent заметки", "/stats заметки", "/random заметки"])
async def test_names_are_passed_over_in_an_archive_of_one_channel(world: World, said: str) -> None:
    """There is nothing to choose from, whatever follows the command."""
    async with Person(world.build) as person:
        await person.says(said)

    (sent,) = [event.message for event in person.events if event.message]
    assert RUSSIAN.which_channel not in as_read(sent).body.text
    assert "📢" not in str(sent.json)


async def test_channel_that_is_gone_has_no_posts(several: World) -> None:
    """A button of a channel that no archive holds answers in a sentence."""
    async with Person(several.build) as person:
        for code in ("st", "xc"):
            await person.sends_data_anywhere(f"1|{code}||999")
            assert person.text == RUSSIAN.welcome_empty
