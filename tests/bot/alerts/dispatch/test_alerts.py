"""Each match of a saved search is sent once, with a link; many matches share a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from model.posts import Media, MediaKind
from tests.bot.alerts.following import Teller, follow, post
from tests.bot.channel import AS_OF, CHANNEL, written
from tests.bot.conftest import OWNER, World
from tests.bot.person import Person
from tests.bot.sentences import ENGLISH, RUSSIAN, count

pytestmark = [
    pytest.mark.asyncio,
    # The library announces what it will make of `retry_after`.
    pytest.mark.filterwarnings("ignore:Deprecated since version v22.2"),
]

_HOUR = timedelta(hours=1)
_SETTLING = timedelta(seconds=15)


async def test_new_post_is_told_with_what_to_do(own: World) -> None:
    """A post that matches comes with its title, its words, a way to it and two ways out."""
    follow(own)
    async with Person(own.build) as person:
        post(own, written(2, "Заметка #карусель\n\nПро карусель и лошадок"))
        await Teller(own, person).tells()

        assert person.text.startswith(
            f"🔔 {RUSSIAN.following.alert_new}"
            f"{RUSSIAN.following.by_one.format(queries='«карусель»')}\n\nЗаметка\n"
        )
        assert "Про карусель и лошадок" in person.text
        assert person.labels == [
            RUSSIAN.following.button_original,
            RUSSIAN.following.button_mute,
            RUSSIAN.following.button_unsubscribe,
        ]
        assert person.buttons[0].url == "https://t.me/zametki/2"


async def test_alert_is_in_the_language_of_the_person(own: World) -> None:
    """The language that was chosen holds for what is told unasked."""
    own.bot_store.people.choose_language(OWNER, "en")
    follow(own)
    async with Person(own.build) as person:
        post(own, written(2, "Ещё карусель"))
        await Teller(own, person).tells()

        by_search = ENGLISH.following.by_one.format(queries="“карусель”")
        assert person.text.startswith(f"🔔 {ENGLISH.following.alert_new}{by_search}")
        assert person.labels == [
            ENGLISH.following.button_original,
            ENGLISH.following.button_mute,
            ENGLISH.following.button_unsubscribe,
        ]


async def test_post_without_an_address_is_read_here(own: World) -> None:
    """Where a channel has no name, the button opens the post in the bot."""
    follow(own, "фото OR has:photo")
    async with Person(own.build) as person:
        channel = replace(CHANNEL, title="Безымянный", username=None)
        store = own.store
        photo = written(7, "", media=(Media(kind=MediaKind.PHOTO),))
        store.save(store.resolve_channel(channel), [photo], as_of=AS_OF)
        await Teller(own, person).tells()
        assert RUSSIAN.media["photo"] in person.text
        await person.presses(RUSSIAN.following.button_read)

    assert RUSSIAN.attached.format(items=RUSSIAN.media["photo"]) in person.text


async def test_alerts_name_the_channel(own: World) -> None:
    """In an archive of several channels, one post and several say where they were posted."""
    follow(own)
    store = own.store
    garden = store.resolve_channel(replace(CHANNEL, title="Огород | грядки", username="garden"))
    async with Person(own.build) as person:
        store.save(garden, [written(1, "Карусель в саду")], as_of=AS_OF)
        teller = Teller(own, person)
        await teller.tells()
        assert " · Огород" in person.text
        store.save(garden, [written(n, f"Ещё карусель {n}") for n in range(2, 19)], as_of=AS_OF)
        assert await teller.tells() == []
        (told,) = await teller.tells(after=_HOUR)

    assert "Ещё карусель 18</a> · Огород" in told


async def test_existing_posts_are_not_sent(own: World) -> None:
    """Posts older than the saved search are not sent, nor are those that do not match."""
    follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        assert await teller.tells() == []
        post(own, written(2, "Телескоп"))

        assert await teller.tells() == []


async def test_edit_is_told_if_the_post_matches_only_now(own: World) -> None:
    """A changed post is announced when it newly matches, and never a second time."""
    follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(1, "Первая карусель, исправленная"))
        assert await teller.tells() == []
        post(own, written(2, "Качели"))
        assert await teller.tells() == []
        own.clock.passes(_HOUR)
        post(own, written(2, "Качели и карусель", edited_at=own.clock()))
        (told,) = await teller.tells()
        assert RUSSIAN.following.alert_changed in told
        own.clock.passes(_HOUR)
        post(own, written(2, "Карусель и качели", edited_at=own.clock()))

        assert await teller.tells() == []


async def test_post_found_by_several_searches_is_told_once(own: World) -> None:
    """One message names all of them and leads to the list."""
    for query in ("карусель", "лошадки", "has:link", "#пони"):
        follow(own, query)
    async with Person(own.build) as person:
        post(own, written(2, "Карусель и лошадки #пони"))
        (told,) = await Teller(own, person).tells()

        several = RUSSIAN.following.by_several.format(queries="«<code>карусель</code>», «")
        assert several in told
        assert person.labels == [
            RUSSIAN.following.button_original,
            RUSSIAN.following.button_to_list,
        ]
        await person.presses(RUSSIAN.following.button_to_list)
        assert RUSSIAN.following.count_of.format(count=4, most=20) in person.text
        assert not person.seen.is_edit


async def test_post_found_by_very_many_searches_names_some(own: World) -> None:
    """Not more than five queries are named."""
    for number in range(7):
        follow(own, f"карусель -слово{number}")
    async with Person(own.build) as person:
        post(own, written(2, "Карусель"))
        (told,) = await Teller(own, person).tells()

    assert RUSSIAN.following.and_more.format(count=2) in told


async def test_three_posts_come_one_by_one(own: World) -> None:
    """Few posts have a message each, a second apart."""
    follow(own)
    async with Person(own.build) as person:
        post(own, *(written(number, f"Карусель {number}") for number in (2, 3, 4)))
        told = await Teller(own, person).tells()

    assert [text.count(RUSSIAN.following.alert_new) for text in told] == [1, 1, 1]
    assert ["zametki/2" in told[0], "zametki/4" in told[2]] == [True, True]


@pytest.mark.slow
async def test_many_posts_come_in_one_message(own: World) -> None:
    """An import of thousands is one message with a count, and a button that shows them."""
    follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, *(written(number, f"Карусель {number}") for number in range(2, 1302)))
        assert await teller.tells() == []
        (told,) = await teller.tells(after=_SETTLING)
        assert (
            f"{count(1300, RUSSIAN.following.new)}</b>"
            f"{RUSSIAN.following.by_one.format(queries='«<code>карусель</code>»')}" in told
        )
        assert RUSSIAN.following.and_more.format(count=RUSSIAN.number(1295)) in person.text
        assert person.labels == [
            RUSSIAN.following.button_open_new.format(count=RUSSIAN.number(1300)),
            RUSSIAN.following.button_mute,
            RUSSIAN.following.button_unsubscribe,
        ]
        await person.presses(RUSSIAN.following.button_open_new.format(count=RUSSIAN.number(1300)))

    assert person.text.startswith(f"🔔 карусель — {count(1300, RUSSIAN.following.new)}")
    assert "1/260" in person.labels


@pytest.mark.slow
async def test_large_import_is_matched_by_the_index(own: World) -> None:
    """Many posts match the same searches as few would: those with all the words."""
    one = follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, *(written(number, f"Карусель {number}") for number in range(2, 10)))
        await teller.tells()
        other = follow(own, "карусель мёд")
        post(own, *(written(number, f"Карусель {number}") for number in range(10, 600)))
        post(own, *(written(number, f"Карусель и мёд {number}") for number in range(600, 605)))
        await teller.tells()

    waiting = {each.search.saved_search_id: each.posts for each in own.bot_store.alerts.waiting()}
    assert waiting == {one: 603, other: 5}


async def test_running_import_is_one_alert(own: World) -> None:
    """Matches are sent together once no more arrive."""
    follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        number = 2
        for _ in range(4):
            post(own, *(written(n, f"Карусель {n}") for n in range(number, number + 10)))
            number += 10
            assert await teller.tells(after=timedelta(seconds=5)) == []
        (told,) = await teller.tells(after=_SETTLING)
        assert count(40, RUSSIAN.following.new) in told


async def test_frequent_alerts_are_bundled(own: World) -> None:
    """After three alerts in ten minutes, further posts wait and are sent together."""
    follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        for number in (2, 3, 4):
            post(own, written(number, f"Карусель {number}"))
            assert len(await teller.tells(after=timedelta(minutes=1))) == 1
        for number in (5, 6, 7, 8):
            post(own, written(number, f"Карусель {number}"))
            assert await teller.tells(after=timedelta(minutes=1)) == []
        (told,) = await teller.tells(after=timedelta(minutes=8))

    assert count(4, RUSSIAN.following.new) in told


async def test_several_searches_share_a_message(own: World) -> None:
    """A heap of several searches is counted by search, with a button for each."""
    for query in ("карусель", "лошадки"):
        follow(own, query)
    async with Person(own.build) as person:
        post(own, *(written(n, f"Карусель {n} #пони") for n in range(2, 6)))
        post(own, written(6, "Карусель 6 и лошадки"))
        post(own, *(written(n, f"Лошадки {n}") for n in range(12, 14)))
        teller = Teller(own, person)
        await teller.tells()
        (told,) = await teller.tells(after=_SETTLING)

        assert (
            f"{count(7, RUSSIAN.following.new)}</b>"
            f"{RUSSIAN.following.by_searches[1].format(count=2)}" in told
        )  # one of them by both
        assert "карусель — 5\n• Карусель 6 и лошадки\n• Карусель 5\n" in person.text
        more = RUSSIAN.following.and_more.format(count=2)
        assert f"{more}\n\nлошадки — 3" in person.text
        assert person.labels == [
            "🆕 карусель · 5",
            "🆕 лошадки · 3",
            RUSSIAN.following.button_to_list,
        ]
        await person.presses("🆕 лошадки · 3")

    assert person.text.startswith(f"🔔 лошадки — {count(3, RUSSIAN.following.new)}")


async def test_twenty_searches_fit_into_a_message(own: World) -> None:
    """However many and long the searches, the message is one that Telegram takes."""
    for number in range(20):
        follow(own, f"карусель -{'слово' * 40}{number}")
    async with Person(own.build) as person:
        title = "Карусель " * 30
        post(own, *(written(n, f"{title}{n}") for n in range(2, 12)))
        teller = Teller(own, person)
        await teller.tells()
        (told,) = await teller.tells(after=_SETTLING)

    assert (
        f"{count(10, RUSSIAN.following.new)}</b>{RUSSIAN.following.by_searches[1].format(count=20)}"
        in told
    )
    assert len(person.text) < 4096
    assert len(person.seen.body.spans) < 100
