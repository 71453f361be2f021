"""Methods that show something in a chat, and what a message answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.terminal.server import Call, JsonObject
from tests.standin.errors import ApiError
from tests.standin.things import Chat
from tests.standin.wire import read_flag, read_json, to_integer

if TYPE_CHECKING:
    from tests.standin.world import World

_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


def send_chat_action(world: World, call: Call) -> Any:
    """Show that the bot is typing or uploading."""
    action = call.text("action").lower()
    if action not in _ACTIONS:
        raise ApiError("Wrong parameter action in request")
    chat = world.writable_chat(call)
    world.report("action", chat.chat_id, action=action)
    return True


def read_reply(world: World, call: Call, chat: Chat) -> JsonObject:
    """Return the fields of a message that answers another one."""
    given = read_json(call, "reply_parameters", "Can't parse reply parameters JSON object")
    if given is None:
        message_id = to_integer(call.text("reply_to_message_id"))
        may_be_missing = read_flag(call, "allow_sending_without_reply")
    elif isinstance(given, dict):
        message_id = int(given.get("message_id", 0))
        may_be_missing = bool(given.get("allow_sending_without_reply"))
    else:
        raise ApiError("Object expected as reply parameters")
    if not message_id:
        return {}
    answered = world.messages.get((chat.chat_id, message_id))
    if answered:
        # A message tells of the one that it answers, but not of what that one has answered.
        told = {name: value for name, value in answered.json.items() if name != "reply_to_message"}
        return {"reply_to_message": told}
    if may_be_missing:
        return {}
    raise ApiError("message to be replied not found")


METHODS = {"sendchataction": send_chat_action}
