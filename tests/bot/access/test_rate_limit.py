"""Rate limits: hasty messages wait for their turn, or are named by the answer to a newer one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from telegram import Update

from bot.access.rate_limit import RateLimiter, TokenBuckets
from bot.config import Access
from i18n import Catalogue
from tests.bot.conftest import OWNER, Clock, World
from tests.bot.person import Person
from tests.bot.sentences import ENGLISH, RUSSIAN
from tests.standin.world import as_read

_GUEST = 99


@pytest.fixture
def paced(world: World) -> World:
    """A public bot that answers five at once, then one a second."""
    return replace(world, config=replace(world.config, burst=5, access=Access.PUBLIC))


async def _receives_at_once(person: Person, *updates: dict[str, Any]) -> list[str]:
    """Let updates arrive before the first is answered; return all answers."""
    application = person.application
    read = [Update.de_json(update, application.bot) for update in updates]
    await asyncio.gather(
        *(
            application.update_processor.process_update(update, application.process_update(update))
            for update in read
        )
    )
    person.sees_what_came()
    return [as_read(event.message).body.text for event in person.events if event.message]


async def _says_at_once(person: Person, *texts: str, **more: Any) -> list[str]:
    messages = [person.server.message_update(text, **more) for text in texts]
    return await _receives_at_once(person, *messages)


def _headings(answers: list[str]) -> list[str]:
    return [answer.split(" — ")[0].removeprefix("🔎 ") for answer in answers]


@pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH], ids=["ru", "en"])
async def test_eight_messages_in_a_moment_are_all_answered(paced: World, texts: Catalogue) -> None:
    """Five are answered at once, the others one a second, in order and without a remark."""
    queries = [
        "телескоп",
        "карусель",
        "очередь",
        "телескоп",
        "карусель",
        "очередь",
        "карусель",
        "телескоп",
    ]
    async with Person(paced.build, user_id=_GUEST, language_code=texts.code) as person:
        answers = await _says_at_once(person, *queries)

    assert _headings(answers) == queries
    assert paced.clock.seconds == 3


@pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH], ids=["ru", "en"])
async def test_newest_of_many_messages_replace_the_oldest(paced: World, texts: Catalogue) -> None:
    """Of twenty, five are answered, ten skipped and named by the next answer, and five wait."""
    skipped = [f"слово {number}" for number in range(6)]
    last = ["очередь", "телескоп", "очередь", "телескоп", "карусель"]
    async with Person(paced.build, user_id=_GUEST, language_code=texts.code) as person:
        queries = ["телескоп"] * 5 + skipped + ["слово 0"] * 4 + last
        answers = await _says_at_once(person, *queries)
        assert paced.clock.seconds == 5
        again = await _says_at_once(person, "телескоп")

    named = ", ".join([*(texts.quoted(text) for text in skipped[:5]), "…"])
    assert answers[5] == texts.access.replaced.format(messages=named)
    assert _headings(answers[6:]) == last
    assert len(again) == 1


async def test_skipped_message_without_text_is_named_too(paced: World) -> None:
    """A contact or a sticker has no words of its own."""
    contact = {"phone_number": "1", "first_name": "x"}
    async with Person(paced.build, user_id=_GUEST) as person:
        await _says_at_once(person, *["телескоп"] * 5)
        wordless = person.server.message_update("x", contact=contact)
        del wordless["message"]["text"]
        rest = [person.server.message_update("очередь") for _ in range(5)]
        answers = await _receives_at_once(person, wordless, *rest)

    assert answers[0] == RUSSIAN.access.replaced.format(messages="«📎»")
    assert _headings(answers[1:]) == ["очередь"] * 5


async def test_owners_are_not_held_back(paced: World) -> None:
    """An owner is answered at any pace."""
    async with Person(paced.build, user_id=OWNER) as person:
        answers = await _says_at_once(person, *["карусель"] * 20)

    assert _headings(answers) == ["карусель"] * 20
    assert paced.clock.seconds == 0


async def test_fast_presses_get_a_notice_each(paced: World) -> None:
    """A press too many is not done later, when nobody expects it; each is told so."""
    async with Person(paced.build, user_id=_GUEST, language_code="en") as person:
        await person.says("очередь")
        page = person.buttons[5].data
        for _ in range(4):
            await person.sends_data(page)
        for _ in range(2):
            await person.sends_data(page)
            assert person.toasts == ["Too fast: try again in 1 s."]
        paced.clock.passes(timedelta(seconds=1))
        await person.sends_data(page)

    assert person.toasts == []


async def test_newest_inline_query_waits_and_older_ones_do_not(paced: World) -> None:
    """Inline queries come with every letter: beyond twenty at once only the newest is answered."""
    taken = (200, b'{"ok":true,"result":true}')
    async with Person(paced.build, user_id=_GUEST) as person:
        person.server.prescribe("answerInlineQuery", *[taken] * 23)
        sender: dict[str, Any] = {"id": _GUEST, "is_bot": False, "first_name": "O"}
        typed = [
            {"id": str(n), "query": "телескоп", "offset": "", "from": sender} for n in range(23)
        ]
        await _receives_at_once(
            person, *({"update_id": n, "inline_query": query} for n, query in enumerate(typed))
        )
        answers = [call for name, call in person.server.calls if name == "answerInlineQuery"]

    assert [answer["results"] == "[]" for answer in answers] == [False] * 20 + [True] * 2 + [False]
    assert paced.clock.seconds == 0.25


async def test_skipped_messages_in_a_group_are_not_named(paced: World) -> None:
    """In a group a remark would bother others, who are answered meanwhile."""
    chat = {"id": -5, "type": "group", "title": "g"}
    async with Person(paced.build, user_id=_GUEST) as person:
        answers = await _says_at_once(person, *["/help"] * 12, chat=chat)

    assert len(answers) == 5 + 5
    assert len(set(answers)) == 1


async def test_skipped_messages_are_named_where_they_were_sent(paced: World) -> None:
    """What was asked in private is not shown to a group."""
    clock, group = paced.clock, {"id": -5, "type": "group", "title": "g"}
    async with Person(paced.build, user_id=_GUEST) as person:
        private, public = (
            Update.de_json(update, person.application.bot)
            for update in (
                person.server.message_update("тайна"),
                person.server.message_update("/help", chat=group),
            )
        )
        limiter = RateLimiter(
            1, timer=clock.timer, sleep=clock.sleep, updates_after=lambda _: [private]
        )
        admitted = []
        for update in (private, private, public, private):
            admitted.append(await limiter.admits(update, _GUEST, RUSSIAN))
            clock.passes(timedelta(seconds=len(admitted) > 1))
        told = [call["chat_id"] for name, call in person.server.calls if name == "sendMessage"]

    assert admitted == [True, False, True, True]
    assert told == [str(_GUEST)]


async def test_answers_come_even_if_the_remark_fails(paced: World) -> None:
    """If the skipped ones cannot be named, or a press not be answered, the rest goes on."""
    async with Person(paced.build, user_id=_GUEST) as person:
        await _says_at_once(person, *["очередь"] * 5)
        person.server.prescribe("answerCallbackQuery", OSError("no route"))
        await person.sends_data(person.buttons[5].data)
        assert person.events == []
        person.server.prescribe("sendMessage", OSError("no route"))
        answers = await _says_at_once(person, *["слово"], *["очередь"] * 5)

    assert _headings(answers) == ["очередь"] * 5


def test_people_do_not_share_a_bucket_and_are_forgotten() -> None:
    """Everybody has a bucket; those that are full again take no room."""
    clock = Clock()
    buckets = TokenBuckets(burst=1, rate=1, timer=clock.timer)
    for user_id in range(1001):
        assert buckets.take(user_id) == 0
    assert buckets.take(1) == 1
    clock.passes(timedelta(seconds=2))

    assert buckets.take(1) == 0
    assert len(buckets._buckets) == 1
