"""Updates run side by side between chats, and in order within one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

from telegram import Update

from bot.transport.processor import PerChatProcessor


def message(update_id: int, chat_id: int) -> Update:
    """Return a message in a chat."""
    chat = {"id": chat_id, "type": "private", "first_name": "x"}
    data = {"message_id": update_id, "date": 1, "chat": chat, "text": "x"}
    update = Update.de_json({"update_id": update_id, "message": data}, None)
    assert update is not None
    return update


def inline(update_id: int, user_id: int) -> Update:
    """Return an inline query, which comes from no chat."""
    sender = {"id": user_id, "is_bot": False, "first_name": "x"}
    query = {"id": "1", "from": sender, "query": "", "offset": ""}
    update = Update.de_json({"update_id": update_id, "inline_query": query}, None)
    assert update is not None
    return update


async def test_updates_of_one_chat_keep_their_order() -> None:
    """An update waits for the one before it in its chat, and not for other chats."""
    reported: list[int] = []

    @asynccontextmanager
    async def reporting(update: Update) -> AsyncIterator[None]:
        yield
        reported.append(update.update_id)

    async with PerChatProcessor(8, handling=reporting) as processor:
        done: list[str] = []
        first_may_end = asyncio.Event()

        async def slow() -> None:
            await first_may_end.wait()
            done.append("first")

        async def quick(name: str) -> None:
            done.append(name)

        tasks = [
            asyncio.ensure_future(processor.process_update(update, work))
            for update, work in [
                (message(1, 10), slow()),
                (message(2, 10), quick("second")),
                (message(3, 20), quick("other chat")),
                (inline(4, 30), quick("inline")),
                (Update(5), quick("nobody's")),
                ("no update", quick("anything")),
            ]
        ]
        async with asyncio.timeout(60):
            while len(done) < 4:  # noqa: ASYNC110  # there is no word of each
                await asyncio.sleep(0)
        assert done == ["other chat", "inline", "nobody's", "anything"]
        assert reported == [3, 4, 5]
        first_may_end.set()
        await asyncio.gather(*tasks)

    assert done[4:] == ["first", "second"]
    assert reported[3:] == [1, 2]


async def test_failure_does_not_block_the_chat() -> None:
    """After an update that failed, the next one of the chat has its turn."""
    async with PerChatProcessor(8, handling=lambda _: nullcontext()) as processor:

        async def fails() -> None:
            raise RuntimeError("broken")

        async def works() -> str:
            return "done"

        results = await asyncio.gather(
            processor.process_update(message(1, 10), fails()),
            processor.process_update(message(2, 10), works()),
            return_exceptions=True,
        )

    assert isinstance(results[0], RuntimeError)
    assert results[1] is None
