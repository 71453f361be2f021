"""Buttons: what the server takes and what it says of the rest."""

from __future__ import annotations

from typing import Any

import pytest

from tests.standin.person import Person
from tests.standin.places import Channel
from tests.standin.raw import Ask
from tests.standin.server import StandIn


def keyboard(*buttons: Any) -> dict[str, Any]:
    """Return an inline keyboard with one button a row."""
    return {"inline_keyboard": [[button] for button in buttons]}


def button(**action: Any) -> dict[str, Any]:
    """Return a button."""
    return {"text": "кнопка", **action}


BUTTON = "can't parse inline keyboard button: "
KEYBOARD = 'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'


@pytest.mark.parametrize(
    ("markup", "refusal"),
    [
        ("{", "can't parse reply keyboard markup JSON object"),
        ([], "object expected as reply markup"),
        ({"inline_keyboard": [{}]}, KEYBOARD.replace("Field", "field")),
        ({"inline_keyboard": {}}, 'field "inline_keyboard" must be of type Array'),
        (keyboard("x"), BUTTON + "InlineKeyboardButton must be an Object"),
        (keyboard({"url": "t.me"}), BUTTON + 'Can\'t find field "text"'),
        (keyboard(button()), BUTTON + "Text buttons are unallowed in the inline keyboard"),
        (
            keyboard({"text": " ", "callback_data": "x"}),
            "inline keyboard button text must be non-empty",
        ),
        (keyboard(button(callback_data="x" * 65)), "BUTTON_DATA_INVALID"),
        (keyboard(button(callback_data="ы" * 33)), "BUTTON_DATA_INVALID"),
        (
            keyboard(button(url="localhost")),
            "inline keyboard button URL 'localhost' is invalid: Wrong HTTP URL",
        ),
        (
            keyboard(button(url="javascript://a.ru")),
            "inline keyboard button URL 'javascript://a.ru' is invalid: Unsupported URL protocol",
        ),
        (
            keyboard(button(url="t.me/x", callback_data="x")),
            "the button 'кнопка' has several actions: url, callback_data",
        ),
        (keyboard(button(copy_text={"text": "x" * 257})), "BUTTON_COPY_TEXT_INVALID"),
        (keyboard(*[button(callback_data="x")] * 101), "reply markup is too long"),
    ],
)
def test_keyboard_is_refused(vera: Person, ask: Ask, markup: object, refusal: str) -> None:
    """Each fault of a keyboard has its own words."""
    answer = ask("sendMessage", chat_id=501, text="x", reply_markup=markup)

    assert (answer.status, answer.refusal) == (400, f"Bad Request: {refusal}")


@pytest.mark.parametrize(
    "action",
    [
        {"callback_data": "ы" * 32},
        {"url": "t.me/x?y=1"},
        {"url": "tg://user?id=501"},
        {"copy_text": {"text": "x" * 256}},
        {"switch_inline_query_current_chat": ""},
        {"pay": True},
    ],
    ids=lambda action: next(iter(action)),
)
def test_button_is_taken(vera: Person, ask: Ask, action: dict[str, Any]) -> None:
    """A button of each kind comes through as it was given."""
    answer = ask("sendMessage", chat_id=501, text="x", reply_markup=keyboard(button(**action)))

    assert answer.result["reply_markup"] == keyboard(button(**action))


def test_empty_keyboard_is_none(vera: Person, ask: Ask) -> None:
    """A keyboard without buttons does not show."""
    ask("sendMessage", chat_id=501, text="x", reply_markup={"inline_keyboard": [[]]})

    assert vera.waits_for().buttons == ()


def test_other_keyboards_are_no_buttons_of_the_message(vera: Person, ask: Ask) -> None:
    """A keyboard in place of the person's own does not belong to the message."""
    ask("sendMessage", chat_id=501, text="x", reply_markup={"force_reply": True})

    seen = vera.waits_for()

    assert (seen.labels, seen.json.get("reply_markup")) == ((), {"force_reply": True})


def test_edit_takes_inline_keyboards_only(vera: Person, ask: Ask) -> None:
    """An edit cannot change the person's own keyboard."""
    sent = ask("sendMessage", chat_id=501, text="x").result["message_id"]

    answer = ask(
        "editMessageReplyMarkup", chat_id=501, message_id=sent, reply_markup={"force_reply": True}
    )

    assert answer.refusal == "Bad Request: inline keyboard expected"


def test_channel_takes_no_inline_query_buttons(standin: StandIn, vera: Person, ask: Ask) -> None:
    """In a channel nobody would know whom the query goes to."""
    channel = Channel(standin)
    channel.takes_bot(by=vera)
    markup = keyboard(button(switch_inline_query_current_chat="x"))

    answer = ask("sendMessage", chat_id=channel.chat.chat_id, text="x", reply_markup=markup)

    assert "button in a channel chat, because users will not be able" in answer.refusal
