"""A person who talks to the bot: what they type, what they press, what they see."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from telegram import Update
from telegram.request import RequestData

from bot.imports.queue import ImportQueue
from bot.message.message import Button
from bot.terminal import methods as console_methods
from bot.terminal.server import Event
from bot.terminal.transport import ConsoleRequest
from bot.transport.app import App
from model.rich_text import SpanKind
from tests.standin import person as side
from tests.standin.clock import Clock
from tests.standin.server import METHODS
from tests.standin.things import Chat, Message
from tests.standin.world import World, as_read

Build = Callable[[ConsoleRequest], App]


class Server(ConsoleRequest):
    """The stand-in's world in this process, with a record of calls and prescribed answers.

    `side` is the one person who talks to the bot, `elsewhere` what it sends to other people.
    Everybody has written to the bot before, and files lie on its own machine.
    """

    def __init__(self, *, user_id: int, language_code: str) -> None:
        self.world = World(Clock(), {**METHODS, "getfile": console_methods.METHODS["getfile"]})
        super().__init__(self.world)
        self.side = side.Person(self, user_id, first_name="Owner", language_code=language_code)
        self.side.chat.bot = "member"
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.elsewhere: list[dict[str, str]] = []
        self._held: dict[str, asyncio.Event] = {}
        self._prescribed: dict[str, list[tuple[int, bytes] | Exception]] = {}

    def message_update(self, text: str, **extra: Any) -> dict[str, Any]:
        """Return the update that brings a person's message to the bot."""
        self.side.says(text, **extra)
        return self._take_update()

    def document_update(self, path: Path, **more: object) -> dict[str, Any]:
        """Return the update that brings a person's file to the bot; it stays where it lies."""
        self.side.sends_file(path, **more)
        return self._take_update()

    def press_update(
        self, message_id: int, data: str, *, chat_id: int | None = None
    ) -> dict[str, Any]:
        """Return the update that tells the bot of a button pressed, here or in another chat."""
        message = self.world.messages[chat_id or self.side.chat.chat_id, message_id]
        self.side.presses_data(message, data)
        return self._take_update()

    def _take_update(self) -> dict[str, Any]:
        (update,) = self.world.updates.take(1)
        self.world.updates.confirm(update.number + 1)
        return update.as_json()

    def prescribe(self, method: str, *answers: tuple[int, bytes] | Exception) -> None:
        """Answer the next calls of a method so."""
        self._prescribed.setdefault(method, []).extend(answers)

    @contextmanager
    def holding(self, method: str) -> Iterator[None]:
        """Let the calls of a method wait meanwhile."""
        self._held[method] = asyncio.Event()
        try:
            yield
        finally:
            self._held.pop(method).set()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: Any,
        **more_timeouts: Any,
    ) -> tuple[int, bytes]:
        """Note the call, then answer it as prescribed or as always."""
        name = url.rpartition("/")[2]
        self.calls.append((name, dict(request_data.json_parameters) if request_data else {}))
        if name in self._held:
            await self._held[name].wait()
        answers = self._prescribed.get(name)
        if answers:
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        self._meet(name, self.calls[-1][1])
        return await super().do_request(url, method, request_data, *timeouts, **more_timeouts)

    def expects(self, data: dict[str, Any]) -> None:
        """Let an update from anywhere be answered: its press, its inline query."""
        for kind in ("callback_query", "inline_query"):
            if kind in data:
                self.world.queries[data[kind]["id"]] = {"query": "", "offset": "", **data[kind]}

    def _meet(self, name: str, call: dict[str, str]) -> None:
        """Let the chat that a call names be there, and note what goes to other people."""
        chat_id = int(call.get("chat_id", self.side.chat.chat_id))
        kind = "private" if chat_id > 0 else "supergroup"
        self.world.places.setdefault(chat_id, Chat(chat_id=chat_id, type=kind))
        if name == "sendMessage" and chat_id > 0 and chat_id != self.side.chat.chat_id:
            self.elsewhere.append(call)


