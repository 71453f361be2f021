"""All that the stand-in knows: chats, messages, files, updates, and what the bot has done."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.terminal import server as console_server
from bot.terminal.server import BotApi, Call, File, JsonObject, Method
from tests.standin.clock import Clock
from tests.standin.delivering import Courier
from tests.standin.errors import ApiError
from tests.standin.faults import Faults
from tests.standin.keyboards import read_keyboard
from tests.standin.limits import FloodLimits
from tests.standin.markup import Formatted, find_entities, read_caption, read_text
from tests.standin.profile import read_scope
from tests.standin.sending import read_reply
from tests.standin.tdlib import clean_file_name, silence
from tests.standin.things import Chat, Message, StoredFile, User
from tests.standin.updates import Updates
from tests.standin.uploading import check_file
from tests.standin.wire import UPLOAD_LIMIT, to_integer

BOT = User(user_id=123456789, first_name="Летопись", is_bot=True, username="letopis_standin_bot")
DELETABLE_FOR = 48 * 3600
# How long a person's application waits for an answer; the documentation names no number.
LIFETIME = 30.0


class InlineCache:
    """Inline answers that the server gives again by itself, to one person or to all."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str, int | None], tuple[Any, float]] = {}

    def keep(self, query: JsonObject, answer: Any, *, user_id: int | None, until: float) -> None:
        """Keep an answer, for one person or with `None` for everyone."""
        self._answers[query["query"], query["offset"], user_id] = (answer, until)

    def find(self, query: str, offset: str, user_id: int, now: float) -> Any:
        """Return an answer that is still good, or `None`."""
        for reader in (user_id, None):
            answer, until = self._answers.get((query, offset, reader), (None, 0.0))
            if until > now:
                return answer
        return None


@dataclass(slots=True)
class Webhook:
    """Where updates are to be brought; without an address the bot polls.

    `proxies` leads from the host of an address to a place on this machine, `brought` counts what
    was taken there, `last_error` is when and why something was not.
    """

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: tuple[int, str] | None = None
    brought: int = 0
    proxies: dict[str, str] = field(default_factory=dict)
    courier: Courier | None = None


@dataclass(slots=True)
class Poll:
    """The getUpdates call that counts: a newer one has a higher number.

    With `hold_repeated`, a poll that repeats its offset within three seconds waits for at least
    three seconds, whatever timeout it asks for, as on the server.
    """

    number: int = 0
    offset: int | None = None
    started: float = 0
    hold_repeated: bool = True

    def start(self, offset: int, timeout: int, now: float) -> int:
        """Note a new poll and return how long it may wait."""
        repeated = offset == self.offset and now < self.started + 3
        self.number += 1
        self.offset, self.started = offset, now
        return max(timeout, 3) if repeated and self.hold_repeated else timeout


def is_bots(message: console_server.Message) -> bool:
    """Tell whether the bot has sent a message, elsewhere than in a channel."""
    return bool(message.json.get("from", {}).get("id") == BOT.user_id)


def as_read(message: console_server.Message | None) -> Message:
    """Return a message of this server as tests read it."""
    assert isinstance(message, Message)
    return message


