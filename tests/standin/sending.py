"""Methods that put a message into a chat."""

from __future__ import annotations

from typing import Any

from tests.standin.errors import ApiError
from tests.standin.keyboards import read_keyboard
from tests.standin.markup import Formatted, read_text
from tests.standin.things import Chat, Message
from tests.standin.wire import Call, to_integer
from tests.standin.world import BOT, World

_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


def send_message(world: World, call: Call) -> Any:
    """Send a text."""
    text = read_text(call)
    markup = read_keyboard(call)
    chat = world.writable_chat(call)
    return post(world, call, chat, text, markup=markup).as_json()


def send_chat_action(world: World, call: Call) -> Any:
    """Show that the bot is typing or uploading."""
    action = call.text("action").lower()
    if action not in _ACTIONS:
        raise ApiError("Wrong parameter action in request")
    chat = world.writable_chat(call)
    world.report("action", chat.chat_id, action=action)
    return True


def post(
    world: World, call: Call, chat: Chat, content: Formatted, *, markup: Any = None, **media: Any
) -> Message:
    """Store the bot's message and report it."""
    if chat.type == "channel":
        # In a channel, a button that opens an inline query would not know the bot's name.
        markup = read_keyboard(call, in_channel=True)
    message = Message(
        message_id=world.new_message_id(chat),
        chat=chat,
        sender=None if chat.type == "channel" else BOT,
        date=world.now(),
        text=content.text,
        entities=content.entities,
        dropped_entities=content.dropped,
        markup=markup,
        reply_to=_reply_to(world, call, chat),
        **media,
    )
    return world.keep(message, "message")


def _reply_to(world: World, call: Call, chat: Chat) -> int | None:
    given = call.json("reply_parameters", "Can't parse reply parameters JSON object")
    if given is None:
        message_id = to_integer(call.text("reply_to_message_id"))
        may_be_missing = call.flag("allow_sending_without_reply")
    elif isinstance(given, dict):
        message_id = int(given.get("message_id", 0))
        may_be_missing = bool(given.get("allow_sending_without_reply"))
    else:
        raise ApiError("Object expected as reply parameters")
    if not message_id:
        return None
    if (chat.chat_id, message_id) in world.messages:
        return message_id
    if may_be_missing:
        return None
    raise ApiError("message to be replied not found")


METHODS = {"sendmessage": send_message, "sendchataction": send_chat_action}
