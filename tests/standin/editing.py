"""Methods that change or delete what the bot has sent."""

from __future__ import annotations

from typing import Any

from bot.terminal import methods as console_methods
from bot.terminal.server import Call
from tests.standin.errors import ApiError
from tests.standin.wire import read_json
from tests.standin.world import World


def edit_message_text(world: World, call: Call) -> Any:
    """Replace a text, in an inline message too."""
    if call.text("inline_message_id"):
        return _edit_inline(world, call)
    if world.find_message(call).file:
        raise ApiError("there is no text in the message to edit")
    return console_methods.METHODS[call.method](world, call)


def edit_message_caption(world: World, call: Call) -> Any:
    """Replace a caption."""
    content = world.read_caption(call) | world.read_markup(call)
    message = world.find_message(call)
    if not message.file:
        raise ApiError("there is no caption in the message to edit")
    return world.replace(message, content, kind="edit").json


def delete_message(world: World, call: Call) -> Any:
    """Delete the bot's own message, or in a private chat any, within two days."""
    world.delete(world.get_message(world.readable_chat(call), call, "message to delete"))
    return True


def delete_messages(world: World, call: Call) -> Any:
    """Delete several messages; those that are not there are passed over."""
    chat = world.readable_chat(call)
    given = read_json(call, "message_ids", "Can't parse message_ids JSON object")
    if not given:
        raise ApiError("Message identifiers are not specified")
    if not isinstance(given, list):
        raise ApiError("Expected an Array of message identifiers")
    if len(given) > 100:
        raise ApiError("Too many message identifiers specified")
    for message_id in given:
        message = world.messages.get((chat.chat_id, message_id))
        if message:
            world.delete(message)
    return True


def _edit_inline(world: World, call: Call) -> Any:
    text = world.read_text(call)
    known = world.inline_messages.get(call.text("inline_message_id"))
    if known is None:
        raise ApiError("MESSAGE_ID_INVALID")
    world.replace(known, text | world.read_markup(call), kind="edit")
    return True


METHODS = {
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
}
