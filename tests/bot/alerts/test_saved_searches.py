"""People follow searches: a button under each, a list of them, and what can be done with one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from search import open_index
from tests.bot.alerts.following import Teller, post
from tests.bot.channel import AS_OF, CHANNEL, POSTS, written
from tests.bot.conftest import OWNER, World
from tests.bot.person import Person
from tests.bot.sentences import ENGLISH, RUSSIAN, count, posts
from tests.new_databases import new_archive
from tests.searchers import patient_searcher

pytestmark = pytest.mark.asyncio

AT_ONCE = RUSSIAN.following.modes["at_once"]
_GROUP = {"id": -5, "type": "group", "title": "g"}


@pytest.fixture
def own(world: World, tmp_path: Path) -> Iterator[World]:
    """Return a bot over an archive of its own, with the posts that most tests read."""
    with new_archive(tmp_path / "archive.db") as store:
        store.save(store.resolve_channel(CHANNEL), list(POSTS), as_of=AS_OF)
        index = open_index(tmp_path / "index", store)
        index.catch_up()
        yield replace(
            world, store=store, searcher=patient_searcher(store, index, clock=world.clock)
        )
        index.close()


def _queries(world: World, user_id: int = OWNER) -> list[str]:
    return [search.query for search in world.bot_store.saved.of_person(user_id)]


def _out_of(searches: int) -> str:
    return RUSSIAN.following.count_of.format(count=searches, most=20)


async def _follow(person: Person, query: str) -> str:
    await person.says(query)
    await person.presses(RUSSIAN.following.button_follow)
    return person.toasts[0]


async def test_search_is_followed_once(world: World) -> None:
    """One press follows a query; the same query again, however spaced, is followed already."""
    async with Person(world.build) as person:
        assert RUSSIAN.following.followed in await _follow(person, "карусель")
        assert RUSSIAN.following.already in await _follow(person, "  Карусель ")

    assert _queries(world) == ["карусель"]


async def test_filters_are_followed_too(world: World) -> None:
    """What buttons have added to a query belongs to what is followed, `/code` as well."""
    async with Person(world.build) as person:
        await person.says("карусель")
        await person.presses(RUSSIAN.button_code_only)
        await person.presses(RUSSIAN.following.button_follow)
        await person.says("/code groupby")
        await person.presses(RUSSIAN.following.button_follow)

    assert _queries(world) == ["has:code карусель", "has:code groupby"]


async def test_search_without_results_can_be_saved(world: World) -> None:
    """A search without results can be saved; an empty one cannot."""
    async with Person(world.build) as person:
        assert RUSSIAN.following.followed in await _follow(person, "квазипост")
        assert RUSSIAN.following.nothing_to_follow in await _follow(person, "!!! ???")

    assert _queries(world) == ["квазипост"]


async def test_latest_posts_are_followed_by_their_filters(world: World) -> None:
    """A list of everything cannot be followed until it is narrowed down."""
    async with Person(world.build) as person:
        await person.says("/recent")

    assert RUSSIAN.following.button_follow not in person.labels


async def test_number_of_saved_searches_is_limited(world: World) -> None:
    """The twenty-first search is refused, and other people's do not count."""
    async with Person(world.build) as person:
        for number in range(20):
            world.bot_store.saved.save(
                OWNER, f"q{number}", archive_id="", seq=0, known=(), now=world.clock()
            )
        assert RUSSIAN.following.full.format(most=20) in await _follow(person, "карусель")
        world.bot_store.saved.delete_of_person(OWNER)
        assert RUSSIAN.following.followed in await _follow(person, "карусель")


async def test_search_that_hangs_is_told(world: World) -> None:
    """Where the archive does not answer in time, the person hears so."""
    async with Person(world.build) as person:
        await person.says("карусель")
        slow = replace(world.config, search_deadline=timedelta(0))
        async with Person(replace(world, config=slow).build) as late:
            await late.says("/help")
            await late.sends_data(
                next(
                    button.data
                    for button in person.buttons
                    if button.label == RUSSIAN.following.button_follow
                )
            )

    assert RUSSIAN.too_slow in late.text


async def test_saving_in_a_group_alerts_privately(world: World) -> None:
    """In a group the button works for people the bot can write to, and says so to others."""
    async with Person(world.build) as person:
        await person.says("/search карусель", chat=_GROUP)
        data = next(
            button.data
            for button in person.buttons
            if button.label == RUSSIAN.following.button_follow
        )
        update = person.server.press_update(person.seen.message_id, data, chat_id=-5)
        refusal = b'{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked"}'
        person.server.prescribe(
            "sendChatAction", (403, refusal), (200, b'{"ok":true,"result":true}')
        )
        await person.receives(update)
        assert RUSSIAN.following.write_first in person.toasts[0]
        update["update_id"] += 1
        await person.receives(update)
        assert RUSSIAN.following.followed in person.toasts[0]
        await person.says("/saved", chat=_GROUP)
        assert person.events == []

    assert _queries(world) == ["карусель"]


