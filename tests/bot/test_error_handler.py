"""Failures: network errors are only logged, bugs get a number, and the token is never shown."""

from __future__ import annotations

import io
import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest
from telegram import Update
from telegram.error import Conflict
from telegram.ext import TypeHandler

from bot.indexing.updater import IndexUpdater
from bot.transport.redaction import install_redaction, redact
from bot.transport.superseded import Superseded
from model.errors import IndexUnavailable, NotLeading
from model.messages import Code
from search import Answer, Searcher
from tests.bot.access.failing import damage
from tests.bot.conftest import World
from tests.bot.person import Person
from tests.bot.sentences import RUSSIAN, opening, posts

_TOKEN = "1234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawT"


def refused(code: int, description: str) -> tuple[int, bytes]:
    """Return an error as the server says it."""
    return code, json.dumps({"ok": False, "description": description}).encode()


async def test_fault_gets_a_number_that_the_log_knows(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug is answered with a short number, under which the log holds the traceback."""
    async with Person(world.build) as person:
        person.server.prescribe("sendMessage", refused(400, "Bad Request: something new"))
        await person.says("очередь")

    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    number = record.getMessage().removeprefix("error ")
    assert person.text == RUSSIAN.broken.format(number=number)
    assert record.exc_info


async def test_fault_that_cannot_be_told_is_noted(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Where even the number cannot be sent, the log says so."""
    async with Person(world.build) as person:
        strange = refused(400, "Bad Request: something new")
        person.server.prescribe("sendMessage", strange, strange)
        await person.says("очередь")

    assert "could not be told" in caplog.text


async def test_damaged_archive_is_told_to_the_owners(
    empty: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Who asks is told that it cannot be read; the owners learn once why, and what to do."""
    empty.store.close()
    damage(empty.store.path)
    async with Person(empty.build) as person:
        await person.application.bot_data[IndexUpdater].run_once(person.application)
        await person.says("/tags")
        assert person.text == RUSSIAN.unavailable
        await person.says("/tags")
        await person.receives(
            {
                "update_id": 99,
                "inline_query": {
                    "id": "1",
                    "from": {"id": 1, "is_bot": False, "first_name": "Owner"},
                    "query": "слово",
                    "offset": "",
                },
            }
        )
    told = [call.get("text", "") for _, call in person.server.calls]
    (reason,) = [text for text in told if text[:1] == RUSSIAN.troubles.unreadable[0]]
    assert "archive.db is damaged or not an SQLite database; restore it from a backup" in reason
    assert "Traceback" not in caplog.text


async def test_update_whose_handler_fails_goes_no_further(world: World) -> None:
    """No handler of a later group sees an update over which an earlier one has failed."""
    seen: list[Update] = []

    async def fail(_update: Update, _context: object) -> None:
        raise ValueError("broken")

    async def note(update: Update, _context: object) -> None:
        seen.append(update)

    async with Person(world.build) as person:
        person.application.add_handler(TypeHandler(Update, fail), group=-4)
        person.application.add_handler(TypeHandler(Update, note), group=9)
        await person.says("очередь")
        assert "ошибка записана" in person.text
        person.application.bot_data.clear()  # so that the failure cannot be told either
        await person.says("очередь")

    assert (seen, person.events) == ([], [])


async def test_fault_without_a_chat_is_noted(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault in answering something that came from no chat is only noted."""
    async with Person(world.build) as person:
        person.server.prescribe("answerInlineQuery", refused(400, "Bad Request: something new"))
        sender = {"id": 1, "is_bot": False, "first_name": "O"}
        query = {"id": "5", "query": "x", "offset": "", "from": sender}
        await person.receives({"update_id": 1, "inline_query": query})

    assert person.events == []
    assert "error " in caplog.text


async def test_fault_without_an_update_is_noted(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault in work that nobody asked for is only noted."""
    async with Person(world.build) as person:
        await person.application.process_error(update=None, error=RuntimeError("broken"))

    assert "error " in caplog.text
    person.sees_what_came()
    assert person.events == []


@pytest.mark.parametrize("error", [Superseded(), NotLeading(Code.NOT_LEADING)], ids=str)
async def test_what_another_bot_does_is_no_error(
    world: World, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    """What this one could not do any more is not to be repaired, and told to nobody."""
    async with Person(world.build) as person:
        await person.application.process_error(update=None, error=error)
        person.sees_what_came()

    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert person.events == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (refused(502, "Bad Gateway"), "Telegram could not be reached: Bad Gateway"),
        (refused(403, "Forbidden: bot was blocked by the user"), "refused to deliver: Forbidden"),
    ],
    ids=["bad gateway", "blocked"],
)
async def test_network_trouble_is_one_line(
    world: World, caplog: pytest.LogCaptureFixture, answer: tuple[int, bytes], says: str
) -> None:
    """What the network or the person causes is one warning, without a traceback."""
    async with Person(world.build) as person:
        person.server.prescribe("sendMessage", answer)
        await person.says("очередь")

    (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert says in record.getMessage()
    assert record.levelno == logging.WARNING
    assert not record.exc_info


async def test_late_button_is_harmless(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """A button that Telegram no longer takes an answer for is nothing to speak of."""
    late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    async with Person(world.build) as person:
        await person.says("очередь")
        person.server.prescribe("answerCallbackQuery", refused(400, late))
        await person.presses("›")

    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_second_copy_of_the_bot_is_named(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A conflict over the messages is said in one sentence."""
    async with Person(world.build) as person:
        await person.application.process_error(update=None, error=Conflict("terminated by other"))

    (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert record.getMessage() == (
        "Another program receives this bot's messages; stop the other copy, or give this one a "
        "token of its own. Trying again."
    )


async def test_message_refused_as_html_is_sent_plain(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Should the server refuse the formatting, the words arrive without it."""
    broken = refused(400, "Bad Request: can't parse entities: Unsupported start tag")
    async with Person(world.build) as person:
        person.server.prescribe("sendMessage", broken)
        await person.says("группировка")

    assert person.text.startswith(f"🔎 группировка — {posts(1)}")
    assert person.seen.body.spans == ()
    assert "sent as plain text" in caplog.text


async def test_edit_refused_for_a_new_reason_is_a_fault(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Only a message out of reach is answered anew."""
    async with Person(world.build) as person:
        await person.says("очередь")
        person.server.prescribe("editMessageText", refused(400, "Bad Request: something new"))
        await person.presses("›")

    assert opening(RUSSIAN.broken) in person.text


class _Unavailable(Searcher):
    """A searcher whose index is gone."""

    def search(self, text: str, **_more: object) -> Answer:
        raise IndexUnavailable(Code.INDEX_UNREADABLE, folder="/index")


async def test_index_that_cannot_be_read_is_told(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the index is gone, the person reads a sentence and the log the reason."""
    searcher = _Unavailable.__new__(_Unavailable)
    async with Person(replace(world, searcher=searcher).build) as person:
        await person.says("очередь")

    assert person.text == RUSSIAN.unavailable
    assert "index_unreadable (folder=/index)" in caplog.text


@pytest.mark.parametrize(
    "text",
    [
        f"https://api.telegram.org/bot{_TOKEN}/getMe",
        f"https://api.telegram.org/file/bot{_TOKEN.replace(':', '%3A')}/documents/1.zip",
        f"Bot[token={_TOKEN}]",
    ],
)
def test_anything_like_a_token_is_redacted(text: str) -> None:
    """No token is left in a text, whatever surrounds it."""
    redacted = redact(text)

    assert "AAHdqTcv" not in redacted
    assert "<token>" in redacted


def test_logs_and_tracebacks_hold_no_token() -> None:
    """With redaction installed, messages, arguments and tracebacks are clean; twice is once."""
    stream = io.StringIO()
    root = logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    bare = logging.StreamHandler(stream)
    root.addHandler(handler)
    root.addHandler(bare)
    before = [(other, other.formatter) for other in root.handlers]
    try:
        install_redaction(secrets=["odd-secret"])
        install_redaction(secrets=["odd-secret"])
        try:
            int(f"no number: /bot{_TOKEN}/x")
        except ValueError:
            logging.getLogger("letopis").exception("failed at %s with odd-secret", _TOKEN)
        logging.getLogger("httpx").info("HTTP Request: POST /bot%s/getMe", _TOKEN)
    finally:
        root.removeHandler(handler)
        root.removeHandler(bare)
        for other, formatter in before:
            other.setFormatter(formatter)

    written = stream.getvalue()
    assert "ERROR failed at <token> with <token>" in written
    assert "no number: /bot<token>/x" in written
    assert "AAHdqTcv" not in written
    assert "odd-secret" not in written
    assert "HTTP Request" not in written


def test_redaction_makes_no_logger_say_more() -> None:
    """Where the settings ask for warnings alone, libraries say no more than that."""
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.ERROR)
    try:
        install_redaction()
        assert not logging.getLogger("telegram.ext").isEnabledFor(logging.WARNING)
        assert not logging.getLogger("httpx").isEnabledFor(logging.WARNING)
    finally:
        root.setLevel(before)


def test_settings_do_not_show_the_token(world: World) -> None:
    """The settings can be printed without giving the token away."""
    assert "1:token" not in repr(world.config)
