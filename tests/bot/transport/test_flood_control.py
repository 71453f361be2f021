"""Floods: a chat that is written to too fast is waited for, and no other."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import RetryAfter

from bot.transport.flood_control import FloodControl
from bot.transport.superseded import Superseded

# The library warns of itself whenever it is told to wait.
pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")


class Server:
    """Refuses the first calls to some chats, and notes the moments of all that pass."""

    def __init__(self, refusals: dict[int, list[int | timedelta]]) -> None:
        self.now = 100.0
        self.refusals = refusals
        self.is_leading = True
        self.announced = 0
        self.calls: list[tuple[int, float]] = []
        self.patience = FloodControl(
            is_leading=lambda: self.is_leading,
            before_saying=self._note_saying,
            clock=lambda: self.now,
            sleep=self._sleep,
        )

    async def _sleep(self, seconds: float) -> None:
        until = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, until)

    async def _note_saying(self) -> None:
        self.announced += 1

    async def send(
        self, chat: int, *, attempts: int | None = None, endpoint: str = "sendMessage"
    ) -> Any:
        """Send something to a chat, by way of the limiter."""
        return await self.patience.process_request(
            self._take, (chat,), {}, endpoint, {"chat_id": chat}, attempts
        )

    async def _take(self, chat: int) -> bool:
        self.calls.append((chat, self.now))
        if self.refusals.get(chat):
            raise RetryAfter(self.refusals[chat].pop(0))
        return True


async def test_chat_is_waited_for() -> None:
    """What was refused is sent again when Telegram said, as often as need be."""
    server = Server({1: [3, timedelta(seconds=2)]})

    await server.patience.initialize()
    assert await server.send(1) is True
    await server.patience.shutdown()

    assert server.calls == [(1, 100), (1, 103), (1, 105)]


async def test_next_message_to_the_chat_waits_too() -> None:
    """A message to a chat that rests does not ask Telegram in vain; one to another goes out."""
    server = Server({1: [3]})

    await asyncio.gather(server.send(1), server.send(2), server.send(1))

    assert server.calls[:2] == [(1, 100), (2, 100)]
    assert [at for chat, at in server.calls if chat == 1] == [100, 103, 103]


@pytest.mark.parametrize(
    ("endpoint", "seen"),
    [("sendMessage", 1), ("editMessageText", 1), ("sendChatAction", 0), ("getFile", 0)],
)
async def test_what_people_see_is_announced(endpoint: str, seen: int) -> None:
    """Whoever keeps what is not answered yet learns of it before."""
    server = Server({})

    await server.send(1, endpoint=endpoint)

    assert server.announced == seen


async def test_nothing_is_sent_once_another_bot_may_work() -> None:
    """A message that has waited for its chat meanwhile is not sent either."""
    server = Server({1: [3]})
    waiting = asyncio.create_task(server.send(1))
    await asyncio.sleep(0)
    assert server.calls

    server.is_leading = False

    with pytest.raises(Superseded):
        await waiting
    assert server.calls == [(1, 100)]


@pytest.mark.parametrize(
    ("refusals", "attempts", "calls"),
    [([61], None, 1), ([1] * 9, None, 4), ([1] * 9, 2, 2)],
    ids=["too long", "too often", "as often as wished"],
)
async def test_retries_end(
    refusals: list[int | timedelta], attempts: int | None, calls: int
) -> None:
    """Too long a wait, or too many of them, is reported as a failure."""
    server = Server({1: refusals})

    with pytest.raises(RetryAfter):
        await server.send(1, attempts=attempts)

    assert len(server.calls) == calls
