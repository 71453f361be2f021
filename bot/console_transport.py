"""Stands in the place of the network: the Bot API answered in this process, for one person."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telegram.request import BaseRequest, RequestData

from bot.html_reading import read_html, to_entities, trim
from bot.rendering.compose import utf16_length
from bot.rendering.pages import MESSAGE_LENGTH
from model.rich_text import RichText

_BOT = {
    "id": 1,
    "is_bot": True,
    "first_name": "Letopis",
    "username": "letopis_demo_bot",
}
BOT_NAME = f"@{_BOT['username']}"
_PHOTO = {"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}
_COMMAND = re.compile(r"/\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownButton:
    """A button as the person sees it; what it does is one of the four."""

    label: str
    data: str = ""
    url: str = ""
    copy: str = ""
    inline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message that appeared or changed, and its rows of buttons."""

    message_id: int
    body: RichText
    rows: tuple[tuple[ShownButton, ...], ...] = ()
    is_edit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file that arrived."""

    name: str
    content: bytes
    caption: RichText


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPhotos:
    """One or several pictures that arrived in one message."""

    count: int
    caption: RichText


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedPost:
    """A post found from within another chat: its two lines, and the message it would be there."""

    title: str
    description: str
    body: RichText


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What appears over the text field while the bot's name stands in it."""

    posts: tuple[OfferedPost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """A word over the chat in answer to a button."""

    text: str


Event = Shown | SentFile | SentPhotos | Offered | Toast


class _Refused(Exception):
    """What the server would answer with an error."""


class ConsoleRequest(BaseRequest):
    """Answers the methods that the bot calls, and notes what the person would see.

    It writes the person's side, too: `message_update` and `press_update` return what Telegram
    would deliver.
    """

    def __init__(self, *, user_id: int = 1, language_code: str = "ru") -> None:
        self._person = {
            "id": user_id,
            "is_bot": False,
            "first_name": "Owner",
            "language_code": language_code,
        }
        self._chat = {"id": user_id, "type": "private", "first_name": "Owner"}
        self.has_inline = True
        self._messages: dict[int, dict[str, Any]] = {}
        self._commands: dict[str, Any] = {}
        self._date = int(time.time())
        self._last_message = 0
        self._bodies: dict[int, RichText] = {}
        # The bot remembers which updates it has seen, over a restart too.
        self._last_update = time.time_ns() // 1_000_000
        self._events: list[Event] = []
        self._methods: Mapping[str, Callable[[Mapping[str, Any], RequestData], Any]] = {
            "getme": self._get_me,
            "getmycommands": self._get_commands,
            "setmycommands": self._set_commands,
            "sendmessage": self._send_message,
            "editmessagetext": self._edit_text,
            "editmessagereplymarkup": self._edit_markup,
            "answercallbackquery": self._answer_press,
            "answerinlinequery": self._answer_inline,
            "senddocument": self._send_document,
            "sendphoto": self._send_photo,
            "sendmediagroup": self._send_album,
            "deletemessages": lambda _parameters, _data: True,
            "getfile": self._get_file,
        }

    def take_events(self) -> Sequence[Event]:
        """Return what has been shown since the last call."""
        events, self._events = self._events, []
        return events

    def message_update(self, text: str) -> dict[str, Any]:
        """Return the update that brings a person's message to the bot."""
        command = _COMMAND.match(text)
        message = self._new_message({"from": self._person, "text": text})
        if command:
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": command.end()}]
        return self._update({"message": message})

    def document_update(self, path: Path, **more: object) -> dict[str, Any]:
        """Return the update that brings a person's file to the bot; it stays where it lies."""
        document = {
            "file_id": str(path.absolute()),
            "file_unique_id": str(path.absolute()),
            "file_name": path.name,
            "file_size": path.stat().st_size,
        }
        message = self._new_message({"from": self._person, "document": document | more})
        return self._update({"message": message})

    def press_update(self, message_id: int, data: str) -> dict[str, Any]:
        """Return the update that tells the bot of a button pressed."""
        query = {
            "id": str(self._last_update + 1),
            "from": self._person,
            "chat_instance": "1",
            "message": self._messages[message_id],
            "data": data,
        }
        return self._update({"callback_query": query})

    def inline_update(self, line: str) -> dict[str, Any]:
        """Return the update that tells the bot what stands behind its name in another chat."""
        query = {
            "id": str(self._last_update + 1),
            "from": self._person,
            "query": line.removeprefix(BOT_NAME).strip(),
            "offset": "",
        }
        return self._update({"inline_query": query})

    @property
    def read_timeout(self) -> float | None:
        """Nothing is waited for."""
        return None

    async def initialize(self) -> None:
        """Nothing is to be opened."""

    async def shutdown(self) -> None:
        """Nothing is to be closed."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *_timeouts: Any,
        **_more_timeouts: Any,
    ) -> tuple[int, bytes]:
        """Answer one call of the Bot API."""
        del method
        answer = self._methods.get(url.rpartition("/")[2].lower())
        data = request_data or RequestData()
        if answer is None:
            return _failure(404, "Not Found: method not found")
        try:
            result = answer(data.json_parameters, data)
        except _Refused as exc:
            return _failure(400, f"Bad Request: {exc}")
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def _get_me(self, _parameters: Mapping[str, Any], _data: RequestData) -> Any:
        return _BOT | {"supports_inline_queries": self.has_inline}

    def _get_commands(self, parameters: Mapping[str, Any], _data: RequestData) -> Any:
        return self._commands.get(_menu_key(parameters), [])

    def _set_commands(self, parameters: Mapping[str, Any], _data: RequestData) -> bool:
        self._commands[_menu_key(parameters)] = json.loads(parameters["commands"])
        return True

    def _send_message(self, parameters: Mapping[str, Any], _data: RequestData) -> Any:
        body = _body(parameters)
        message = self._new_message({"from": _BOT, **_content(body, parameters)})
        self._show(message, body, is_edit=False)
        return message

    def _edit_text(self, parameters: Mapping[str, Any], _data: RequestData) -> Any:
        before = self._find(parameters)
        body = _body(parameters)
        kept = {key: before[key] for key in ("message_id", "date", "chat", "from")}
        return self._replace(before, {**kept, **_content(body, parameters)}, body)

    def _edit_markup(self, parameters: Mapping[str, Any], _data: RequestData) -> Any:
        before = self._find(parameters)
        kept = {key: value for key, value in before.items() if key != "reply_markup"}
        after = {**kept, **_markup(parameters)}
        return self._replace(before, after, self._bodies[before["message_id"]])

    def _answer_press(self, parameters: Mapping[str, Any], _data: RequestData) -> bool:
        if parameters.get("text"):
            self._events.append(Toast(text=parameters["text"]))
        return True

    def _answer_inline(self, parameters: Mapping[str, Any], _data: RequestData) -> bool:
        offered = tuple(
            OfferedPost(
                title=result["title"],
                description=result["description"],
                body=read_html(result["input_message_content"]["message_text"]),
            )
            for result in json.loads(parameters["results"])
        )
        self._events.append(Offered(posts=offered))
        return True

    def _send_document(self, parameters: Mapping[str, Any], data: RequestData) -> Any:
        name, content, _kind = next(iter(data.multipart_data.values()))
        caption = read_html(parameters.get("caption", ""))
        assert isinstance(content, bytes)
        self._events.append(SentFile(name=name, content=content, caption=caption))
        document = {"file_id": "1", "file_unique_id": "1", "file_name": name}
        return self._new_message({"from": _BOT, "document": document})

    def _send_photo(self, parameters: Mapping[str, Any], _data: RequestData) -> Any:
        caption = read_html(parameters.get("caption", ""))
        self._events.append(SentPhotos(count=1, caption=caption))
        return self._new_message({"from": _BOT, "photo": [_PHOTO]})

    def _send_album(self, parameters: Mapping[str, Any], _data: RequestData) -> Any:
        count = len(json.loads(parameters["media"]))
        self._events.append(SentPhotos(count=count, caption=RichText("")))
        return [self._new_message({"from": _BOT, "photo": [_PHOTO]}) for _ in range(count)]

    def _get_file(self, parameters: Mapping[str, Any], _data: RequestData) -> Any:
        """Say where a file lies, as a server on the bot's own machine does."""
        path = parameters["file_id"]
        return {"file_id": path, "file_unique_id": path, "file_path": path}

    def _find(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        message = self._messages.get(int(parameters["message_id"]))
        if message is None:
            raise _Refused("message to edit not found")
        return message

    def _replace(self, before: dict[str, Any], after: dict[str, Any], body: RichText) -> Any:
        if before == after:
            raise _Refused(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        self._messages[after["message_id"]] = after
        self._show(after, body, is_edit=True)
        return after

    def _show(self, message: dict[str, Any], body: RichText, *, is_edit: bool) -> None:
        number = message["message_id"]
        self._bodies[number] = body
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        shown_rows = tuple(tuple(map(_read_button, row)) for row in rows)
        self._events.append(Shown(message_id=number, body=body, rows=shown_rows, is_edit=is_edit))

    def _new_message(self, content: dict[str, Any]) -> dict[str, Any]:
        self._last_message += 1
        message = {
            "message_id": self._last_message,
            "date": self._date,
            "chat": self._chat,
            **content,
        }
        self._messages[self._last_message] = message
        return message

    def _update(self, content: dict[str, Any]) -> dict[str, Any]:
        self._last_update += 1
        return {"update_id": self._last_update, **content}


def _menu_key(parameters: Mapping[str, Any]) -> str:
    return f"{parameters.get('scope')} {parameters.get('language_code')}"


def _body(parameters: Mapping[str, Any]) -> RichText:
    """Read what a message says, after the checks that the server makes."""
    text = parameters.get("text", "")
    body = trim(read_html(text) if parameters.get("parse_mode") == "HTML" else RichText(text))
    if not body.text:
        raise _Refused("message text is empty")
    if utf16_length(body.text) > MESSAGE_LENGTH:
        raise _Refused("message is too long")
    return body


def _content(body: RichText, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": body.text, "entities": to_entities(body), **_markup(parameters)}


def _markup(parameters: Mapping[str, Any]) -> dict[str, Any]:
    given = parameters.get("reply_markup")
    return {"reply_markup": json.loads(given)} if given else {}


def _read_button(button: Mapping[str, Any]) -> ShownButton:
    query = button.get("switch_inline_query_chosen_chat", {}).get("query", "")
    return ShownButton(
        label=button["text"],
        data=button.get("callback_data", ""),
        url=button.get("url", ""),
        copy=button.get("copy_text", {}).get("text", ""),
        inline=f"{BOT_NAME} {query}" if query else "",
    )


def _failure(code: int, description: str) -> tuple[int, bytes]:
    failure = {"ok": False, "error_code": code, "description": description}
    return code, json.dumps(failure).encode()
