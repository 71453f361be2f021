"""Parses updates one by one, so that an unreadable one does not affect others.

The library raises on some updates (a poll from an older server, a date beyond the year 9999,
excessive nesting), for the whole batch and again at every retry. Here such an update is logged
once, without its contents, and reduced to its number so that it gets confirmed.
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
"""Nesting of an update in an answer: `{"ok": true, "result": [{"update_id": 1}]}`."""
_NUMBER = re.compile(r'"update_id"\s*:\s*(\d{1,18})')

_Json = dict[str, Any]
Keep = Callable[[Update], object]
"""Called with each update before it is confirmed; blocking, and must not raise."""


def read_updates(payload: bytes, *, keep: Keep) -> _Json:
    """Parse the server's answer to a poll; unreadable updates are reduced to their number.

    Raises:
        TelegramError: It is not an answer, or none of its updates can be confirmed.
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
    """Parse a single update; `None` if unreadable."""
    update = _check(_parse(body.decode(errors="replace")), keep)
    return Update.de_json(update, bot) if update else None


def _check(update: object, keep: Keep) -> _Json | None:
    """Return an update if readable, else what is needed to confirm it, if it has a number."""
    if not isinstance(update, dict) or type(number := update.get("update_id")) is not int:
        _log.error("an update without a number was passed over")
        return None
    try:
        read = Update.de_json(update, None)
        # Serialised again, so that a repetition is recognised.
        read.to_json()
    except Exception as exc:  # noqa: BLE001  # the library raises all kinds of errors
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
