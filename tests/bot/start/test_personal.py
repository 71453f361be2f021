"""What each person decides for themselves: the language, and what is forgotten."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.config import Access
from bot.indexing.updater import IndexUpdater
from tests.bot.conftest import OWNER, World
from tests.bot.person import Person
from tests.bot.sentences import ENGLISH, RUSSIAN, count, opening


def menus(person: Person) -> list[tuple[Any, str, list[str]]]:
    """Return the menus that were set: for whom, in which language, with which commands."""
    return [
        (
            json.loads(call["scope"]),
            call.get("language_code", ""),
            [command["command"] for command in json.loads(call["commands"])],
        )
        for name, call in person.server.calls
        if name == "setMyCommands"
    ]


async def test_language_is_chosen_and_kept(world: World) -> None:
    """A choice holds for all answers, the failing ones too, and over a restart."""
    async with Person(world.build) as person:
        await person.says("/lang")
        assert person.text == RUSSIAN.access.language_title
        assert person.labels == [
            RUSSIAN.access.language_names[0],
            "English",
            f"• {RUSSIAN.access.language_as_telegram}",
        ]
        await person.presses("English")
        assert person.text == ENGLISH.access.language_title
        assert person.labels == [
            RUSSIAN.access.language_names[0],
            "• English",
            ENGLISH.access.language_as_telegram,
        ]
        await person.says("/nosuch")
        assert person.text.startswith(ENGLISH.unknown_command)
        await person.says("очередь")
        person.server.prescribe(
            "editMessageText", (400, b'{"ok":false,"description":"Bad Request: new"}')
        )
        await person.presses("›")
        assert person.text.startswith(opening(ENGLISH.broken))
    async with Person(world.build) as person:
        await person.says("/lang")
        assert person.text == ENGLISH.access.language_title
        await person.presses(ENGLISH.access.language_as_telegram)
        assert person.text == RUSSIAN.access.language_title

    assert world.bot_store.people.languages() == {}


async def test_choice_renews_the_menu(world: World) -> None:
    """The menu follows the language chosen; an owner's holds what only owners have."""
    async with Person(world.build) as person:
        await person.says("/lang")
        person.server.calls.clear()
        await person.presses("English")
        own = {"type": "chat", "chat_id": OWNER}
        codes = ["", "ru", "be", "kk", "uk"]
        assert [(scope, code) for scope, code, _ in menus(person)] == [(own, c) for c in codes]
        assert all("people" in names for _, _, names in menus(person))
        texts = [call["commands"] for name, call in person.server.calls if name == "setMyCommands"]
        assert all(ENGLISH.commands["search"] in text for text in texts)


async def test_language_that_is_not_offered_is_refused(world: World) -> None:
    """A made-up language changes nothing."""
    async with Person(world.build) as person:
        await person.says("/lang")
        await person.sends_data("1|la||3")

    assert RUSSIAN.outdated in person.toasts[0]
    assert world.bot_store.people.languages() == {}


async def test_start_gives_owners_their_menu(world: World) -> None:
    """An owner's menu has the owners' commands, everybody else's has not."""
    async with Person(world.build) as person:
        await person.says("/start")
        await person.says("/help")
        sets = menus(person)

    owners = [scope["type"] == "chat" and scope["chat_id"] == OWNER for scope, _, _ in sets]
    assert owners == [False] * 5 + [True] * 5
    assert ["people" in names for _, _, names in sets] == owners
    assert f"/people — {RUSSIAN.owner_commands['people']}" in person.text


async def test_privacy_says_what_is_kept(world: World) -> None:
    """An owner reads how many queries are kept, and for how long."""
    async with Person(world.build) as person:
        await person.says("очередь")
        await person.says("телескоп")
        await person.says("/privacy")

    assert RUSSIAN.access.privacy_owner in person.text
    assert count(2, RUSSIAN.access.privacy_searches) in person.text
    assert count(30, RUSSIAN.access.privacy_days) in person.text
    assert RUSSIAN.access.privacy_as_telegram in person.text


async def test_queries_are_forgotten_in_time(world: World) -> None:
    """What was not used for thirty days is gone the next time the bot looks about."""
    async with Person(world.build) as person:
        await person.says("очередь")
        await person.says("телескоп")
        world.clock.passes(timedelta(days=31))
        await person.says("карусель")
        await person.application.bot_data[IndexUpdater].run_once(person.application)

    assert world.bot_store.people.count_sessions(OWNER) == 1


async def test_queries_are_forgotten_on_request(world: World) -> None:
    """One press deletes queries and choices; buttons of earlier answers then say so."""
    async with Person(world.build) as person:
        await person.says("очередь")
        page = person.buttons[6].data
        await person.says("/lang")
        await person.presses("English")
        await person.says("/privacy")
        assert "language I answer in: English" in person.text
        await person.presses(ENGLISH.access.button_forget)
        assert person.text == RUSSIAN.access.forgotten.format(
            kept=count(1, RUSSIAN.access.privacy_searches),
            saved=count(0, RUSSIAN.access.privacy_saved),
        )
        await person.sends_data(page)

    assert RUSSIAN.expired in person.toasts[0]
    assert world.bot_store.people.count_sessions(OWNER) == 0


@pytest.mark.parametrize(
    ("action", "says"),
    [("qy", RUSSIAN.access.privacy_let_in), ("qn", RUSSIAN.access.privacy_member)],
)
async def test_privacy_says_how_a_person_stands(world: World, action: str, says: str) -> None:
    """Who was let in reads so; where the archive is public, nobody needs to be."""
    world.config = replace(world.config, access=Access.PUBLIC)
    now = world.clock()
    world.bot_store.people.ask(99, name="S", spoken="ru", target=0, now=now, rested_since=now)
    async with Person(world.build) as owner, Person(world.build, user_id=99) as person:
        await owner.sends_data_anywhere(f"1|{action}||99")
        await person.says("/privacy")

    assert says in person.text


async def test_privacy_is_no_matter_for_groups(world: World) -> None:
    """In a group nothing is told of a person."""
    async with Person(world.build) as person:
        await person.says("/privacy", chat={"id": -5, "type": "group", "title": "g"})

    assert person.events == []
