"""The stand-in as python-telegram-bot's own client meets it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter

from tests.standin.faults import Fault
from tests.standin.person import Person
from tests.standin.server import StandIn


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """Run a server for one test."""
    with StandIn() as standin:
        yield standin


@pytest.fixture
def vera(standin: StandIn) -> Person:
    """Return a person that has not written yet."""
    return Person(standin, 501, first_name="Вера")


@pytest_asyncio.fixture
async def bot(standin: StandIn) -> AsyncIterator[Bot]:
    """Run a client."""
    async with client(standin, standin.token) as bot:
        yield bot


def client(standin: StandIn, token: str) -> Bot:
    """Return a client that speaks to the stand-in."""
    return Bot(token, base_url=f"{standin.url}/bot", base_file_url=f"{standin.url}/file/bot")


async def test_client_introduces_itself(bot: Bot) -> None:
    """The client learns its own name."""
    assert bot.username == "letopis_standin_bot"


async def test_client_gets_what_a_person_says(bot: Bot, vera: Person) -> None:
    """A person's words arrive with the entities that Telegram finds in them."""
    vera.says("/find #ozon")

    (update,) = await bot.get_updates(timeout=5)

    assert update.message is not None
    assert update.message.text == "/find #ozon"
    assert update.message.from_user is not None
    assert update.message.from_user.language_code == "ru"
    assert [e.type for e in update.message.entities] == ["bot_command", "hashtag"]


async def test_client_sends_and_edits(bot: Bot, vera: Person) -> None:
    """A message with buttons is sent, pressed, edited in place and answered for."""
    vera.says("привет")
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("дальше", callback_data="p|2")]])

    sent = await bot.send_message(501, "<b>раз</b>", parse_mode=ParseMode.HTML, reply_markup=keys)
    seen = vera.waits_for()
    vera.presses(seen, "дальше")
    *_, update = await bot.get_updates(timeout=5)
    assert update.callback_query is not None
    await update.callback_query.answer("готово")
    await update.callback_query.edit_message_text("два")

    assert (seen.html, seen.labels) == ("<b>раз</b>", ("дальше",))
    assert update.callback_query.data == "p|2"
    edited = vera.waits_for()
    assert (edited.message_id, edited.text, edited.labels) == (sent.message_id, "два", ())


async def test_client_uploads_and_downloads(bot: Bot, vera: Person) -> None:
    """Files go both ways, with the token's colon encoded in the address."""
    vera.uploads("архив.zip", b"PK\x03\x04" * 1000)
    (update,) = await bot.get_updates(timeout=5)
    assert update.message is not None
    assert update.message.document is not None

    file = await update.message.document.get_file()
    got = bytes(await file.download_as_bytearray())
    await bot.send_document(501, b"print(1)\r\n--x\r\n", filename="a.py", caption="код")

    assert got == b"PK\x03\x04" * 1000
    seen = vera.waits_for()
    assert seen.file is not None
    assert (seen.file.name, seen.file.data, seen.text) == ("a.py", b"print(1)\r\n--x\r\n", "код")


async def test_client_is_refused_in_the_servers_words(bot: Bot, vera: Person) -> None:
    """Refusals become the client's exceptions."""
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(501, "здравствуйте")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(502, "здравствуйте")


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
async def test_client_waits_as_told(standin: StandIn, bot: Bot, vera: Person) -> None:
    """A flood refusal carries its time."""
    vera.says("привет")
    standin.world.faults.schedule(Fault(kind="flood", method="sendMessage", seconds=7))

    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(501, "раз")

    assert caught.value.retry_after == 7


async def test_client_survives_a_bad_gateway(standin: StandIn, bot: Bot) -> None:
    """A page of HTML with status 502 is a network error."""
    standin.world.faults.schedule(Fault(kind="gateway", method="getMe"))

    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.get_me()


async def test_client_survives_a_dropped_connection(standin: StandIn, bot: Bot) -> None:
    """A connection that ends without an answer is a network error."""
    standin.world.faults.schedule(Fault(kind="drop", method="getMe", seconds=0))

    with pytest.raises(NetworkError):
        await bot.get_me()


async def test_client_with_a_wrong_token_is_turned_away(standin: StandIn) -> None:
    """An unknown token is unauthorised."""
    stranger = client(standin, "987654321:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")

    with pytest.raises(InvalidToken):
        await stranger.get_me()

    await stranger.request.shutdown()


async def test_client_meets_a_webhook(bot: Bot) -> None:
    """Polling beside a webhook is a conflict."""
    await bot.set_webhook("https://bot.example/hook")

    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
