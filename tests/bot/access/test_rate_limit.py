"""Rate limits: people who ask too fast are told once to wait, and answered again afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.access.rate_limit import TokenBuckets
from tests.bot.conftest import Clock, World
from tests.bot.person import Person
from tests.bot.sentences import RUSSIAN, opening, posts

_TAKEN = (200, b'{"ok":true,"result":true}')


@pytest.fixture
def paced(world: World) -> World:
    """A bot that answers five at once, then one a second."""
    return replace(world, config=replace(world.config, burst=5))


async def _spends_all(person: Person) -> None:
    for _ in range(5):
        await person.says("телескоп")
        assert posts(1) in person.text


async def test_fast_requests_are_answered_once(paced: World) -> None:
    """The sixth request is answered with the time to wait, later ones are ignored."""
    async with Person(paced.build) as person:
        await _spends_all(person)
        await person.says("телескоп")
        assert person.text == RUSSIAN.access.hasty.format(seconds=1)
        await person.says("телескоп")
        assert person.events == []
        paced.clock.passes(timedelta(seconds=1))
        await person.says("телескоп")
        assert posts(1) in person.text
        await person.says("телескоп")
        assert person.events == []
        paced.clock.passes(timedelta(seconds=5))
        await _spends_all(person)
        await person.says("телескоп")

    assert person.text.startswith(opening(RUSSIAN.access.hasty))


async def test_fast_presses_get_a_notice(paced: World) -> None:
    """One press too many shows a notice, later ones are ended silently."""
    async with Person(paced.build, language_code="en") as person:
        await person.says("очередь")
        page = person.buttons[5].data
        for _ in range(4):
            await person.sends_data(page)
        await person.sends_data(page)
        assert person.toasts == ["Too fast: once more in 1 s."]
        before = len(person.server.calls)
        await person.sends_data(page)

    assert person.toasts == []
    assert [name for name, _ in person.server.calls[before:]] == ["answerCallbackQuery"]


async def test_inline_queries_have_a_higher_limit(paced: World) -> None:
    """Inline queries come with every letter; beyond twenty at once they get empty answers."""
    async with Person(paced.build) as person:
        person.server.prescribe("answerInlineQuery", *[_TAKEN] * 22)
        sender: dict[str, Any] = {"id": 1, "is_bot": False, "first_name": "O"}
        for number in range(22):
            query = {"id": str(number), "query": "телескоп", "offset": "", "from": sender}
            await person.receives({"update_id": number, "inline_query": query})
        answers = [call for name, call in person.server.calls if name == "answerInlineQuery"]
        await person.says("телескоп")

    assert [answer["results"] == "[]" for answer in answers] == [False] * 20 + [True] * 2
    assert posts(1) in person.text


async def test_fast_requests_in_a_group_are_ignored(paced: World) -> None:
    """In a group the notice would bother others."""
    chat = {"id": -5, "type": "group", "title": "g"}
    async with Person(paced.build) as person:
        for _ in range(5):
            await person.says("/help", chat=chat)
        await person.says("/help", chat=chat)

    assert person.events == []


async def test_rate_limit_holds_if_the_notice_fails(paced: World) -> None:
    """If the notice cannot be sent, the update is still dropped."""
    async with Person(paced.build) as person:
        await _spends_all(person)
        person.server.prescribe("sendMessage", OSError("no route"))
        await person.says("телескоп")

    assert person.events == []


def test_people_do_not_share_a_bucket_and_are_forgotten() -> None:
    """Everybody has a bucket; those that are full again take no room."""
    clock = Clock()
    buckets = TokenBuckets(burst=1, rate=1, timer=clock.timer)
    for user_id in range(1001):
        assert buckets.take(user_id) is None
    assert buckets.take(1) == 1
    clock.passes(timedelta(seconds=2))

    assert buckets.take(1) is None
    assert len(buckets._buckets) == 1