async def test_list_shows_what_is_followed(own: World) -> None:
    """Each search stands with its mode and how much is new; without any, how to begin."""
    async with Person(own.build) as person:
        await person.says("/saved")
        assert person.text.startswith(
            f"🔔 {RUSSIAN.following.title} — {_out_of(0)}\n\n{RUSSIAN.following.nothing_saved}"
        )
        assert person.labels == [RUSSIAN.following.button_quiet, RUSSIAN.following.button_digest]
        await _follow(person, "карусель")
        await _follow(person, "квазипост")
        post(own, written(30, "Ещё карусель"), written(31, "И ещё карусель"))
        await Teller(own, person).tells()
        await person.says("/saved")

    assert (
        f"{_out_of(2)}\n\n1. карусель — {AT_ONCE} · {count(2, RUSSIAN.following.new)}\n"
        f"2. квазипост — {AT_ONCE}" in person.text
    )
    assert RUSSIAN.following.quiet.format(first=22, last=8) in person.text
    assert person.labels[:2] == ["1", "2"]


async def test_list_is_in_english_too(world: World) -> None:
    """Who reads English gets it."""
    async with Person(world.build, language_code="en") as person:
        await person.says("карусель")
        await person.presses(ENGLISH.following.button_follow)
        assert "Following" in person.toasts[0]
        await person.says("/saved")
        assert "1. карусель — at once · nothing new" in person.text
        await person.presses("1")

    assert person.labels[:3] == [
        f"• {ENGLISH.following.modes['at_once']}",
        ENGLISH.following.modes["daily"],
        ENGLISH.following.modes["weekly"],
    ]


async def test_mode_is_chosen(world: World) -> None:
    """A search is told at once, daily or weekly, as it is pressed."""
    async with Person(world.build) as person:
        await _follow(person, "карусель")
        await person.says("/saved")
        await person.presses("1")
        assert person.text.startswith(
            f"🔔 карусель\n{AT_ONCE} · {RUSSIAN.following.nothing_new}\n"
            f"{RUSSIAN.following.since.format(day='1 января 2025')}"
        )
        await person.presses(RUSSIAN.following.modes["weekly"])
        assert person.labels[:3] == [
            AT_ONCE,
            RUSSIAN.following.modes["daily"],
            f"• {RUSSIAN.following.modes['weekly']}",
        ]
        key = world.bot_store.saved.of_person(OWNER)[0].saved_search_id
        await person.sends_data(f"1|sm||{key}|3")
        assert RUSSIAN.outdated in person.toasts[0]
        await person.presses(RUSSIAN.following.button_list)

    assert f"1. карусель — {RUSSIAN.following.modes['weekly']}" in person.text


async def test_search_pauses_and_is_silent_for_a_day(world: World) -> None:
    """Pause and silence are seen, and taken back by the same buttons."""
    async with Person(world.build) as person:
        await _follow(person, "карусель")
        await person.says("/saved")
        await person.presses("1")
        await person.presses(RUSSIAN.following.button_pause)
        assert f"{RUSSIAN.following.paused} · {RUSSIAN.following.nothing_new}" in person.text
        await person.presses(RUSSIAN.following.button_resume)
        await person.presses(RUSSIAN.following.button_mute)
        muted = RUSSIAN.following.muted.format(until="2 января 2025, 12:00")
        assert f"{AT_ONCE} · {muted}" in person.text
        await person.presses(RUSSIAN.following.button_unmute)

    assert f"{AT_ONCE} · {RUSSIAN.following.nothing_new}" in person.text


async def test_search_is_deleted(world: World) -> None:
    """Deleted, a search is gone from the list, and its other buttons say so."""
    async with Person(world.build) as person:
        await _follow(person, "карусель")
        await person.says("/saved")
        one = person.buttons[0].data
        await person.presses("1")
        await person.presses(RUSSIAN.following.button_delete)
        assert _out_of(0) in person.text
        await person.sends_data(one)

    assert RUSSIAN.following.gone in person.toasts[0]
    assert _queries(world) == []


async def test_nobody_touches_the_searches_of_another(world: World) -> None:
    """The data of a button does nothing in another hand."""
    world.config = replace(world.config, owners=frozenset({OWNER, 2}))
    async with Person(world.build) as person, Person(world.build, user_id=2) as other:
        await _follow(person, "карусель")
        key = world.bot_store.saved.of_person(OWNER)[0].saved_search_id
        await other.sends_data_anywhere(f"1|sd||{key}")

    assert RUSSIAN.not_yours in other.toasts[0]
    assert _queries(world) == ["карусель"]