@dataclass
class Person:
    """One side of a private chat; use it as an asynchronous context manager."""

    build: Build
    user_id: int = 1
    language_code: str = "ru"

    def __post_init__(self) -> None:
        self.server = Server(user_id=self.user_id, language_code=self.language_code)
        self.application = self.build(self.server)
        self.events: Sequence[Event] = ()
        self._events_seen = 0
        self._shown: Message | None = None

    async def __aenter__(self) -> Self:
        await self.application.initialize()
        assert self.application.post_init
        await self.application.post_init(self.application)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self.application.post_stop
        await self.application.post_stop(self.application)
        await self.application.shutdown()

    async def says(self, text: str, **more: Any) -> None:
        """Send a message."""
        await self.receives(self.server.message_update(text, **more))

    async def sends_file(self, path: Path, **more: Any) -> None:
        """Send a file as a document, wait until it is looked at, and see what is said of it."""
        await self.receives(self.server.document_update(path, **more))
        await self.waits()

    async def waits(self) -> None:
        """Wait until the bot has nothing more to do with the files it was sent."""
        seen = self.events
        await self.application.bot_data[ImportQueue].drain()
        self.sees_what_came()
        self.events = (*seen, *self.events)

    async def presses(self, label: str) -> None:
        """Press the button with this label under the message seen last."""
        found = [button for button in self.buttons if button.label == label]
        assert len(found) == 1, f"{label!r} is not one of {self.labels}"
        await self.sends_data(found[0].data)

    async def sends_data(self, data: str) -> None:
        """Send the data of a button, which need not be there."""
        await self.receives(self.server.press_update(self.seen.message_id, data))

    async def sends_data_anywhere(self, data: str) -> None:
        """Send the data of a button under a new message of the bot's."""
        await self.says("/help")
        await self.sends_data(data)

    async def receives(self, data: dict[str, Any]) -> None:
        """Let an update of any kind reach the bot, and note what is shown in answer."""
        self.server.expects(data)
        update = Update.de_json(data, self.application.bot)
        await self.application.update_processor.process_update(
            update, self.application.process_update(update)
        )
        self.sees_what_came()

    def sees_what_came(self) -> None:
        """Note what is shown since the last time."""
        events = self.server.world.events
        self.events = [event for event in events[self._events_seen :] if self._sees(event)]
        self._events_seen = len(events)
        for event in self.events:
            if event.message and (not event.message.file or "reply_markup" in event.message.json):
                self._shown = as_read(event.message)

    def _sees(self, event: Event) -> bool:
        is_here = event.chat_id == self.user_id or event.chat_id < 0
        is_seen = event.kind in {"message", "edit", "inline"} or event.payload.get("text")
        return is_here and bool(is_seen)

    @property
    def seen(self) -> Message:
        """Return the message that appeared or changed last."""
        assert self._shown is not None
        return self._shown

    @property
    def text(self) -> str:
        """Return its text."""
        return self.seen.body.text

    @property
    def buttons(self) -> Sequence[Button]:
        """Return its buttons."""
        return list(self.seen.buttons)

    @property
    def labels(self) -> Sequence[str]:
        """Return the labels of its buttons."""
        return [button.label for button in self.buttons]

    @property
    def toasts(self) -> Sequence[str]:
        """Return what appeared over the chat in answer to the last update."""
        return [event.payload["text"] for event in self.events if event.kind == "answer"]

    @property
    def files(self) -> Sequence[Message]:
        """Return the files that came in answer to the last update."""
        messages = [as_read(event.message) for event in self.events if event.message]
        return [message for message in messages if message.file]

    def styled(self, kind: SpanKind) -> Sequence[str]:
        """Return the stretches of the message that have a style."""
        body = self.seen.body
        return [body.text_of(span) for span in body.spans if span.kind is kind]

    def languages(self) -> Sequence[str]:
        """Return the languages of the blocks of code in the message."""
        return [span.value for span in self.seen.body.spans if span.kind is SpanKind.PRE]
