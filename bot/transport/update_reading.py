"""Reads what Telegram delivers, each update by itself: one that cannot be read harms no other.

A poll as an older server tells it, a date beyond the year 9999, a nesting without end: the library
raises at any of them, for the whole batch and again and again. Here such an update is logged once,
without what it holds, and passed over; its number is left, so that it is confirmed.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError

_log = logging.getLogger(__name__)

_MARK = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
"""A whole string, or a bracket outside of strings."""
_UPDATE_DEPTH = 3
"""An update is an object in an array in an object: `{"ok": true, "result": [{"update_id": 1}]}`."""
_NUMBER = re.compile(r'"update_id"\s*:\s*(\d{1,18})')

_Json = dict[str, Any]
Keep = Callable[[Update], object]
"""Called with each update before it is confirmed; it blocks, and must not raise."""


def read_answer(payload: bytes, *, keep: Keep) -> _Json:
    """Read the server's answer to a poll; of an update that cannot be read only its number is left.

    Raises:
        TelegramError: It is no answer, or none of its updates can be confirmed.
    """
    text = payload.decode(errors="replace")
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        answer = {"result": [_parse(update) for update in _split(text)] or None}
    if not isinstance(answer, dict):
        raise TelegramError("Invalid server response")
    if answer.get("ok") is False:
        return answer
    updates = answer.get("result")
    if not isinstance(updates, list):
        raise TelegramError("Invalid server response")
    readable = [checked for update in updates if (checked := _check(update, keep))]
    if updates and not readable:
        raise TelegramError("No update of the server's response can be read")
    return {"ok": True, "result": readable}


def read_update(body: bytes, bot: Bot, *, keep: Keep) -> Update | None:
    """Read an update that was brought by itself; nothing where it cannot be read."""
    update = _check(_parse(body.decode(errors="replace")), keep)
    return Update.de_json(update, bot) if update else None


def _check(update: object, keep: Keep) -> _Json | None:
    """Return an update if it can be read, else what it takes to confirm it, if it has a number."""
    if not isinstance(update, dict) or type(number := update.get("update_id")) is not int:
        _log.error("an update without a number was passed over")
        return None
    try:
        read = Update.de_json(update, None)
        # Written out again, it is recognised when it comes twice.
        read.to_json()
    except Exception as exc:  # noqa: BLE001  # whatever the library meets in it
        kind = next((kind for kind in Update.ALL_TYPES if kind in update), "of a new kind")
        _tell(number, kind, exc)
        return {"update_id": number}
    keep(read)
    return update


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as exc:
        number = _NUMBER.search(text)
        if number is None:
            return None
        _tell(int(number[1]), "no JSON", exc)
        return {"update_id": int(number[1])}


def _tell(number: int, kind: str, error: Exception) -> None:
    _log.error("update %s (%s) was passed over: %s", number, kind, type(error).__name__)


def _split(text: str) -> Iterator[str]:
    """Yield the updates of an answer that cannot be parsed as a whole."""
    depth = start = 0
    for mark in _MARK.finditer(text):
        if mark[0] in "[{":
            depth += 1
            if depth == _UPDATE_DEPTH:
                start = mark.start()
        elif mark[0] in "]}":
            if depth == _UPDATE_DEPTH:
                yield text[start : mark.end()]
            depth -= 1