async def test_search_is_opened(own: World) -> None:
    """From the list a search is made anew, or shows only what it found since last time."""
    async with Person(own.build) as person:
        await _follow(person, "карусель")
        post(own, *(written(number, f"Пост {number} про карусель") for number in range(30, 36)))
        await Teller(own, person).tells()
        await person.says("/saved")
        await person.presses("1")
        await person.presses(RUSSIAN.following.button_open)
        assert f"🔎 карусель — {posts(8)}" in person.text
        await person.says("/saved")
        await person.presses("1")
        card = person.seen
        await person.presses(RUSSIAN.following.button_open_new.format(count=6))
        assert person.text.startswith(
            f"🔔 карусель — {count(6, RUSSIAN.following.new)}\n\n1. Пост 35 про карусель"
        )
        assert person.labels == ["1", "2", "3", "4", "5", "1/2", "›"]
        await person.presses("›")
        assert "Пост 30 про карусель" in person.text
        await person.presses("1")
        assert "Пост 30" in person.text
        person._shown = card  # goes back to the card
        await person.presses(RUSSIAN.following.button_open_new.format(count=6))
        assert count(6, RUSSIAN.following.new) in person.text
        await person.says("/saved")

    assert f"1. карусель — {AT_ONCE} · {RUSSIAN.following.nothing_new}" in person.text


async def test_finds_of_a_deleted_search_are_empty(own: World) -> None:
    """A page of finds whose search was deleted has nothing more to show."""
    async with Person(own.build) as person:
        await _follow(person, "карусель")
        post(own, *(written(number, f"Пост {number} про карусель") for number in range(30, 36)))
        await Teller(own, person).tells()
        await person.says("/saved")
        await person.presses("1")
        await person.presses(RUSSIAN.following.button_open_new.format(count=6))
        own.bot_store.saved.delete_of_person(OWNER)
        await person.presses("›")

    assert RUSSIAN.nothing_here in person.text


async def test_quiet_hours_are_chosen(world: World) -> None:
    """Other hours, or none, are a press away, and made-up ones are refused."""
    async with Person(world.build) as person:
        await person.says("/saved")
        await person.presses(RUSSIAN.following.button_quiet)
        assert RUSSIAN.following.clock.format(now="12:00") in person.text
        assert "• 22–8" in person.labels
        await person.presses("23–9")
        assert RUSSIAN.following.quiet.format(first=23, last=9) in person.text
        await person.presses(RUSSIAN.following.never)
        assert RUSSIAN.following.never_quiet in person.text
        assert f"• {RUSSIAN.following.never}" in person.labels
        await person.sends_data("1|qh||24|1")
        assert RUSSIAN.outdated in person.toasts[0]
        await person.presses(RUSSIAN.following.button_list)

    assert RUSSIAN.following.never_quiet in person.text


async def test_digest_is_shown_and_wished_for(world: World) -> None:
    """The week so far is shown at once, and on Mondays to whoever wishes so."""
    async with Person(world.build) as person:
        await person.says("/saved")
        await person.presses(RUSSIAN.following.button_digest)
        assert person.text.startswith(
            f"📰 {RUSSIAN.following.digest_title}\n25 декабря 2024 — 1 января 2025"
        )
        assert RUSSIAN.following.digest_none in person.text
        await person.presses(RUSSIAN.following.button_digest_on)
        assert RUSSIAN.following.digest_on in person.text
        assert world.bot_store.alert_settings.get(OWNER).digested_at == world.clock()
        await person.presses(RUSSIAN.following.button_digest_off)

    assert world.bot_store.alert_settings.get(OWNER).digested_at is None


async def test_privacy_tells_and_forgets_what_is_followed(world: World) -> None:
    """Who asks reads how much is kept of what they follow; one press deletes it."""
    async with Person(world.build) as person:
        await _follow(person, "карусель")
        world.bot_store.alert_settings.choose_quiet(OWNER, 1, 2)
        await person.says("/privacy")
        assert count(1, RUSSIAN.access.privacy_saved) in person.text
        await person.presses(RUSSIAN.access.button_forget)
        assert person.text == RUSSIAN.access.forgotten.format(
            kept=count(1, RUSSIAN.access.privacy_searches),
            saved=count(1, RUSSIAN.access.privacy_saved),
        )

    assert _queries(world) == []
    assert world.bot_store.alert_settings.get(OWNER).quiet_from == 22