class World(BotApi):
    """The server's state with the real server's rules, under one lock that everything waits on."""

    message_type = Message

    def __init__(self, clock: Clock, methods: Mapping[str, Method]) -> None:
        silence()
        super().__init__(BOT.as_json() | {"supports_inline_queries": True}, methods, now=clock.now)
        self.clock = clock
        self.changed = threading.Condition(threading.RLock())
        self.updates = Updates()
        self.faults = Faults()
        self.places: dict[int, Chat] = {}
        self.users: dict[int, User] = {BOT.user_id: BOT}
        self.calls: list[Call] = []
        self.members: dict[tuple[int, int], str] = {}
        self.inline_cache = InlineCache()
        self.limits = FloodLimits()
        self.inline_messages: dict[str, Message] = {}
        self.links: dict[str, tuple[StoredFile, float]] = {}
        self.webhook = Webhook()
        self.poll = Poll()
        self.closed = False
        self._asked_at: dict[str, float] = {}

    @contextmanager
    def change(self) -> Iterator[None]:
        """Hold the lock, and wake everyone who waits."""
        with self.changed:
            yield
            self.changed.notify_all()

    def wait_for(self, found: Callable[[], bool], timeout: float) -> bool:
        """Wait until something holds, the server closes or the time is over."""
        with self.changed:
            self.changed.wait_for(lambda: self.closed or found(), timeout)
            return found()

    def carry_out(self, call: Call) -> Any:
        """Carry out a call, one at a time."""
        if any(len(data) > UPLOAD_LIMIT for _, data in call.files.values()):
            raise ApiError("Request Entity Too Large", code=413)
        with self.changed:
            chat_id = to_integer(call.text("chat_id"))
            self.limits.count(call.method, chat_id, self.clock.now())
            return super().carry_out(call)

    def push(self, kind: str, payload: JsonObject) -> None:
        """Queue an update, unless the bot does not ask for its kind."""
        with self.change():
            self.updates.push(kind, payload)

    def new_id(self) -> str:
        """Return an identifier that was not used before."""
        with self.changed:
            return super().new_id()

    def keep(
        self, chat: JsonObject, content: JsonObject, *, file: File | None = None, kind: str = ""
    ) -> Message:
        """Store a new message; `kind` reports it as the bot's doing."""
        with self.change():
            return as_read(super().keep(chat, content, file=file, kind=kind))

    def replace(
        self, message: console_server.Message, content: JsonObject, *, kind: str = ""
    ) -> Message:
        """Store a message that was edited; `kind` reports it as the bot's doing."""
        with self.change():
            return as_read(super().replace(message, content, kind=kind))

    def report(self, kind: str, chat_id: int, **payload: Any) -> None:
        """Note what the bot has done: deletions and typing, too."""
        with self.change():
            super().report(kind, chat_id, **payload)

    def delete(self, message: console_server.Message) -> None:
        """Delete the bot's own message, or in a private chat any, within two days."""
        own = is_bots(message) or message.json["chat"]["type"] in {"private", "channel"}
        if not own or self.clock.now() - message.json["date"] > DELETABLE_FOR:
            raise ApiError("MESSAGE_DELETE_FORBIDDEN")
        chat_id = message.json["chat"]["id"]
        del self.messages[chat_id, message.message_id]
        self.report("delete", chat_id, message=message)

    def post(self, call: Call, content: JsonObject, file: File | None = None) -> JsonObject:
        """Send a message, which may answer another one; in a channel nobody is its sender."""
        chat = self.writable_chat(call)
        content = content | read_reply(self, call, chat)
        if chat.type != "channel":
            return super().post(call, content, file)
        # There, a button that opens an inline query would not know the bot's name.
        read_keyboard(call, in_channel=True)
        shown = chat.as_json()
        return self.keep(shown, {"sender_chat": shown, **content}, file=file, kind="message").json

    def ask(self, kind: str, query: JsonObject) -> None:
        """Let a press or an inline query wait for its answer, and tell the bot of it."""
        self._asked_at[query["id"]] = self.clock.now()
        super().ask(kind, query)

    def pop_query(self, query_id: str) -> JsonObject:
        """Return a query that is answered now, in time and for the first time."""
        now = self.clock.now()
        if now - self._asked_at.get(query_id, now) > LIFETIME:
            self.queries.pop(query_id, None)
        return super().pop_query(query_id)

    def add_file(
        self,
        name: str,
        data: bytes,
        *,
        mime_type: str = "",
        declared_size: int | None = -1,
    ) -> StoredFile:
        """Store a file under a new id; without a size of its own it declares the real one."""
        number = self.new_id()
        file = StoredFile(
            file_id=f"BQACAgIAAxkBAAI{number}",
            name=clean_file_name(name),
            mime_type=mime_type or mimetypes.guess_type(name)[0] or "application/octet-stream",
            data=data,
            declared_size=len(data) if declared_size == -1 else declared_size,
        )
        self.files[file.file_id] = file
        return file

    def read_text(self, call: Call) -> JsonObject:
        """Read the text of a message."""
        return read_text(call)

    def read_caption(self, call: Call) -> JsonObject:
        """Read the caption of a file; it may be empty."""
        return read_caption(call)

    def read_markup(self, call: Call) -> JsonObject:
        """Read the buttons under a message."""
        markup = read_keyboard(call, inline_only=call.method.startswith("edit"))
        return {"reply_markup": markup} if markup else {}

    def read_file(self, call: Call, source: str) -> File:
        """Return the file that a call sends: by its id, or with the call."""
        if source not in self.files:
            check_file(call, source)
        return super().read_file(call, source)

    def menu_key(self, call: Call) -> tuple[str, str]:
        """Return to whom a menu of commands is shown."""
        return read_scope(self, call)

    def read_typed(self, text: str) -> JsonObject:
        """Return what a person has typed, with what Telegram marks in it."""
        return Formatted(text=text, entities=find_entities(text)).as_json()

    def find_chat(self, call: Call) -> JsonObject:
        """Return the chat to which a call writes."""
        return self.writable_chat(call).as_json()

    def find_message(self, call: Call) -> Message:
        """Return the message that a call edits."""
        chat = self.writable_chat(call)
        if to_integer(call.text("message_id")) <= 0:
            raise ApiError("Message identifier is not specified")
        message = self.get_message(chat, call, "message to edit")
        if not is_bots(message) and chat.type != "channel":
            raise ApiError("message can't be edited")
        return message

    def get_message(self, chat: Chat, call: Call, what: str) -> Message:
        """Return the message that a call names, or refuse as `what` is not found."""
        message = self.messages.get((chat.chat_id, to_integer(call.text("message_id"))))
        if message is None:
            raise ApiError(f"{what} not found")
        return as_read(message)

    def writable_chat(self, call: Call) -> Chat:
        """Return the chat that a call writes to, or refuse as the server does."""
        chat = self.readable_chat(call)
        if chat.type == "private":
            refusals = {
                "kicked": "bot was blocked by the user",
                "unknown": "bot can't initiate conversation with a user",
                "deactivated": "user is deactivated",
            }
            if chat.bot in refusals:
                raise ApiError(f"Forbidden: {refusals[chat.bot]}", code=403)
        elif chat.type == "channel" and chat.bot != "administrator":
            raise ApiError("need administrator rights in the channel chat")
        return chat

    def readable_chat(self, call: Call) -> Chat:
        """Return the chat that a call names by number or @name."""
        name = call.text("chat_id")
        if not name:
            raise ApiError("Bad Request: chat_id is empty")
        chat = self._named(name) if name.startswith("@") else self.places.get(to_integer(name))
        if chat is None:
            raise ApiError("Bad Request: chat not found")
        if chat.type != "private":
            kind = f"{chat.type} chat"
            if chat.bot == "kicked":
                raise ApiError(f"Forbidden: bot was kicked from the {kind}", code=403)
            if chat.bot == "left":
                raise ApiError(f"Forbidden: bot is not a member of the {kind}", code=403)
        return chat

    def _named(self, name: str) -> Chat | None:
        wanted = name.removeprefix("@").casefold()
        return next((c for c in self.places.values() if c.username.casefold() == wanted), None)
