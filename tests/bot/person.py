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

from bot import App, ConsoleRequest
from bot.console_transport import Event, SentFile, Shown, Toast
from bot.uploads.desk import Desk
from model.rich_text import SpanKind

_SENT = b'{"ok":true,"result":{"message_id":1,"date":0,"chat":{"id":1,"type":"private"}}}'

Build = Callable[[ConsoleRequest], App]


class Server(ConsoleRequest):
    """The in-process server, with a record of calls and answers that can be prescribed.

    What the bot sends to other people goes to `elsewhere`.
    """

    def __init__(self, *, user_id: int, language_code: str) -> None:
        super().__init__(user_id=user_id, language_code=language_code)
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.elsewhere: list[dict[str, str]] = []
        self._held: dict[str, asyncio.Event] = {}
        self._prescribed: dict[str, list[tuple[int, bytes] | Exception]] = {}

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
        chat_id = int(self.calls[-1][1].get("chat_id", 0))
        if name == "sendMessage" and chat_id > 0 and chat_id != self._person["id"]:
            self.elsewhere.append(self.calls[-1][1])
            return 200, _SENT
        return await super().do_request(url, method, request_data, *timeouts, **more_timeouts)


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
        self._shown: Shown | None = None

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
        data = self.server.message_update(text)
        data["message"].update(more)
        await self.receives(data)

    async def sends_file(self, path: Path, **more: Any) -> None:
        """Send a file as a document, wait until it is looked at, and see what is said of it."""
        await self.receives(self.server.document_update(path, **more))
        await self.waits()

    async def waits(self) -> None:
        """Wait until the bot has nothing more to do with the files it was sent."""
        seen = self.events
        await self.application.bot_data[Desk].settles()
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
        update = Update.de_json(data, self.application.bot)
        await self.application.update_processor.process_update(
            update, self.application.process_update(update)
        )
        self.sees_what_came()

    def sees_what_came(self) -> None:
        """Note what is shown since the last time."""
        self.events = self.server.take_events()
        for event in self.events:
            if isinstance(event, Shown):
                self._shown = event

    @property
    def seen(self) -> Shown:
        """Return the message that appeared or changed last."""
        assert self._shown is not None
        return self._shown

    @property
    def text(self) -> str:
        """Return its text."""
        return self.seen.body.text

    @property
    def buttons(self) -> Sequence[Any]:
        """Return its buttons."""
        return [button for row in self.seen.rows for button in row]

    @property
    def labels(self) -> Sequence[str]:
        """Return the labels of its buttons."""
        return [button.label for button in self.buttons]

    @property
    def toasts(self) -> Sequence[str]:
        """Return what appeared over the chat in answer to the last update."""
        return [event.text for event in self.events if isinstance(event, Toast)]

    @property
    def files(self) -> Sequence[SentFile]:
        """Return the files that came in answer to the last update."""
        return [event for event in self.events if isinstance(event, SentFile)]

    def styled(self, kind: SpanKind) -> Sequence[str]:
        """Return the stretches of the message that have a style."""
        body = self.seen.body
        return [body.text_of(span) for span in body.spans if span.kind is kind]

    def languages(self) -> Sequence[str]:
        """Return the languages of the blocks of code in the message."""
        return [span.value for span in self.seen.body.spans if span.kind is SpanKind.PRE]
