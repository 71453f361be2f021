"""The methods of the Bot API that a conversation needs; each takes a server and a call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.console_server import BotApi, Call, Method


def get_me(api: BotApi, _call: Call) -> Any:
    """Say who the bot is."""
    return {**api.bot.as_json(), "supports_inline_queries": api.has_inline}


def set_my_commands(api: BotApi, call: Call) -> Any:
    """Set the menu of commands for a scope and a language."""
    api.profile["commands", *api.menu_key(call)] = json.loads(call.text("commands"))
    return True


def get_my_commands(api: BotApi, call: Call) -> Any:
    """Return the menu of a scope and a language."""
    return api.profile.get(("commands", *api.menu_key(call)), [])


def send_message(api: BotApi, call: Call) -> Any:
    """Send a text."""
    return api.post(call, api.read_text(call), markup=api.read_markup(call)).as_json()


def send_document(api: BotApi, call: Call) -> Any:
    """Send a file as it is."""
    return _send_file(api, call, "document")


def send_photo(api: BotApi, call: Call) -> Any:
    """Send a picture."""
    return _send_file(api, call, "photo")


def _send_file(api: BotApi, call: Call, media: str) -> Any:
    content, markup = api.read_caption(call), api.read_markup(call)
    file = api.read_file(call, call.text(media) or f"attach://{media}")
    return api.post(call, content, markup=markup, media=media, file=file).as_json()


def send_media_group(api: BotApi, call: Call) -> Any:
    """Send an album."""
    items = [call.part(item) for item in json.loads(call.text("media"))]
    read = [
        (item.text("type"), api.read_file(item, item.text("media")), api.read_caption(item))
        for item in items
    ]
    album = api.new_id()
    return [
        api.post(call, content, media=media, file=file, album=album).as_json()
        for media, file, content in read
    ]


def edit_message_text(api: BotApi, call: Call) -> Any:
    """Replace a text; without a keyboard in the call, the old one goes."""
    content, markup = api.read_text(call), api.read_markup(call)
    return api.edit(api.editable_message(call), content, markup)


def edit_message_reply_markup(api: BotApi, call: Call) -> Any:
    """Replace the keyboard alone."""
    markup = api.read_markup(call)
    message = api.editable_message(call)
    return api.edit(message, message.content, markup)


def delete_messages(api: BotApi, call: Call) -> Any:
    """Delete several messages; those that are not there are passed over."""
    chat = api.readable_chat(call)
    for message_id in json.loads(call.text("message_ids")):
        message = api.messages.get((chat.chat_id, message_id))
        if message:
            api.delete(message)
    return True


def answer_callback_query(api: BotApi, call: Call) -> Any:
    """Stop the clock on a pressed button, with a notice or without."""
    query_id = call.text("callback_query_id")
    query = api.settle("callback_query", query_id)
    api.report(
        "answer",
        query.chat_id,
        query_id=query_id,
        text=call.text("text"),
        url=call.text("url"),
        alert=call.flag("show_alert"),
    )
    return True


def answer_inline_query(api: BotApi, call: Call) -> Any:
    """Give the results of an inline query."""
    query_id = call.text("inline_query_id")
    query = api.settle("inline_query", query_id)
    results = json.loads(call.text("results"))
    api.report("inline", query.chat_id, query_id=query_id, results=results)
    return True


def get_file(_api: BotApi, call: Call) -> Any:
    """Say where a file lies, as a server on the bot's own machine does."""
    path = call.text("file_id")
    return {"file_id": path, "file_unique_id": path, "file_path": path}


METHODS: Mapping[str, Method] = {
    "getme": get_me,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "sendmessage": send_message,
    "senddocument": send_document,
    "sendphoto": send_photo,
    "sendmediagroup": send_media_group,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessages": delete_messages,
    "answercallbackquery": answer_callback_query,
    "answerinlinequery": answer_inline_query,
    "getfile": get_file,
}
