"""Changes of the system clock, forward or back, by an hour or by forty days, do no harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.clock_check import ClockCheck
from bot.alerts.loop import AlertLoop
from bot.config import Access
from bot.indexing.updater import IndexUpdater
from db.bot_live import Gap
from db.bot_people import AccessStatus
from db.bot_saved import AlertMode
from i18n import RUSSIAN
from tests.bot.access.test_gate import member
from tests.bot.alerts.following import Teller, follow, post
from tests.bot.channel import written
from tests.bot.conftest import OWNER, Clock, World
from tests.bot.person import Person

_HOUR = timedelta(hours=1)
_MOVES = [_HOUR, -_HOUR, timedelta(days=40), -timedelta(days=40)]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize(
        "by", _MOVES, ids=["an hour on", "an hour back", "40 days on", "40 days back"]
    ),
]


async def test_hasty_person_waits_no_longer(world: World, by: timedelta) -> None:
    """Whoever asked too fast is answered after a second, whatever the clock says."""
    world.config = replace(world.config, burst=1, access=Access.PUBLIC)
    async with Person(world.build, user_id=99) as person:
        await person.says("телескоп")
        world.clock.is_set(by)
        await person.says("телескоп")

    assert "1 пост" in person.text
    assert world.clock.seconds == 1


async def test_new_member_gets_access_within_a_minute(world: World, by: timedelta) -> None:
    """Membership and refusals are cached by elapsed time, not by the clock."""
    world.config = replace(world.config, access=Access.MEMBERS, members_of=-6)
    async with Person(world.build, user_id=99) as person:
        person.server.prescribe("getChatMember", member("left"), member("member"), member("left"))
        for _ in range(6):
            await person.says("телескоп")
        assert person.events == []
        world.clock.is_set(by)
        world.clock.passes(timedelta(minutes=1))
        await person.says("телескоп")
        assert "1 пост" in person.text
        world.clock.is_set(-by)
        world.clock.passes(timedelta(minutes=11))
        await person.says("телескоп")
        assert person.events == []  # refused five times within the hour
        world.clock.passes(_HOUR)
        person.server.prescribe("getChatMember", member("left"))
        await person.says("телескоп")

    assert person.text == RUSSIAN.access.refusal.format(user=99)


async def test_refusal_expires_even_if_the_clock_is_set_back(world: World, by: timedelta) -> None:
    """A refusal lasts a week, or until the clock is set back to before it."""
    people, now = world.bot_store.people, world.clock()

    def ask() -> bool:
        now = world.clock()
        rested = now - timedelta(days=7)
        return people.ask(99, name="S", spoken=None, target=0, now=now, rested_since=rested)

    assert ask()
    assert people.decide(
        99, AccessStatus.DENIED, instead_of=[AccessStatus.ASKED], by=OWNER, now=now
    )
    assert not ask()
    world.clock.is_set(by)

    assert ask() is (by != _HOUR)
    assert not ask() or by == _HOUR


async def test_buttons_survive(world: World, by: timedelta) -> None:
    """Searches are not forgotten because the clock was wrong for a while."""
    async with Person(world.build) as person:
        updater = person.application.bot_data[IndexUpdater]
        await person.says("очередь")
        first = person.text
        world.clock.is_set(by)
        for minutes in (0, 30, 0):
            world.clock.passes(timedelta(minutes=minutes))
            assert await updater.run_once(person.application)
        world.clock.is_set(-by)
        assert await updater.run_once(person.application)
        await person.presses("›")
        assert person.text != first


@pytest.mark.parametrize("mode", AlertMode)
async def test_match_is_sent_once_despite_clock_changes(
    own: World, by: timedelta, mode: AlertMode
) -> None:
    """Matches from before the clock change are sent no later than otherwise, and only once."""
    key = follow(own)
    own.bot_store.saved.choose_mode(key, mode)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Ещё карусель"))
        await person.application.bot_data[AlertLoop].stop()
        await person.application.bot_data[IndexUpdater].run_once(person.application)
        own.clock.is_set(by)
        told = [await teller.tells(after=timedelta(seconds=30))]
        if mode is AlertMode.AT_ONCE:
            assert len(told[0]) == 1
        own.clock.is_set(-by)
        told += [await teller.tells(after=timedelta(days=8)), await teller.tells(after=_HOUR)]

    assert sum(map(len, told)) == 1


async def test_bundle_is_sent_once_despite_clock_changes(own: World, by: timedelta) -> None:
    """Many matches become one message, which does not wait for the clock either."""
    follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, *(written(number, f"Карусель {number}") for number in range(2, 9)))
        await person.application.bot_data[AlertLoop].stop()
        await person.application.bot_data[IndexUpdater].run_once(person.application)
        own.clock.is_set(by)
        told = [await teller.tells(after=timedelta(seconds=30))]
        own.clock.is_set(-by)
        told.append(await teller.tells(after=timedelta(minutes=20)))

    assert [len(each) for each in told] == [1, 0]


async def test_mute_ends_within_its_day(own: World, by: timedelta) -> None:
    """What is muted for a day is not muted for forty."""
    key = follow(own)
    own.bot_store.saved.mute(key, own.clock() + timedelta(days=1))
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Ещё карусель"))
        await person.application.bot_data[AlertLoop].stop()
        await person.application.bot_data[IndexUpdater].run_once(person.application)
        own.clock.is_set(by)
        told = [await teller.tells(after=_HOUR), await teller.tells(after=timedelta(days=1))]

    assert sum(map(len, told)) == 1


async def test_digest_is_sent_once_despite_clock_changes(own: World, by: timedelta) -> None:
    """No digest is sent twice when the clock is set forward and back."""
    own.bot_store.alert_settings.choose_digest(OWNER, own.clock())
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель", posted_at=own.clock()))
        told = await teller.tells(after=timedelta(days=8))
        own.clock.is_set(by)
        if by < timedelta(0):
            told += await teller.tells(after=_HOUR)
        own.clock.is_set(-by)
        told += await teller.tells(after=_HOUR)

    assert len(told) == 1


async def test_gap_is_reported_once_despite_clock_changes(own: World, by: timedelta) -> None:
    """Missing posts are reported soon, and only once."""
    live, now = own.bot_store.live, own.clock()
    live.add_gap(Gap(chat_id=-6, first_id=2, last_id=3, channel_id=1), now=now)
    now += by + timedelta(seconds=30)

    assert len(live.take_gaps(found_before=now - timedelta(seconds=5), now=now)) == 1
    now -= by
    assert not live.take_gaps(found_before=now - timedelta(seconds=5), now=now)


def test_clock_that_was_set_is_not_trusted_for_an_hour(by: timedelta) -> None:
    """Time that passes is trusted, and a clock that was set is again an hour later."""
    clock = Clock()
    check = ClockCheck(clock, clock.timer)
    trusted = [check.is_trusted()]
    clock.passes(timedelta(days=40))
    trusted.append(check.is_trusted())
    clock.is_set(by)
    trusted.append(check.is_trusted())
    for _ in range(2):
        clock.passes(timedelta(minutes=30))
        trusted.append(check.is_trusted())

    assert trusted == [True, True, False, False, True]
