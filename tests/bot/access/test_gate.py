"""The gate under failures: if access cannot be checked, nobody passes and the owners are told."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram import Update
from telegram.ext import TypeHandler

from bot.config import Access
from bot.memory_fallback import MemoryFallback
from bot.sessions import Listing, Session
from db.bot_people import AccessStatus
from db.bot_store import open_bot_store
from i18n import ENGLISH, RUSSIAN
from model.errors import ArchiveBusy
from model.messages import Code
from tests.bot.access.failing import damage, drop_table, full, locked
from tests.bot.conftest import OWNER, World
from tests.bot.live.live_messages import standing_update
from tests.bot.person import Person
from tests.standin.world import as_read

_STRANGER = 99
_LEFT = (
    200,
    b'{"ok":true,"result":{"status":"left","user":{"id":99,"is_bot":false,"first_name":"S"}}}',
)


def member(status: str, **more: Any) -> tuple[int, bytes]:
    """Return what Telegram says of the stranger."""
    user = {"id": _STRANGER, "is_bot": False, "first_name": "S"}
    answer = {"ok": True, "result": {"status": status, "user": user, **more}}
    return 200, json.dumps(answer).encode()


def updates(user_id: int) -> dict[str, dict[str, Any]]:
    """Return an update of every kind, by its name, from a person."""
    user = {"id": user_id, "is_bot": False, "first_name": "S", "language_code": "en"}
    chat = {"id": user_id, "type": "private", "first_name": "S"}
    channel = {"id": -6, "type": "channel", "title": "c"}
    message = {"message_id": 1, "date": 0, "text": "телескоп", "chat": chat, "from": user}
    command = [{"type": "bot_command", "offset": 0, "length": 7}]
    location = {"latitude": 1.0, "longitude": 1.0}
    address = dict.fromkeys(
        ("country_code", "state", "city", "street_line1", "street_line2", "post_code"), "x"
    )
    option = {"text": "a", "voter_count": 0, "persistent_id": "1"}
    payloads: dict[str, dict[str, Any]] = {
        "message": message | {"text": "/recent", "entities": command},
        "edited_message": message | {"edit_date": 5},
        "channel_post": message | {"chat": channel},
        "edited_channel_post": message | {"chat": channel, "edit_date": 5},
        "business_message": message,
        "edited_business_message": message,
        "callback_query": {"id": "1", "from": user, "chat_instance": "1", "data": "1|w||1"}
        | {"message": message},
        "inline_query": {"id": "1", "from": user, "query": "телескоп", "offset": ""},
        "chosen_inline_result": {"result_id": "1", "from": user, "query": "телескоп"}
        | {"location": location},
        "my_chat_member": standing_update("administrator", chat=chat, by=user)["my_chat_member"],
        "chat_member": standing_update("member", chat=chat, by=user)["my_chat_member"],
        "chat_join_request": {"chat": channel, "from": user, "date": 0, "user_chat_id": user_id},
        "message_reaction": {"chat": chat, "message_id": 1, "date": 0, "user": user}
        | {"old_reaction": [], "new_reaction": []},
        "poll": {"id": "1", "question": "?", "options": [option], "total_voter_count": 0}
        | {"is_closed": False, "is_anonymous": True, "type": "regular"}
        | {"allows_multiple_answers": False, "allows_revoting": False, "members_only": False},
        "poll_answer": {"poll_id": "1", "user": user, "option_ids": [0]}
        | {"option_persistent_ids": ["1"]},
        "shipping_query": {"id": "1", "from": user, "invoice_payload": "x"}
        | {"shipping_address": address},
        "pre_checkout_query": {"id": "1", "from": user, "currency": "EUR", "total_amount": 1}
        | {"invoice_payload": "x"},
        "something_new": {"from": user},
    }
    return {
        kind: {"update_id": 1000 * user_id + number, kind: payload}
        for number, (kind, payload) in enumerate(payloads.items())
    }


_FAILING = (
    "people unreadable",
    "updates unreadable",
    "file damaged",
    "ban unreadable",
    "restriction unreadable",
    "Telegram fails",
    "no answer",
    "file full",
    "file locked",
)
_ANSWERS: dict[str, tuple[int, bytes] | Exception] = {
    "ban unreadable": member("kicked"),
    "restriction unreadable": member("restricted", is_member=True),
    "Telegram fails": (500, b'{"ok":false,"description":"Internal Server Error"}'),
    "no answer": OSError("no route"),
    "file full": _LEFT,
    "file locked": _LEFT,
}


@pytest.fixture
def failing(
    request: pytest.FixtureRequest, world: World, tmp_path: Path
) -> Iterator[tuple[World, tuple[int, bytes] | Exception]]:
    """Return a bot that answers members, its file about to fail, and what Telegram says of them."""
    path = tmp_path / "bot.db"
    with open_bot_store(path, busy_seconds=0) as bot_store:
        config = replace(world.config, access=Access.MEMBERS, members_of=-6, burst=50)
        yield (
            replace(world, bot_store=bot_store, config=config),
            _ANSWERS.get(request.param, member("member")),
        )


@contextmanager
def broken(name: str, world: World, path: Path) -> Iterator[None]:
    """Let the bot's file fail."""
    match name:
        case "people unreadable":
            drop_table(path, "people")
        case "updates unreadable":
            drop_table(path, "seen_updates")
        case "file damaged":
            damage(path)
        case "file full":
            with full(path, world.bot_store):
                yield
                return
        case "file locked":
            with locked(path):
                yield
                return
    yield


