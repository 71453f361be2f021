"""All that the stand-in knows: chats, messages, files, updates, and what the bot has done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from tests.standin.clock import Clock
from tests.standin.delivering import Courier
from tests.standin.errors import ApiError
from tests.standin.faults import Faults
from tests.standin.limits import FloodLimits
from tests.standin.tdlib import JsonObject, clean_file_name
from tests.standin.things import Chat, Message, StoredFile, User
from tests.standin.updates import Updates
from tests.standin.wire import Call, to_integer

BOT = User(user_id=123456789, first_name="Летопись", is_bot=True, username="letopis_standin_bot")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A press or an inline query that waits for its answer."""

    at: float
    chat_id: int
    query: str = ""
    offset: str = ""


class InlineCache:
    """Inline answers that the server gives again by itself, to one person or to all."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str, int | None], tuple[Any, float]] = {}

    def keep(self, asked: Asked, answer: Any, *, user_id: int | None, until: float) -> None:
        """Keep an answer, for one person or with `None` for everyone."""
        self._answers[asked.query, asked.offset, user_id] = (answer, until)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something the bot has done that people can see.

    `kind` is message, edit, delete, answer (to a button), inline (results) or action (typing).
    """

    number: int
    kind: str
    chat_id: int
    message: Message | None = None
    payload: JsonObject = field(default_factory=dict)


class World:
    """The one state behind the server, guarded by one lock that everything waits on."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.changed = threading.Condition(threading.RLock())
        self.updates = Updates()
        self.faults = Faults()
        self.users: dict[int, User] = {BOT.user_id: BOT}
        self.chats: dict[int, Chat] = {}
        self.messages: dict[tuple[int, int], Message] = {}
        self.files: dict[str, StoredFile] = {}
        self.events: list[Event] = []
        self.calls: list[Call] = []
        self.members: dict[tuple[int, int], str] = {}
        self.profile: dict[tuple[str, ...], Any] = {}
        self.callbacks: dict[str, Asked] = {}
        self.inline_queries: dict[str, Asked] = {}
        self.inline_cache = InlineCache()
        self.limits = FloodLimits()
        self.inline_messages: dict[str, Message] = {}
        self.links: dict[str, tuple[StoredFile, float]] = {}
        self.webhook = Webhook()
        self.poll = Poll()
        self.closed = False
        self._last_message: dict[int, int] = {}
        self._last_id = 10_000

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

    def now(self) -> int:
        """Return the Unix time in whole seconds."""
        return int(self.clock.now())

    def new_id(self) -> str:
        """Return an identifier that was not used before."""
        with self.changed:
            self._last_id += 1
            return str(self._last_id)

    def new_message_id(self, chat: Chat) -> int:
        """Count messages: per channel and supergroup, and over all private chats together."""
        with self.changed:
            counter = chat.chat_id if chat.type in {"channel", "supergroup"} else 0
            self._last_message[counter] = self._last_message.get(counter, 0) + 1
            return self._last_message[counter]

    def keep(self, message: Message, kind: str = "") -> Message:
        """Store a message as it is now; `kind` reports it as the bot's doing."""
        with self.change():
            self.messages[message.chat.chat_id, message.message_id] = message
            if kind:
                self.report(kind, message.chat.chat_id, message=message)
        return message

    def report(
        self, kind: str, chat_id: int, *, message: Message | None = None, **payload: Any
    ) -> None:
        """Note what the bot has done."""
        with self.change():
            self.events.append(
                Event(
                    number=len(self.events),
                    kind=kind,
                    chat_id=chat_id,
                    message=message,
                    payload=payload,
                )
            )

    def find_message(self, chat_id: int, message_id: int, what: str) -> Message:
        """Return a message, or refuse as `what` is not found."""
        message = self.messages.get((chat_id, message_id))
        if message is None:
            raise ApiError(f"{what} not found")
        return message

    def replace(self, message: Message, **changes: Any) -> Message:
        """Store an edited message and report the edit."""
        edited = replace(message, edit_date=self.now(), **changes)
        return self.keep(edited, "edit")

    def add_file(
        self, name: str, data: bytes, *, mime_type: str, declared_size: int | None
    ) -> StoredFile:
        """Store a file under a new id."""
        number = self.new_id()
        file = StoredFile(
            file_id=f"BQACAgIAAxkBAAI{number}",
            unique_id=f"AgADu{number}",
            name=clean_file_name(name),
            mime_type=mime_type,
            data=data,
            declared_size=declared_size,
        )
        self.files[file.file_id] = file
        return file

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
        chat = self._named(name) if name.startswith("@") else self.chats.get(to_integer(name))
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
        return next((c for c in self.chats.values() if c.username.casefold() == wanted), None)
