"""Methods that change or delete what the bot has sent."""

from __future__ import annotations

from typing import Any

from tests.standin.errors import ApiError
from tests.standin.keyboards import read_keyboard
from tests.standin.markup import Formatted, read_caption, read_text
from tests.standin.things import Message
from tests.standin.wire import Call, to_integer
from tests.standin.world import BOT, World

DELETABLE_FOR = 48 * 3600


def edit_message_text(world: World, call: Call) -> Any:
    """Replace a text; without a keyboard in the call, the old one goes."""
    text = read_text(call)
    if call.text("inline_message_id"):
        return _edit_inline(world, call, text)
    message = _editable(world, call)
    if message.file:
        raise ApiError("there is no text in the message to edit")
    return _edit(world, message, text, read_keyboard(call, inline_only=True))


def edit_message_caption(world: World, call: Call) -> Any:
    """Replace a caption."""
    caption = read_caption(call)
    message = _editable(world, call)
    if not message.file:
        raise ApiError("there is no caption in the message to edit")
    return _edit(world, message, caption, read_keyboard(call, inline_only=True))


def edit_message_reply_markup(world: World, call: Call) -> Any:
    """Replace the keyboard alone."""
    markup = read_keyboard(call, inline_only=True)
    message = _editable(world, call)
    content = Formatted(text=message.text, entities=message.entities)
    return _edit(world, message, content, markup)


def delete_message(world: World, call: Call) -> Any:
    """Delete the bot's own message, or in a private chat any, within two days."""
    chat = world.readable_chat(call)
    message_id = to_integer(call.text("message_id"))
    _delete(world, world.find_message(chat.chat_id, message_id, "message to delete"))
    return True


def delete_messages(world: World, call: Call) -> Any:
    """Delete several messages; those that are not there are passed over."""
    chat = world.readable_chat(call)
    given = call.json("message_ids", "Can't parse message_ids JSON object")
    if not given:
        raise ApiError("Message identifiers are not specified")
    if not isinstance(given, list):
        raise ApiError("Expected an Array of message identifiers")
    if len(given) > 100:
        raise ApiError("Too many message identifiers specified")
    for message_id in given:
        message = world.messages.get((chat.chat_id, message_id))
        if message:
            _delete(world, message)
    return True


def _delete(world: World, message: Message) -> None:
    own = message.sender is BOT or message.chat.type in {"private", "channel"}
    if not own or world.now() - message.date > DELETABLE_FOR:
        raise ApiError("MESSAGE_DELETE_FORBIDDEN")
    del world.messages[message.chat.chat_id, message.message_id]
    world.report("delete", message.chat.chat_id, message=message)


def _editable(world: World, call: Call) -> Message:
    chat = world.writable_chat(call)
    message_id = to_integer(call.text("message_id"))
    if message_id <= 0:
        raise ApiError("Message identifier is not specified")
    message = world.find_message(chat.chat_id, message_id, "message to edit")
    if message.sender is not BOT and chat.type != "channel":
        raise ApiError("message can't be edited")
    return message


def _edit(world: World, message: Message, content: Formatted, markup: Any) -> Any:
    new = (content.text, content.entities, markup)
    if new == (message.text, message.entities, message.markup):
        raise ApiError("MESSAGE_NOT_MODIFIED")
    edited = world.replace(
        message,
        text=content.text,
        entities=content.entities,
        dropped_entities=content.dropped,
        markup=markup,
    )
    return edited.as_json()


def _edit_inline(world: World, call: Call, text: Formatted) -> Any:
    known = world.inline_messages.get(call.text("inline_message_id"))
    if known is None:
        raise ApiError("MESSAGE_ID_INVALID")
    _edit(world, known, text, read_keyboard(call, inline_only=True))
    return True


METHODS = {
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
}
