"""A Bot API server in this process: its state, and the methods of a conversation.

It takes what the bot sends as it is. A server with more rules overrides the methods of `BotApi`
that read a call.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from bot.console_messages import Chat, FormattedText, JsonObject, Message, StoredFile, User
from bot.html_reading import read_html, to_entities, trim
from bot.rendering.compose import utf16_length
from bot.rendering.pages import MESSAGE_LENGTH
from model.rich_text import RichText

Method = Callable[[Any, Any], Any]
_COMMAND = re.compile(r"/\w+")


class ApiError(Exception):
    """A call that is refused; `description` is what the bot is told."""

    def __init__(self, description: str, *, code: int = 400) -> None:
        super().__init__(description)
        self.description = description
        self.code = code

    def as_json(self) -> JsonObject:
        """Return the body of the answer."""
        return {"ok": False, "error_code": self.code, "description": self.description}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file in a call."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a method; its name is in lower case, arguments are texts as on the wire."""

    method: str
    args: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return an argument, `""` where it is absent."""
        return self.args.get(name, "")

    def part(self, given: Mapping[str, object]) -> Self:
        """Return what an object within the call says, to be read as a call is."""
        return replace(self, args=as_texts(given))

    def flag(self, name: str) -> bool:
        """Return a truth value."""
        return self.text(name).lower() in {"true", "yes", "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A press or an inline query that waits for its answer; `kind` is that of its update."""

    kind: str
    chat_id: int
    asked_at: float
    payload: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something the bot has done that people can see.

    `kind` is message, edit, delete, answer (to a button) or inline (results).
    """

    number: int
    kind: str
    chat_id: int
    message: Message | None = None
    payload: JsonObject = field(default_factory=dict)


def as_texts(given: Mapping[str, object]) -> dict[str, str]:
    """Return arguments as texts, without those that are null."""
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in given.items()
        if value is not None
    }


class BotApi:
    """All that the server knows. What is done to it reaches the bot as updates, by `push`.

    `now` tells the Unix time. `events` is what the bot has done.
    """

    def __init__(
        self,
        bot: User,
        methods: Mapping[str, Method],
        *,
        now: Callable[[], float] = time.time,
        message_type: type[Message] = Message,
    ) -> None:
        self.bot = bot
        self.has_inline = True
        self.chats: dict[int, Chat] = {}
        self.messages: dict[tuple[int, int], Message] = {}
        self.files: dict[str, StoredFile] = {}
        self.queries: dict[str, Query] = {}
        self.profile: dict[tuple[str, ...], Any] = {}
        self.events: list[Event] = []
        self._now = now
        self._methods = methods
        self._message_type = message_type
        self._pending: list[JsonObject] = []
        # The bot remembers which updates it has seen, over a restart too.
        self._last_update = time.time_ns() // 1_000_000
        self._last_id = 10_000
        self._last_message: Counter[int] = Counter()

    def carry_out(self, call: Call) -> Any:
        """Carry out a call and return its result.

        Raises:
            ApiError: the call is refused.
        """
        method = self._methods.get(call.method)
        if method is None:
            raise ApiError("Not Found: method not found", code=404)
        return method(self, call)

    def push(self, kind: str, payload: JsonObject) -> None:
        """Queue an update for the bot."""
        self._last_update += 1
        self._pending.append({"update_id": self._last_update, kind: payload})

    def take_updates(self) -> Sequence[JsonObject]:
        """Return the updates since the last call."""
        pending, self._pending = self._pending, []
        return pending

    def now(self) -> int:
        """Return the Unix time in whole seconds."""
        return int(self._now())

    def new_id(self) -> str:
        """Return an identifier that was not used before."""
        self._last_id += 1
        return str(self._last_id)

    def new_message_id(self, chat: Chat) -> int:
        """Count messages: per channel and supergroup, and over all private chats together."""
        counter = chat.chat_id if chat.type in {"channel", "supergroup"} else 0
        self._last_message[counter] += 1
        return self._last_message[counter]

    def keep(self, chat: Chat, kind: str = "", **fields: Any) -> Message:
        """Store a new message; `kind` reports it as the bot's doing."""
        message = self._message_type(
            message_id=self.new_message_id(chat), chat=chat, date=self.now(), **fields
        )
        return self._store(message, kind)

    def replace(self, message: Message, *, kind: str = "", **changes: Any) -> Message:
        """Store a message as edited; `kind` reports it as the bot's doing."""
        return self._store(replace(message, edit_date=self.now(), **changes), kind)

    def _store(self, message: Message, kind: str) -> Message:
        self.messages[message.chat.chat_id, message.message_id] = message
        if kind:
            self.report(kind, message.chat.chat_id, message=message)
        return message

    def delete(self, message: Message) -> None:
        """Delete a message for the bot."""
        del self.messages[message.chat.chat_id, message.message_id]
        self.report("delete", message.chat.chat_id, message=message)

    def report(
        self, kind: str, chat_id: int, *, message: Message | None = None, **payload: Any
    ) -> None:
        """Note what the bot has done."""
        number = len(self.events)
        self.events.append(
            Event(number=number, kind=kind, chat_id=chat_id, message=message, payload=payload)
        )

    def post(self, call: Call, content: FormattedText, **fields: Any) -> Message:
        """Send a message of the bot's to the chat that a call names."""
        chat = self.writable_chat(call)
        return self.keep(chat, "message", content=content, **{"sender": self.bot, **fields})

    def edit(self, message: Message, content: FormattedText, markup: JsonObject | None) -> Any:
        """Change what a message of the bot's says and its buttons."""
        if (content, markup) == (message.content, message.markup):
            raise ApiError(
                "Bad Request: message is not modified: specified new message content and reply "
                "markup are exactly the same as a current content and reply markup of the message"
            )
        return self.replace(message, kind="edit", content=content, markup=markup).as_json()

    def ask(self, user_id: int, kind: str, payload: JsonObject) -> None:
        """Let a query of a person's wait for its answer, and tell the bot of it."""
        self.queries[payload["id"]] = Query(
            kind=kind, chat_id=user_id, asked_at=self._now(), payload=payload
        )
        self.push(kind, payload)

    def settle(self, kind: str, query_id: str) -> Query:
        """Return a query that is answered now, as it can be once."""
        query = self.queries.pop(query_id, None)
        if query is None or query.kind != kind:
            raise ApiError(
                "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        return query

    # How a call is read

    def readable_chat(self, call: Call) -> Chat:
        """Return the chat that a call names."""
        chat = self.chats.get(int(call.text("chat_id")))
        if chat is None:
            raise ApiError("Bad Request: chat not found")
        return chat

    def writable_chat(self, call: Call) -> Chat:
        """Return the chat that a call writes to."""
        return self.readable_chat(call)

    def find_message(self, chat: Chat, message_id: int, what: str) -> Message:
        """Return a message, or refuse as `what` is not found."""
        message = self.messages.get((chat.chat_id, message_id))
        if message is None:
            raise ApiError(f"Bad Request: {what} not found")
        return message

    def editable_message(self, call: Call) -> Message:
        """Return the message that a call edits."""
        chat = self.writable_chat(call)
        return self.find_message(chat, int(call.text("message_id")), "message to edit")

    def read_text(self, call: Call) -> FormattedText:
        """Read the text of a message."""
        text = call.text("text")
        html = call.text("parse_mode") == "HTML"
        body = trim(read_html(text) if html else RichText(text))
        if not body.text:
            raise ApiError("Bad Request: message text is empty")
        if utf16_length(body.text) > MESSAGE_LENGTH:
            raise ApiError("Bad Request: message is too long")
        return FormattedText(text=body.text, entities=to_entities(body))

    def read_caption(self, call: Call) -> FormattedText:
        """Read the caption of a file; it may be empty."""
        body = read_html(call.text("caption"))
        return FormattedText(text=body.text, entities=to_entities(body))

    def read_markup(self, call: Call) -> JsonObject | None:
        """Read the buttons under a message."""
        markup: JsonObject | None = json.loads(call.text("reply_markup") or "null")
        return markup

    def read_file(self, call: Call, source: str) -> StoredFile:
        """Return the file that a call sends: by its id, or with the call."""
        if source in self.files:
            return self.files[source]
        upload = call.files[source.removeprefix("attach://")]
        return self.add_file(upload.name, upload.data)

    def add_file(self, name: str, data: bytes) -> StoredFile:
        """Store a file under a new id."""
        number = self.new_id()
        file = StoredFile(
            file_id=number, unique_id=number, name=name, data=data, declared_size=len(data)
        )
        self.files[file.file_id] = file
        return file

    def menu_key(self, call: Call) -> tuple[str, str]:
        """Return to whom a menu of commands is shown."""
        return call.text("scope"), call.text("language_code")

    def find_entities(self, text: str) -> Sequence[JsonObject]:
        """Find what Telegram marks in a person's text by itself: a command."""
        command = _COMMAND.match(text)
        found = {"type": "bot_command", "offset": 0, "length": command.end()} if command else None
        return [found] if found else []
