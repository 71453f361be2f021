"""Alerts are sent at a suitable time, and within Telegram's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from db.bot_saved import AlertMode
from model.posts import Reaction, Snippet, SnippetOrigin
from tests.bot.alerts.following import Teller, follow, post, refusal
from tests.bot.channel import written
from tests.bot.conftest import OWNER, World
from tests.bot.person import Person
from tests.bot.sentences import RUSSIAN, count, posts

pytestmark = [
    pytest.mark.asyncio,
    # The library announces what it will make of `retry_after`.
    pytest.mark.filterwarnings("ignore:Deprecated since version v22.2"),
]

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


async def test_night_is_quiet(own: World) -> None:
    """What is found by night waits for the morning; who never sleeps is told at once."""
    follow(own)
    own.clock.passes(11 * _HOUR)  # 23:00
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        assert await teller.tells() == []
        assert await teller.tells(after=8 * _HOUR) == []
        assert len(await teller.tells(after=_HOUR)) == 1
        own.bot_store.alert_settings.choose_quiet(OWNER, 0, 12)
        post(own, written(3, "Карусель"))
        assert await teller.tells() == []
        own.bot_store.alert_settings.choose_quiet(OWNER, 0, 0)

        assert len(await teller.tells()) == 1


async def test_hours_are_those_of_the_zone(own: World) -> None:
    """The clock by which it is night is that of the settings."""
    follow(own)
    zone = datetime.now().astimezone().tzinfo
    local = replace(own, config=replace(own.config, zone=None))
    local.clock.now = datetime(2025, 1, 1, 23, tzinfo=zone)
    async with Person(local.build) as person:
        post(local, written(2, "Карусель"))
        teller = Teller(local, person)
        assert await teller.tells() == []

        assert len(await teller.tells(after=9 * _HOUR)) == 1


async def test_daily_search_is_told_in_the_morning(own: World) -> None:
    """What was found until nine comes at nine, what is found later a day later."""
    own.bot_store.saved.choose_mode(follow(own), AlertMode.DAILY)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        assert await teller.tells(after=20 * _HOUR) == []  # 8:00
        (told,) = await teller.tells(after=_HOUR)
        assert count(1, RUSSIAN.following.new) in told
        own.clock.passes(timedelta(minutes=1))
        post(own, written(3, "Карусель"))

        assert await teller.tells() == []
        assert len(await teller.tells(after=_DAY)) == 1


async def test_weekly_search_is_told_on_monday(own: World) -> None:
    """What was found in a week comes on Monday at nine."""
    own.bot_store.saved.choose_mode(follow(own), AlertMode.WEEKLY)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"), written(3, "Карусель"))
        for _ in range(4):  # from Wednesday noon to Sunday noon
            assert await teller.tells(after=_DAY) == []
        (told,) = await teller.tells(after=_DAY)

    assert count(2, RUSSIAN.following.new) in told


async def test_muted_search_waits_for_a_day(own: World) -> None:
    """Silenced from the alert, a search tells a day later what it found meanwhile."""
    follow(own)
    own.bot_store.alert_settings.choose_quiet(OWNER, 0, 0)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        await teller.tells()
        await person.presses(RUSSIAN.following.button_mute)
        assert RUSSIAN.following.muted_notice in person.toasts[0]
        post(own, written(3, "Карусель"))
        assert await teller.tells(after=23 * _HOUR) == []

        assert len(await teller.tells(after=_HOUR)) == 1


async def test_unsubscribed_means_no_more(own: World) -> None:
    """One press under the alert ends it, a second one finds nothing to end."""
    follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        await teller.tells()
        await person.presses(RUSSIAN.following.button_unsubscribe)
        assert RUSSIAN.following.deleted in person.toasts[0]
        await person.presses(RUSSIAN.following.button_unsubscribe)
        assert RUSSIAN.following.gone in person.toasts[0]
        post(own, written(3, "Карусель"))

        assert await teller.tells() == []


async def test_paused_search_tells_nothing(own: World) -> None:
    """During a pause nothing is told, nor is it afterwards; it still counts as new."""
    key = follow(own)
    own.bot_store.saved.pause(key, own.clock())
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        assert await teller.tells() == []
        own.bot_store.saved.pause(key, None)
        assert await teller.tells() == []
        post(own, written(3, "Карусель"))

        assert len(await teller.tells()) == 1
        assert own.bot_store.saved.of_person(OWNER)[0].new == 2


async def test_digest_comes_on_monday(own: World) -> None:
    """Who wants it hears on Monday at nine how the week was, once."""
    own.bot_store.alert_settings.choose_digest(OWNER, own.clock())
    async with Person(own.build) as person:
        liked = [
            written(
                1 + number,
                f"Карусель {number} #пони",
                snippets=(Snippet(origin=SnippetOrigin.PRE, code="a", start=0, end=1),),
                posted_at=own.clock() + number * _HOUR,
                reactions=(Reaction(emoji="❤", count=number), Reaction(emoji="👍", count=1)),
            )
            for number in range(1, 3)
        ]
        post(own, *liked)
        teller = Teller(own, person)
        assert await teller.tells(after=4 * _DAY) == []  # Sunday noon
        person.server.prescribe("sendMessage", refusal(429, "Too Many", retry_after=30))
        await teller.tells(after=21 * _HOUR)
        teller.seconds.now += 60
        (told,) = await teller.tells()
        assert await teller.tells() == []
        assert await teller.tells(after=6 * _DAY) == []
        (empty,) = await teller.tells(after=_DAY)

    assert "30 декабря 2024 — 6 января 2025" in told
    assert f"{posts(2)} · {count(2, RUSSIAN.posts_with_code)}" in told
    assert RUSSIAN.following.digest_tags.format(tags="#пони 2") in told
    assert "1. " in told
    assert told.index("Карусель 2") < told.index("Карусель 1")
    assert count(3, RUSSIAN.following.reactions) in told
    assert RUSSIAN.following.digest_none in empty


async def test_digest_of_plain_posts_is_short(own: World) -> None:
    """Without tags, code and reactions there is only the number."""
    own.bot_store.alert_settings.choose_digest(OWNER, own.clock())
    async with Person(own.build) as person:
        post(own, written(2, "Карусель", posted_at=own.clock()))
        (told,) = await Teller(own, person).tells(after=5 * _DAY)

    assert f"\n\n{posts(1)}\n\n<b>{RUSSIAN.following.digest_latest}</b>\n• " in told
    of_reactions = (RUSSIAN.following.digest_best, *RUSSIAN.following.reactions)
    assert not any(words in told for words in of_reactions)


async def test_digest_waits_for_its_turn(own: World) -> None:
    """A person who was told something this second hears the digest a second later, not by night."""
    own.bot_store.alert_settings.choose_digest(OWNER, own.clock())
    own.bot_store.saved.choose_mode(follow(own), AlertMode.WEEKLY)
    own.bot_store.alert_settings.choose_quiet(OWNER, 9, 12)
    async with Person(own.build) as person:
        post(own, written(2, "Карусель"))
        teller = Teller(own, person)
        assert await teller.tells() == []
        assert await teller.tells(after=5 * _DAY - 2 * _HOUR) == []  # Monday ten
        first, second = await teller.tells(after=2 * _HOUR)

    assert count(1, RUSSIAN.following.new) in first
    assert RUSSIAN.following.digest_title in second


@pytest.mark.slow
async def test_many_people_are_told_slowly(own: World) -> None:
    """Twenty messages a second in all, and one a second to a person."""
    people = range(100, 160)
    for user_id in people:
        follow(own, user_id=user_id)
    async with Person(own.build) as person:
        post(own, written(2, "Карусель 2"), written(3, "Карусель 3"))
        teller = Teller(own, person)
        started = teller.seconds.now
        told = await teller.tells()

    assert len(told) == 2 * len(people)
    assert teller.seconds.now - started >= len(told) / 20
