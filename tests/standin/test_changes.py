"""Edits, deletions and replies."""

from __future__ import annotations

import pytest

from tests.standin.person import Person
from tests.standin.raw import Ask
from tests.standin.server import StandIn

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
KEYS = {"inline_keyboard": [[{"text": "да", "callback_data": "y"}]]}


@pytest.fixture
def sent(vera: Person, ask: Ask) -> int:
    """Return the number of a message of the bot, with a button."""
    sent = ask("sendMessage", chat_id=501, text="раз", reply_markup=KEYS)
    return int(sent.result["message_id"])


def test_edit_without_a_keyboard_takes_it_away(vera: Person, ask: Ask, sent: int) -> None:
    """An edit says all that the message is to be."""
    ask("editMessageText", chat_id=501, message_id=sent, text="два")

    edited = vera.waits_for(kinds=("edit",))

    assert (edited.text, edited.labels) == ("два", ())
    assert edited.is_edit


def test_same_edit_is_refused(ask: Ask, sent: int) -> None:
    """What changes nothing is an error, for the text and for the keyboard."""
    same = ask("editMessageText", chat_id=501, message_id=sent, text="раз", reply_markup=KEYS)
    keys = ask("editMessageReplyMarkup", chat_id=501, message_id=sent, reply_markup=KEYS)

    assert (same.refusal, keys.refusal) == (NOT_MODIFIED, NOT_MODIFIED)


def test_keyboard_alone_is_edited(vera: Person, ask: Ask, sent: int) -> None:
    """The keyboard goes and the text stays."""
    ask("editMessageReplyMarkup", chat_id=501, message_id=sent)

    edited = vera.waits_for(kinds=("edit",))

    assert (edited.text, edited.labels) == ("раз", ())


@pytest.mark.parametrize(
    ("method", "args", "refusal"),
    [
        ("editMessageText", {"text": "x", "message_id": 999}, "message to edit not found"),
        ("editMessageText", {"text": "x"}, "message identifier is not specified"),
        ("editMessageText", {"text": "x", "message_id": 1}, "message can't be edited"),
        ("editMessageText", {"message_id": 2}, "message text is empty"),
        ("editMessageCaption", {"message_id": 2}, "there is no caption in the message to edit"),
        ("deleteMessage", {"message_id": 999}, "message to delete not found"),
        ("deleteMessages", {}, "message identifiers are not specified"),
        ("deleteMessages", {"message_ids": 1}, "expected an Array of message identifiers"),
        (
            "deleteMessages",
            {"message_ids": list(range(101))},
            "too many message identifiers specified",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_parameters": {"message_id": 999}},
            "message to be replied not found",
        ),
        ("sendMessage", {"text": "x", "reply_to_message_id": 9}, "message to be replied not found"),
        (
            "sendMessage",
            {"text": "x", "reply_parameters": 1},
            "object expected as reply parameters",
        ),
    ],
)  # fmt: skip
def test_change_is_refused(
    ask: Ask, sent: int, method: str, args: dict[str, object], refusal: str
) -> None:
    """What cannot be changed is refused in the server's words."""
    assert ask(method, chat_id=501, **args).refusal == f"Bad Request: {refusal}"


def test_text_of_a_file_is_its_caption(vera: Person, ask: Ask, standin: StandIn) -> None:
    """A file's caption is edited, its text is not."""
    file = standin.world.add_file("a.py", b"x", mime_type="text/x-python", declared_size=1)
    sent = ask("sendDocument", chat_id=501, document=file.file_id, caption="раз")
    message_id = sent.result["message_id"]

    text = ask("editMessageText", chat_id=501, message_id=message_id, text="два")
    ask("editMessageCaption", chat_id=501, message_id=message_id, caption="два")

    assert text.refusal == "Bad Request: there is no text in the message to edit"
    assert vera.waits_for(kinds=("edit",)).text == "два"


def test_message_is_deleted_within_two_days(
    standin: StandIn, vera: Person, ask: Ask, sent: int
) -> None:
    """The bot deletes messages of both sides in a private chat, but not old ones."""
    old = ask("sendMessage", chat_id=501, text="старое").result["message_id"]
    both = ask("deleteMessages", chat_id=501, message_ids=[1, 999])
    one = ask("deleteMessage", chat_id=501, message_id=sent)
    standin.clock.advance(48 * 3600 + 1)

    late = ask("deleteMessage", chat_id=501, message_id=old)

    assert (both.result, one.result) == (True, True)
    assert late.refusal == "Bad Request: message can't be deleted"


def test_reply_may_outlive_its_message(vera: Person, ask: Ask, sent: int) -> None:
    """A reply to what is gone is sent where the bot allows it."""
    lost = {"message_id": 999, "allow_sending_without_reply": True}

    ask("sendMessage", chat_id=501, text="раз", reply_parameters=lost)
    ask("sendMessage", chat_id=501, text="два", reply_parameters={"message_id": sent})

    assert vera.waits_for(lambda m: m.text == "раз").reply_to is None
    assert vera.waits_for(lambda m: m.text == "два").reply_to == sent


def test_typing_is_seen(vera: Person, ask: Ask) -> None:
    """An action shows, if it is one."""
    ask("sendChatAction", chat_id=501, action="typing")
    wrong = ask("sendChatAction", chat_id=501, action="thinking")

    assert vera.watch.waits_for_event(lambda e: e.kind == "action").payload["action"] == "typing"
    assert wrong.refusal == "Bad Request: wrong parameter action in request"
