"""An in-process Bot API server: its state, and how calls are read.

Users and chats are the Bot API's JSON. The server accepts what the bot sends; a stricter one
overrides the methods that read a call.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.message.message import Button, OutgoingMessage
from bot.message.pages import MESSAGE_LENGTH
from bot.terminal.html_reader import from_entities, read_html, to_entities, trim
from model.rich_text import RichText
from model.text import utf16_length

JsonObject = dict[str, Any]
Method = Callable[[Any, Any], Any]
_COMMAND = re.compile(r"/\w+")
_CONTENT = ("text", "entities", "caption", "caption_entities")


class ApiError(Exception):
    """A refused call; `description` is returned to the bot."""

    def __init__(self, description: str, *, code: int = 400) -> None:
        super().__init__(description)
        self.description = description
        self.code = code

    def as_json(self) -> JsonObject:
        """Return the body of the answer."""
        return {"ok": False, "error_code": self.code, "description": self.description}


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that is sent; without data, its id is its path."""

    file_id: str
    name: str
    data: bytes = b""

    def as_json(self) -> JsonObject:
        """Return the Bot API's Document."""
        return {
            "file_id": self.file_id, "file_unique_id": self.file_id, "file_name": self.name,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One method call; the name is lower case, arguments are texts as on the wire.

    `files` are names and contents, by field.
    """

    method: str
    args: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return an argument, `""` if absent."""
        return self.args.get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message at one moment: the Bot API's JSON, and the file it shows."""

    json: JsonObject
    file: File | None = None

    @property
    def message_id(self) -> int:
        """Return its number."""
        return int(self.json["message_id"])

    @property
    def text(self) -> str:
        """Return its text or caption."""
        return str(self.json.get("text") or self.json.get("caption") or "")

    @property
    def shown(self) -> OutgoingMessage:
        """Return what a person sees: the text and the buttons."""
        entities = self.json.get("entities") or self.json.get("caption_entities") or ()
        rows = (self.json.get("reply_markup") or {}).get("inline_keyboard", ())
        return OutgoingMessage(
            body=from_entities(self.text, entities),
            rows=tuple(tuple(map(_read_button, row)) for row in rows),
        )


def _read_button(button: JsonObject) -> Button:
    return Button(
        label=button["text"],
        data=button.get("callback_data", ""),
        url=button.get("url", ""),
        copy=button.get("copy_text", {}).get("text", ""),
        inline=button.get("switch_inline_query_chosen_chat", {}).get("query", ""),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An action of the bot: message, edit, answer (to a button) or inline (results)."""

    number: int
    kind: str
    chat_id: int
    message: Message | None = None
    payload: JsonObject = field(default_factory=dict)


class BotApi:
    """The server's state. `events` are the bot's actions; `now` returns the Unix time."""

    message_type: type[Message] = Message

    def __init__(
        self,
        bot: JsonObject,
        methods: Mapping[str, Method],
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.bot = bot
        self.chats: dict[int, JsonObject] = {}
        self.messages: dict[tuple[int, int], Message] = {}
        self.files: dict[str, File] = {}
        self.queries: dict[str, JsonObject] = {}
        self.profile: dict[tuple[str, ...], Any] = {}
        self.events: list[Event] = []
        self._now = now
        self._methods = methods
        self._updates: list[JsonObject] = []
        # The bot remembers seen updates across restarts.
        self._last_update = time.time_ns() // 1_000_000
        self._last_id = 10_000
        self._last_message: Counter[int] = Counter()

    def carry_out(self, call: Call) -> Any:
        """Execute a call and return its result.

        Raises:
            ApiError: The call is refused.
        """
        method = self._methods.get(call.method)
        if method is None:
            raise ApiError("Not Found: method not found", code=404)
        return method(self, call)

    def push(self, kind: str, payload: JsonObject) -> None:
        """Queue an update for the bot."""
        self._last_update += 1
        self._updates.append({"update_id": self._last_update, kind: payload})

    def take_updates(self) -> list[JsonObject]:
        """Return the updates since the last call."""
        updates, self._updates = self._updates, []
        return updates

    def new_id(self) -> str:
        """Return an unused identifier."""
        self._last_id += 1
        return str(self._last_id)

    def new_message_id(self, chat: JsonObject) -> int:
        """Count messages: per channel and supergroup, and across all private chats."""
        counter = chat["id"] if chat["type"] in {"channel", "supergroup"} else 0
        self._last_message[counter] += 1
        return self._last_message[counter]

    def keep(
        self, chat: JsonObject, content: JsonObject, *, file: File | None = None, kind: str = ""
    ) -> Message:
        """Store a new message; `kind` reports it as an action of the bot."""
        head = {"message_id": self.new_message_id(chat), "date": int(self._now()), "chat": chat}
        return self._store(self.message_type(json={**head, **content}, file=file), kind)

    def replace(self, message: Message, content: JsonObject, *, kind: str = "") -> Message:
        """Store an edited message: `content` is its new text or buttons."""
        dropped = {*_CONTENT, "reply_markup"} if content.keys() & _CONTENT else {"reply_markup"}
        kept = {name: value for name, value in message.json.items() if name not in dropped}
        if kept | content == message.json:
            raise ApiError(
                "Bad Request: message is not modified: specified new message content and reply "
                "markup are exactly the same as a current content and reply markup of the message"
            )
        edited = kept | content | {"edit_date": int(self._now())}
        return self._store(self.message_type(json=edited, file=message.file), kind)

    def _store(self, message: Message, kind: str) -> Message:
        chat_id = message.json["chat"]["id"]
        self.messages[chat_id, message.message_id] = message
        if kind:
            self.report(kind, chat_id, message=message)
        return message

    def report(
        self, kind: str, chat_id: int, *, message: Message | None = None, **payload: Any
    ) -> None:
        """Record an action of the bot."""
        number = len(self.events)
        self.events.append(
            Event(number=number, kind=kind, chat_id=chat_id, message=message, payload=payload)
        )

    def post(self, call: Call, content: JsonObject, file: File | None = None) -> JsonObject:
        """Send a message of the bot to the chat that a call names."""
        chat = self.find_chat(call)
        return self.keep(chat, {"from": self.bot, **content}, file=file, kind="message").json

    def ask(self, kind: str, query: JsonObject) -> None:
        """Register a press or inline query, and pass it to the bot."""
        self.queries[query["id"]] = query
        self.push(kind, query)

    def pop_query(self, query_id: str) -> JsonObject:
        """Return a press or inline query that is answered now; only one answer is allowed."""
        query = self.queries.pop(query_id, None)
        if query is None:
            raise ApiError(
                "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        return query

    # How a call is read

    def find_chat(self, call: Call) -> JsonObject:
        """Return the chat that a call writes to."""
        chat = self.chats.get(int(call.text("chat_id")))
        if chat is None:
            raise ApiError("Bad Request: chat not found")
        return chat

    def find_message(self, call: Call) -> Message:
        """Return the message that a call edits."""
        message = self.messages.get((self.find_chat(call)["id"], int(call.text("message_id"))))
        if message is None:
            raise ApiError("Bad Request: message to edit not found")
        return message

    def read_text(self, call: Call) -> JsonObject:
        """Read the text of a message."""
        text = call.text("text")
        body = trim(read_html(text) if call.text("parse_mode") == "HTML" else RichText(text))
        if not body.text:
            raise ApiError("Bad Request: message text is empty")
        if utf16_length(body.text) > MESSAGE_LENGTH:
            raise ApiError("Bad Request: message is too long")
        return {"text": body.text, "entities": to_entities(body)}

    def read_caption(self, call: Call) -> JsonObject:
        """Read the caption of a file; it may be empty."""
        body = read_html(call.text("caption"))
        return {"caption": body.text, "caption_entities": to_entities(body)}

    def read_markup(self, call: Call) -> JsonObject:
        """Read the buttons below a message."""
        given = call.text("reply_markup")
        return {"reply_markup": json.loads(given)} if given else {}

    def read_file(self, call: Call, source: str) -> File:
        """Return the file that a call sends: by its id, or in the call."""
        if source in self.files:
            return self.files[source]
        return self.add_file(*call.files[source.removeprefix("attach://")])

    def add_file(self, name: str, data: bytes) -> File:
        """Store a file under a new id."""
        file = File(file_id=self.new_id(), name=name, data=data)
        self.files[file.file_id] = file
        return file

    def menu_key(self, call: Call) -> tuple[str, str]:
        """Return the scope of a menu of commands."""
        return call.text("scope"), call.text("language_code")

    def read_typed(self, text: str) -> JsonObject:
        """Read a typed text, with the entity that Telegram adds for a command."""
        command = _COMMAND.match(text)
        if command is None:
            return {"text": text}
        marked = {"type": "bot_command", "offset": 0, "length": command.end()}
        return {"text": text, "entities": [marked]}
