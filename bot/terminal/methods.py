"""The Bot API methods needed in a conversation; each takes a server and a call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.terminal.server import BotApi, Call, File, JsonObject, Method


def _get_me(api: BotApi, _call: Call) -> Any:
    return api.bot


def _set_my_commands(api: BotApi, call: Call) -> Any:
    api.profile["commands", *api.menu_key(call)] = json.loads(call.text("commands"))
    return True


def _get_my_commands(api: BotApi, call: Call) -> Any:
    return api.profile.get(("commands", *api.menu_key(call)), [])


def _send_message(api: BotApi, call: Call) -> Any:
    return api.post(call, api.read_text(call) | api.read_markup(call))


def _send_document(api: BotApi, call: Call) -> Any:
    return _send_file(api, call, "document")


def _send_photo(api: BotApi, call: Call) -> Any:
    return _send_file(api, call, "photo")


def _send_file(api: BotApi, call: Call, media: str) -> Any:
    content = api.read_caption(call) | api.read_markup(call)
    file = api.read_file(call, call.text(media) or f"attach://{media}")
    return api.post(call, content | _shown(media, file), file)


def _send_media_group(api: BotApi, call: Call) -> Any:
    items = [replace(call, args=as_texts(item)) for item in json.loads(call.text("media"))]
    files = [api.read_file(item, item.text("media")) for item in items]
    captions = [api.read_caption(item) for item in items]
    album = {"media_group_id": api.new_id()}
    return [
        api.post(call, album | caption | _shown(item.text("type"), file), file)
        for item, file, caption in zip(items, files, captions, strict=True)
    ]


def _shown(media: str, file: File) -> JsonObject:
    size = {"width": 800, "height": 600}
    return {media: [file.as_json() | size] if media == "photo" else file.as_json()}


def as_texts(given: Mapping[str, object]) -> dict[str, str]:
    """Return arguments as texts, as on the wire, without nulls."""
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in given.items()
        if value is not None
    }


def _edit_message_text(api: BotApi, call: Call) -> Any:
    content = api.read_text(call) | api.read_markup(call)
    return api.replace(api.find_message(call), content, kind="edit").json


def _edit_message_reply_markup(api: BotApi, call: Call) -> Any:
    markup = api.read_markup(call)
    return api.replace(api.find_message(call), markup, kind="edit").json


def _delete_messages(api: BotApi, call: Call) -> Any:
    for message_id in json.loads(call.text("message_ids")):
        api.messages.pop((int(call.text("chat_id")), message_id), None)
    return True


def _answer_callback_query(api: BotApi, call: Call) -> Any:
    query = api.pop_query(call.text("callback_query_id"))
    api.report(
        "answer",
        query["from"]["id"],
        query_id=query["id"],
        text=call.text("text"),
        alert=call.text("show_alert") == "true",
    )
    return True


def _answer_inline_query(api: BotApi, call: Call) -> Any:
    query = api.pop_query(call.text("inline_query_id"))
    results = json.loads(call.text("results"))
    api.report("inline", query["from"]["id"], query_id=query["id"], results=results)
    return True


def _get_file(_api: BotApi, call: Call) -> Any:
    """Return a file's path, as a local Bot API server does."""
    path = call.text("file_id")
    return {"file_id": path, "file_unique_id": path, "file_path": path}


METHODS: Mapping[str, Method] = {
    "getme": _get_me,
    "setmycommands": _set_my_commands,
    "getmycommands": _get_my_commands,
    "sendmessage": _send_message,
    "senddocument": _send_document,
    "sendphoto": _send_photo,
    "sendmediagroup": _send_media_group,
    "editmessagetext": _edit_message_text,
    "editmessagereplymarkup": _edit_message_reply_markup,
    "deletemessages": _delete_messages,
    "answercallbackquery": _answer_callback_query,
    "answerinlinequery": _answer_inline_query,
    "getfile": _get_file,
}
