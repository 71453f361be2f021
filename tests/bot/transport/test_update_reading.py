"""Reading updates: what cannot be read is logged once, confirmed and passed over."""

from __future__ import annotations

import json
from typing import Any

import pytest
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.transport.update_reading import read_update, read_updates

_BOT = Bot("1:token")
_CHAT = {"id": 7, "type": "private"}
_MESSAGE = {"message_id": 1, "date": 0, "chat": _CHAT, "text": "secret"}
_GOOD = {"update_id": 4, "message": _MESSAGE}


def _keep(update: Update) -> None:
    """Keep nothing; whatever comes here could be read."""
    update.to_json()


def nested(levels: int) -> dict[str, Any]:
    """Return a message that answers a message that answers a message, and so on."""
    message = _MESSAGE
    for _ in range(levels):
        message = _MESSAGE | {"reply_to_message": message}
    return message


POISON: dict[str, tuple[str, str]] = {
    "old poll": (
        json.dumps({"update_id": 5, "message": _MESSAGE | {"poll": {"id": "1", "question": "?"}}}),
        "update 5 (message) was passed over: TypeError",
    ),
    "year 10000": (
        json.dumps({"update_id": 5, "edited_message": _MESSAGE | {"date": 253402300800}}),
        "update 5 (edited_message) was passed over: ValueError",
    ),
    "endless time": (
        json.dumps({"update_id": 5, "message": _MESSAGE | {"date": 1e300}}),
        "update 5 (message) was passed over: OverflowError",
    ),
    "nested answers": (
        json.dumps({"update_id": 5, "message": nested(900)}),
        "update 5 (message) was passed over: RecursionError",
    ),
    "nested without end": (
        f'{{"update_id": 5, "message": {{"x": {"[" * 200_000}"]\\"\\\\"{"]" * 200_000}}}}}',
        "update 5 (no JSON) was passed over: RecursionError",
    ),
    "endless number": (
        f'{{"update_id": 5, "message": {{"date": {"9" * 5000}}}}}',
        "update 5 (no JSON) was passed over: ValueError",
    ),
    "no object": ('{"update_id": 5, "message": "x"}', "update 5 (message) was passed over: "),
    "of a new kind": ('{"update_id": 5, "poll_answer": 8}', "update 5 (poll_answer) was passed"),
}


@pytest.mark.parametrize(("text", "said"), POISON.values(), ids=POISON)
def test_update_that_cannot_be_read_is_left_out(
    text: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The others of its batch stay whole, and the log does not hold what it held."""
    good = json.dumps(_GOOD)
    later = json.dumps(_GOOD | {"update_id": 6})
    answer = f'{{"ok": true, "result": [{good}, {text}, {later}]}}'

    assert read_updates(answer.encode(), keep=_keep) == {
        "ok": True,
        "result": [_GOOD, {"update_id": 5}, _GOOD | {"update_id": 6}],
    }
    (record,) = caplog.records
    assert record.getMessage().startswith(said)
    assert "secret" not in caplog.text


@pytest.mark.parametrize(("text", "said"), POISON.values(), ids=POISON)
def test_unreadable_update_that_is_brought_is_bare(
    text: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    """By webhook it is read likewise."""
    update = read_update(text.encode(), _BOT, keep=_keep)

    assert update
    assert update.to_dict() == {"update_id": 5}
    assert [record.getMessage()[: len(said)] for record in caplog.records] == [said]


@pytest.mark.parametrize("body", [b"", b"[1]", b'{"message": {}}', b'{"update_id": "5"}', b"\xff{"])
def test_what_is_no_update_is_nothing(body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """What has no number cannot be an update."""
    assert read_update(body, _BOT, keep=_keep) is None
    assert caplog.messages == ["an update without a number was passed over"]


def test_readable_update_is_read() -> None:
    """An update is what it was."""
    update = read_update(json.dumps(_GOOD).encode(), _BOT, keep=_keep)

    assert update
    assert update.message
    assert update.message.text == "secret"


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"<html>",
        b"5",
        b"{}",
        b'{"ok":true}',
        b'{"ok":true,"result":{}}',
        b'{"ok":true,"result":[5]}',
    ],
    ids=repr,
)
def test_what_is_no_answer_is_an_error(payload: bytes) -> None:
    """The poll is then repeated, later and later: it would bring the same again."""
    with pytest.raises(TelegramError):
        read_updates(payload, keep=_keep)


def test_updates_are_kept_before_they_are_confirmed() -> None:
    """Each that can be read is handed out before the answer is returned, in order."""
    kept: list[Update] = []
    bare = {"update_id": 5, "poll_answer": 8}
    answer = {"ok": True, "result": [_GOOD, bare, _GOOD | {"update_id": 6}]}

    read_updates(json.dumps(answer).encode(), keep=kept.append)
    read_update(json.dumps(_GOOD).encode(), _BOT, keep=kept.append)

    assert [update.update_id for update in kept] == [4, 6, 4]


def test_answers_without_updates_are_left_alone() -> None:
    """Nothing new is no error, and an error is for the library to read."""
    refusal = {"ok": False, "description": "Conflict", "error_code": 409}

    assert read_updates(b'{"ok":true,"result":[]}', keep=_keep) == {"ok": True, "result": []}
    assert read_updates(json.dumps(refusal).encode(), keep=_keep) == refusal