def watched(person: Person) -> list[Update]:
    """Return a list to which every update is added that comes past all other handlers."""
    passed: list[Update] = []

    async def note(update: Update, _context: object) -> None:
        passed.append(update)

    person.application.add_handler(TypeHandler(Update, note), group=9)
    return passed


@pytest.mark.parametrize(
    ("name", "failing"), [(name, name) for name in _FAILING], indirect=["failing"], ids=_FAILING
)
async def test_failing_check_denies_access(
    failing: tuple[World, Any], name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """If the check fails, no kind of update passes, and the owner is told once."""
    world, answer = failing
    async with Person(world.build, user_id=_STRANGER, language_code="en") as stranger:
        passed = watched(stranger)
        stranger.server.prescribe("getChatMember", answer)
        with broken(name, world, tmp_path / "bot.db"):
            for update in updates(_STRANGER).values():
                await stranger.receives(update)

    assert passed == []
    said = [call.get("text", "") for _, call in stranger.server.calls]
    assert not [text for text in said if "телескоп" in text or "очеред" in text]
    told = [call["text"] for call in stranger.server.elsewhere]
    is_checked = name in {"file full", "file locked"}  # and found to be nobody who is let in
    assert [text[0] for text in told] == ([] if is_checked else ["🚪"])


_CLOSED = ("people unreadable", "updates unreadable", "file damaged")


@pytest.mark.parametrize(
    ("name", "failing"), [(name, name) for name in _CLOSED], indirect=["failing"], ids=_CLOSED
)
async def test_owner_is_told_why_nobody_is_answered(
    failing: tuple[World, Any], name: str, tmp_path: Path
) -> None:
    """An owner gets one sentence per question, and nothing passes; other owners are notified."""
    world = replace(failing[0], config=replace(failing[0].config, owners=frozenset({OWNER, 2})))
    of_owner = updates(OWNER)
    async with Person(world.build, language_code="en") as owner:
        passed = watched(owner)
        with broken(name, world, tmp_path / "bot.db"):
            await owner.receives(of_owner["message"])
            assert owner.text.startswith(ENGLISH.troubles.closed.partition("{")[0])
            assert len(owner.events) == 1
            await owner.receives(of_owner["callback_query"])
            assert owner.toasts == [owner.text[:200]]
            await owner.receives(of_owner["edited_message"])
            assert owner.events == []
            owner.server.prescribe("sendMessage", OSError("no route"))
            await owner.receives(of_owner["message"])

    assert (passed, owner.events) == ([], [])
    assert [call["chat_id"] for call in owner.server.elsewhere] == ["2"]


@pytest.mark.parametrize("failing", ["no answer"], indirect=True)
async def test_failure_is_reported_once_an_hour(failing: tuple[World, Any]) -> None:
    """While it lasts, owners are notified every hour, not for every question."""
    world, answer = failing
    async with Person(world.build, user_id=_STRANGER) as stranger:
        for minutes, told in ((0, 1), (2, 1), (57, 1), (2, 2)):
            world.clock.passes(timedelta(minutes=minutes))
            stranger.server.prescribe("getChatMember", answer)
            await stranger.says("телескоп")
            assert len(stranger.server.elsewhere) == told

    assert stranger.text == RUSSIAN.access.refusal.format(user=_STRANGER)


async def test_failure_report_hides_the_token(world: World) -> None:
    """Whatever the library says about a failure, the token is not in the report."""
    world.config = replace(world.config, access=Access.MEMBERS, members_of=-6, token="7:odd")
    async with Person(world.build, user_id=_STRANGER) as stranger:
        stranger.server.prescribe("getChatMember", OSError("no route to /bot7:odd/getChatMember"))
        await stranger.says("телескоп")

    (told,) = stranger.server.elsewhere
    assert "no route to /bot<token>/getChatMember" in html.unescape(told["text"])


@contextmanager
def unwritable(name: str, world: World, path: Path) -> Iterator[None]:
    """Let the bot's file be full, or locked by another program."""
    with full(path, world.bot_store) if name == "full" else locked(path):
        yield


@pytest.fixture
def hasty(world: World, tmp_path: Path) -> Iterator[World]:
    """Return a bot that does not wait for its file, and a person who has access."""
    with open_bot_store(tmp_path / "bot.db", busy_seconds=0) as bot_store:
        now = world.clock()
        bot_store.people.ask(_STRANGER, name="S", spoken="ru", target=0, now=now, rested_since=now)
        bot_store.people.decide(
            _STRANGER, AccessStatus.APPROVED, instead_of=[AccessStatus.ASKED], by=OWNER, now=now
        )
        yield replace(world, bot_store=bot_store)


@pytest.mark.parametrize("name", ["full", "locked"])
async def test_search_works_on_a_full_disk(hasty: World, name: str, tmp_path: Path) -> None:
    """Answers and buttons work, repeated updates are recognised, and the owner is told once."""
    async with Person(hasty.build, user_id=_STRANGER) as person:
        before = person.server.message_update("телескоп")
        await person.receives(before)
        with unwritable(name, hasty, tmp_path / "bot.db"):
            await person.receives(before)
            assert person.events == []
            twice = person.server.message_update("очередь")
            await person.receives(twice)
            first = person.text
            assert first.startswith("🔎 очередь")
            assert len(person.events) == 1
            await person.receives(twice)
            assert person.events == []
            await person.presses("›")
            assert person.text != first
            await person.presses("‹")
        assert person.text == first
        await person.receives(twice)
        assert person.events == []
        session = person.buttons[0].data.split("|")[2]
        assert hasty.bot_store.find_session(session) is None
        await person.presses("↕ Сначала новые")
        assert hasty.bot_store.find_session(session)

    assert [call["text"][0] for call in person.server.elsewhere] == ["💾"]


def first_letters(person: Person) -> list[str]:
    """Return with what each message begins that came in answer to the last update."""
    return [as_read(event.message).body.text[0] for event in person.events if event.message]


async def test_owner_is_answered_on_a_full_disk(hasty: World, tmp_path: Path) -> None:
    """An owner gets the answer and one word on the disk, not two failures."""
    async with Person(hasty.build) as owner:
        with full(tmp_path / "bot.db", hasty.bot_store):
            await owner.says("телескоп")
            assert first_letters(owner) == [
                "💾",
                "🔎",
            ]
            await owner.says("очередь")
            assert first_letters(owner) == ["🔎"]


async def test_unstorable_choice_is_refused(hasty: World, tmp_path: Path) -> None:
    """A choice that cannot be stored is refused in one sentence, without an error number."""
    async with Person(hasty.build, user_id=_STRANGER) as person:
        await person.says("/lang")
        with locked(tmp_path / "bot.db"):
            await person.presses("English")

    assert person.text == RUSSIAN.troubles.unstored


async def test_deleting_searches_includes_those_in_memory(hasty: World, tmp_path: Path) -> None:
    """Deleting one's searches also deletes those that could not be stored."""
    async with Person(hasty.build, user_id=_STRANGER) as person:
        with locked(tmp_path / "bot.db"):
            await person.says("очередь")
        (page,) = (button.data for button in person.buttons if button.label == "›")
        await person.says("/privacy")
        await person.presses(RUSSIAN.access.button_forget)
        await person.sends_data(page)

    assert person.toasts == [RUSSIAN.expired]


def test_unwritten_sessions_are_limited() -> None:
    """If there are too many unwritten sessions, the oldest are dropped."""
    memory_fallback, error = MemoryFallback(), ArchiveBusy(Code.BUSY)
    for number in range(1001):
        session = Session(session_id=str(number), user_id=7, chat_id=7, listing=Listing.SEARCH)
        memory_fallback.keep_session(session, error)

    assert memory_fallback.find_session("0") is None
    assert memory_fallback.find_session("1000")
