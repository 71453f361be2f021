"""Inline keyboards: what the server takes, and what it says of the rest."""

from __future__ import annotations

from typing import Any

from bot.terminal.server import Call, JsonObject
from tests.standin.errors import ApiError
from tests.standin.markup import url_refusal
from tests.standin.wire import read_json

BUTTON_LIMIT = 100
DATA_LIMIT = 64
COPY_LIMIT = 256

_ACTIONS = (
    "url",
    "callback_data",
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
    "copy_text",
)


def read_keyboard(
    call: Call, *, inline_only: bool = False, in_channel: bool = False
) -> JsonObject | None:
    """Read the `reply_markup` of a call, of whichever kind; `None` is none."""
    given = read_json(call, "reply_markup", "Can't parse reply keyboard markup JSON object")
    if given is None:
        return None
    return check_markup(given, inline_only=inline_only, in_channel=in_channel)


def check_markup(
    given: object, *, inline_only: bool = False, in_channel: bool = False
) -> JsonObject | None:
    """Read a markup given as JSON; an empty inline keyboard is none."""
    if not isinstance(given, dict):
        raise ApiError("Object expected as reply markup")
    rows = given.get("inline_keyboard")
    if rows is None:
        if inline_only and given:
            raise ApiError("Inline keyboard expected")
        return given or None
    refusal = 'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
    if not isinstance(rows, list):
        raise ApiError('Field "inline_keyboard" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise ApiError(refusal)
    read = [[_read_button(button, in_channel=in_channel) for button in row] for row in rows if row]
    if sum(map(len, read)) > BUTTON_LIMIT:
        raise ApiError("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": read} if read else None


def _read_button(given: object, *, in_channel: bool) -> JsonObject:
    if not isinstance(given, dict):
        raise _refused("InlineKeyboardButton must be an Object")
    text = given.get("text")
    if text is None:
        raise _refused('Can\'t find field "text"')
    actions = [
        name for name in _ACTIONS if given.get(name) not in (None, "") or _is_query(given, name)
    ]
    if not actions:
        raise _refused("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        # The server silently takes the first: here the bot's author is to hear of it.
        raise ApiError(f"the button {text!r} has several actions: {', '.join(actions)}")
    if not str(text).strip():
        raise ApiError("Inline keyboard button text must be non-empty")
    (action,) = actions
    _check_value(action, given[action], in_channel=in_channel)
    return {"text": str(text), action: given[action]}


def _is_query(given: dict[str, Any], name: str) -> bool:
    return name.startswith("switch_inline_query") and given.get(name) == ""


def _refused(reason: str) -> ApiError:
    return ApiError(f"Can't parse inline keyboard button: {reason}")


def _check_value(action: str, value: Any, *, in_channel: bool) -> None:
    match action:
        case "callback_data":
            if not 1 <= len(str(value).encode("utf-8", "surrogatepass")) <= DATA_LIMIT:
                raise ApiError("BUTTON_DATA_INVALID")
        case "url":
            if reason := url_refusal(value):
                raise ApiError(f"Inline keyboard button URL '{value}' is invalid: {reason}")
        case "copy_text":
            if not 1 <= len(str(value.get("text", ""))) <= COPY_LIMIT:
                raise ApiError("BUTTON_COPY_TEXT_INVALID")
        case "switch_inline_query" | "switch_inline_query_current_chat" if in_channel:
            raise ApiError(
                f"Can't use {action} button in a channel chat, because users will not be "
                "able to use the button without knowing bot's username"
            )
