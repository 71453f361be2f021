"""Access: the archive answers its owners, and nobody else learns anything of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.bot.conftest import World
from tests.bot.person import Person
from tests.bot.sentences import RUSSIAN, opening

pytestmark = pytest.mark.asyncio

_STRANGER = {"id": 99, "is_bot": False, "first_name": "S", "language_code": "en"}


async def test_stranger_is_refused_politely(world: World) -> None:
    """A stranger gets one refusal, in their language, with the id that an owner would need."""
    async with Person(world.build, user_id=99, language_code="en") as stranger:
        await stranger.says("очередь")

    assert stranger.text == (
        "This archive is private: only people approved by its owner can search it. "
        "Your Telegram id is 99."
    )
    assert len(stranger.events) == 1


@pytest.mark.parametrize("text", ["/start", "/help", "/tags", "/recent", "/random", "/nosuch", "x"])
async def test_stranger_learns_nothing(world: World, text: str) -> None:
    """No command tells a stranger anything."""
    async with Person(world.build, user_id=99) as stranger:
        await stranger.says(text)

    (event,) = stranger.events
    assert event.message
    assert event.message.text.startswith(opening(RUSSIAN.access.refusal))


async def test_stranger_is_refused_five_times_an_hour(world: World) -> None:
    """A stranger who goes on and on gets silence, and the refusal again after an hour."""
    async with Person(world.build, user_id=99) as stranger:
        for text in ("раз", "два", "три", "четыре", "пять"):
            await stranger.says(text)
            assert len(stranger.events) == 1
        await stranger.says("шесть")
        assert stranger.events == []
        world.clock.passes(timedelta(hours=1))
        await stranger.says("семь")

    assert len(stranger.events) == 1


async def test_strangers_buttons_are_refused(world: World) -> None:
    """A button pressed by a stranger shows the refusal and changes nothing."""
    async with Person(world.build) as owner, Person(world.build, user_id=99) as stranger:
        await owner.says("очередь")
        await stranger.says("раз")
        await stranger.sends_data(owner.buttons[6].data)

    assert stranger.toasts == [RUSSIAN.access.refusal.format(user=99)]
    assert len(stranger.events) == 1


@pytest.mark.parametrize(
    "update",
    [
        {"message": {"from": _STRANGER, "chat": {"id": -5, "type": "group", "title": "g"}}},
        {"edited_message": {"from": _STRANGER, "chat": {"id": 99, "type": "private"}}},
        {"channel_post": {"chat": {"id": -6, "type": "channel", "title": "c"}}},
    ],
    ids=["in a group", "edited", "in a channel"],
)
async def test_strangers_are_ignored_outside_private_chats(
    world: World, update: dict[str, Any]
) -> None:
    """Where a refusal would be noise, the bot stays silent."""
    (kind, message), *_ = update.items()
    message = {"message_id": 1, "date": 0, "text": "очередь", **message}
    async with Person(world.build) as person:
        before = len(person.server.calls)
        await person.receives({"update_id": 1, kind: message})

    assert len(person.server.calls) == before


async def test_channel_post_of_an_owner_is_not_a_search(world: World) -> None:
    """A post in an owner's channel is not a question to the bot."""
    owner = {**_STRANGER, "id": 1}
    post = {"message_id": 1, "date": 0, "text": "/recent", "from": owner}
    chat = {"id": -6, "type": "channel", "title": "c"}
    async with Person(world.build) as person:
        await person.receives({"update_id": 1, "channel_post": {**post, "chat": chat}})

    assert person.events == []


async def test_failing_refusal_does_not_let_anyone_in(world: World) -> None:
    """A stranger who blocked the bot, or a failing network, opens no way past the gate."""
    blocked = b'{"ok":false,"description":"Forbidden: bot was blocked by the user"}'
    async with Person(world.build, user_id=99) as stranger:
        before = len(stranger.server.calls)
        stranger.server.prescribe("sendMessage", (403, blocked))
        await stranger.says("очередь")
        stranger.server.prescribe("answerCallbackQuery", OSError("no route"))
        await stranger.receives(
            {
                "update_id": 7,
                "callback_query": {
                    "id": "1",
                    "from": _STRANGER,
                    "chat_instance": "1",
                    "data": "1|m||1",
                },
            }
        )

    names = [name for name, _ in stranger.server.calls[before:]]
    assert names == ["sendMessage", "answerCallbackQuery"]


async def test_update_that_comes_twice_is_answered_once(world: World) -> None:
    """What Telegram delivers again after a lost confirmation is recognised."""
    async with Person(world.build) as person:
        data = person.server.message_update("очередь")
        await person.receives(data)
        assert len(person.events) == 1
        await person.receives(data)

    assert person.events == []
