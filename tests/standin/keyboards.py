"""Inline keyboards: what the server takes, and what it says of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.standin.errors import ApiError
from tests.standin.markup import url_refusal
from tests.standin.tdlib import JsonObject
from tests.standin.wire import Call

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One inline button; `action` is the name of the field that says what a press does."""

    text: str
    action: str
    value: Any

    @property
    def data(self) -> str | None:
        """Return the callback data, if a press tells the bot."""
        return self.value if self.action == "callback_data" else None

    @property
    def url(self) -> str | None:
        """Return the address that a press opens, if any."""
        return self.value if self.action == "url" else None

    def as_json(self) -> JsonObject:
        """Return the Bot API's InlineKeyboardButton."""
        return {"text": self.text, self.action: self.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyboard:
    """The rows of buttons under a message."""

    rows: tuple[tuple[Button, ...], ...]

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Return all buttons in reading order."""
        return tuple(button for row in self.rows for button in row)

    def as_json(self) -> JsonObject:
        """Return the Bot API's InlineKeyboardMarkup."""
        return {"inline_keyboard": [[button.as_json() for button in row] for row in self.rows]}


def read_keyboard(call: Call, *, inline_only: bool = False, in_channel: bool = False) -> Any:
    """Read the `reply_markup` of a call: a `Keyboard`, another markup as it is, or `None`."""
    given = call.json("reply_markup", "Can't parse reply keyboard markup JSON object")
    if given is None:
        return None
    return check_markup(given, inline_only=inline_only, in_channel=in_channel)


def check_markup(given: object, *, inline_only: bool = False, in_channel: bool = False) -> Any:
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
    read = [tuple(_read_button(button, in_channel=in_channel) for button in row) for row in rows]
    keyboard = Keyboard(rows=tuple(row for row in read if row))
    if len(keyboard.buttons) > BUTTON_LIMIT:
        raise ApiError("REPLY_MARKUP_TOO_LONG")
    return keyboard if keyboard.rows else None


def _read_button(given: object, *, in_channel: bool) -> Button:
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
    button = Button(text=str(text), action=actions[0], value=given[actions[0]])
    _check_value(button, in_channel=in_channel)
    return button


def _is_query(given: dict[str, Any], name: str) -> bool:
    return name.startswith("switch_inline_query") and given.get(name) == ""


def _refused(reason: str) -> ApiError:
    return ApiError(f"Can't parse inline keyboard button: {reason}")


def _check_value(button: Button, *, in_channel: bool) -> None:
    match button.action:
        case "callback_data":
            if not 1 <= len(str(button.value).encode("utf-8", "surrogatepass")) <= DATA_LIMIT:
                raise ApiError("BUTTON_DATA_INVALID")
        case "url":
            if reason := url_refusal(button.value):
                url = button.value
                raise ApiError(f"Inline keyboard button URL '{url}' is invalid: {reason}")
        case "copy_text":
            if not 1 <= len(str(button.value.get("text", ""))) <= COPY_LIMIT:
                raise ApiError("BUTTON_COPY_TEXT_INVALID")
        case "switch_inline_query" | "switch_inline_query_current_chat" if in_channel:
            raise ApiError(
                f"Can't use {button.action} button in a channel chat, because users will not be "
                "able to use the button without knowing bot's username"
            )
