"""The in-process server: it answers and refuses as Telegram does."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import given
from telegram import Bot
from telegram.error import BadRequest, EndPointNotFound

from bot.message.html import to_html
from bot.message.nesting import nest
from bot.terminal.html_reader import read_html, to_entities
from bot.terminal.transport import ConsoleRequest
from model.rich_text import RichText
from tests.bot.strategies import rich_texts


@pytest.fixture
def transport() -> ConsoleRequest:
    """Return a server without messages."""
    transport = ConsoleRequest()
    transport.api.chats[1] = {"id": 1, "type": "private", "first_name": "Vera"}
    return transport


@pytest_asyncio.fixture
async def bot(transport: ConsoleRequest) -> AsyncIterator[Bot]:
    """Run a client of it."""
    async with Bot("1:token", request=transport, get_updates_request=transport) as bot:
        yield bot


async def test_message_is_shown_and_returned(bot: Bot, transport: ConsoleRequest) -> None:
    """What is sent is shown once, and comes back with the spans that were meant."""
    message = await bot.send_message(1, "  <b>раз</b> 😀 <i>два</i>\n", parse_mode="HTML")

    (shown,) = transport.api.events
    assert shown.message
    assert shown.message.text == message.text == "раз 😀 два"
    assert [(e.type, e.offset, e.length) for e in message.entities] == [
        ("bold", 0, 3),
        ("italic", 7, 3),
    ]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [(" \n ", "Message text is empty"), ("x" * 4097, "Message is too long")],
)
async def test_text_is_held_to_the_limits(bot: Bot, text: str, refusal: str) -> None:
    """Empty and endless messages are refused."""
    with pytest.raises(BadRequest, match=refusal):
        await bot.send_message(1, text)


async def test_edits_are_held_to_the_rules(bot: Bot) -> None:
    """An edit that changes nothing, or nothing that is there, is refused."""
    message = await bot.send_message(1, "раз")
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("раз", 1, message.message_id)
    with pytest.raises(BadRequest, match="to edit not found"):
        await bot.edit_message_text("раз", 1, 99)


async def test_missing_things_are_refused_or_ignored(bot: Bot) -> None:
    """Messages to strangers and answers to unknown queries are refused; deleting is lenient."""
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(2, "раз")
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query("7")
    assert await bot.delete_messages(1, [99])


async def test_unknown_method_is_not_found(bot: Bot) -> None:
    """A method that the console does not know is answered as by a server of another age."""
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendSmoke")


def test_answers_are_immediate(transport: ConsoleRequest) -> None:
    """Answers are there at once."""
    assert transport.read_timeout is None


@given(rich_texts())
def test_html_is_read_as_it_was_written(rich: RichText) -> None:
    """Reading the bot's HTML gives back its texts and spans."""
    nested = nest(rich)

    read = read_html(to_html(rich))

    assert read.text == nested.text
    assert set(read.spans) == set(nested.spans)
    assert all(entity["length"] for entity in to_entities(nested))
