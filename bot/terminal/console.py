"""Talks to the bot in a terminal, line by line."""

from __future__ import annotations

import asyncio
import importlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from rich.console import Console
from telegram import Update

from bot.imports.queue import ImportQueue
from bot.message.message import Button, OutgoingMessage
from bot.terminal.html_reader import read_html
from bot.terminal.person import SimulatedUser
from bot.terminal.server import JsonObject, Message
from bot.terminal.transport import BOT_NAME, ConsoleRequest
from bot.terminal.view import (
    render_file,
    render_message,
    render_offered,
    render_photos,
    render_toast,
)
from bot.transport.app import App
from i18n import Catalogue, texts_for

PROMPT = "> "
_QUIT = frozenset({"/quit", "/exit", "/q"})
_EXAMPLES_SHOWN = 3
_COMMAND = re.compile(r"/\w+(?:@\w+)?(?:\s|$)")
_EXPORTS = frozenset({".zip", ".json", ".html"})


def run_console(
    build: Callable[[ConsoleRequest], App],
    *,
    lines: Iterable[str],
    console: Console,
    owner_id: int = 1,
    language_code: str = "ru",
    title: str = "",
    examples: Sequence[str] = (),
    echo: bool = False,
) -> None:
    """Run a conversation until the input ends or a line is `/quit`.

    A line is a message to the bot, or the number of a button shown last. Every line is answered
    before the next one is read.

    Args:
        build: Builds the application on the given transport.
        lines: What the person types; `read_lines` reads it from a terminal.
        console: Where answers are shown.
        owner_id: The person's id, which the application must know as an owner's.
        language_code: The language in which the bot answers.
        title: Shown above the first prompt.
        examples: Example queries shown below the title.
        echo: Whether to show each line after a prompt, for input that is not typed.
    """
    transport = ConsoleRequest()
    owner = {
        "id": owner_id,
        "is_bot": False,
        "first_name": "Owner",
        "language_code": language_code,
    }
    person = SimulatedUser(transport.api, owner)
    talk = _Conversation(build(transport), person, console, texts_for(language_code))
    # Not one long asyncio.run: while waiting for a line, Ctrl-C must work at once.
    with asyncio.Runner() as runner:
        runner.run(talk.begin())
        try:
            _greet(console, language_code, title, examples)
            for line in lines:
                if echo:
                    console.print(f"\n{PROMPT}{line}", markup=False, highlight=False)
                if line.strip().casefold() in _QUIT:
                    break
                runner.run(talk.answer(line.strip()))
        except KeyboardInterrupt:
            console.print()
        finally:
            runner.run(talk.end())


def read_lines(stdin: TextIO) -> Iterator[str]:
    """Yield typed lines, with a prompt at a terminal, until the end of the input."""
    if not stdin.isatty():
        for line in stdin:
            yield line.rstrip("\r\n")
        return
    with suppress(ImportError):
        # Importing it gives `input` a history and line editing; Windows has its own.
        importlib.import_module("readline")
    while True:
        try:
            yield input(f"\n{PROMPT}")
        except EOFError:
            return


def _path_of(line: str) -> Path | None:
    """Return the path that was typed, or dragged into the terminal in quotes, if any.

    It may not exist. A name without a folder counts if it has an export's extension.
    """
    bare = line.strip("'\"")
    if _COMMAND.match(bare) or "://" in bare:
        return None
    with suppress(OSError, RuntimeError):  # too long for a name, or the home of an unknown user
        path = Path(bare).expanduser()
        is_sent = path.is_file() and len(path.parts) > 1
        if is_sent or bare.startswith(("/", "~")) or path.suffix.casefold() in _EXPORTS:
            return path
    return None


def _obstacle(path: Path, texts: Catalogue) -> str:
    """Return why a path cannot be sent, `""` if it can."""
    if path.is_file():
        return ""
    says = texts.console_folder if path.is_dir() else texts.console_no_file
    return says.format(path=texts.quoted(str(path)))


def _greet(console: Console, language_code: str, title: str, examples: Sequence[str]) -> None:
    texts = texts_for(language_code)
    if title:
        console.print(title, style="bold", markup=False, highlight=False)
    console.print(texts.console_hint, style="dim", markup=False, highlight=False)
    for query in examples[:_EXAMPLES_SHOWN]:
        console.print(f"  {query}", style="cyan", markup=False, highlight=False)


class _Conversation:
    """One person's conversation; a number presses a button of the last message."""

    def __init__(
        self, application: App, person: SimulatedUser, console: Console, texts: Catalogue
    ) -> None:
        self._application = application
        self._person = person
        self._console = console
        self._texts = texts
        self._events_shown = 0
        self._with_buttons: Message | None = None
        self._buttons: Sequence[Button] = ()
        self._offered: Sequence[JsonObject] = ()

    async def begin(self) -> None:
        await self._application.initialize()
        assert self._application.post_init
        await self._application.post_init(self._application)

    async def end(self) -> None:
        assert self._application.post_stop
        await self._application.post_stop(self._application)
        await self._application.shutdown()

    async def answer(self, line: str) -> None:
        """Process one line and show all results."""
        if not line:
            return
        path = _path_of(line)
        if line.startswith(BOT_NAME):
            self._person.inline_query(line.removeprefix(BOT_NAME).strip())
        elif line.isdecimal() and 1 <= int(line) <= len(self._offered):
            content = self._offered[int(line) - 1]["input_message_content"]
            render_message(self._console, OutgoingMessage(body=read_html(content["message_text"])))
        elif path:
            self._send(path, line)
        elif line.isdecimal() and 1 <= int(line) <= len(self._buttons):
            self._press(self._buttons[int(line) - 1])
        else:
            self._person.says(line)
        await self._process()

    def _send(self, path: Path, line: str) -> None:
        """Send a file; if there is none, say so and search for the text as well."""
        obstacle = _obstacle(path, self._texts)
        if not obstacle:
            self._person.sends_file(path)
            return
        self._say(f"\n{obstacle}")
        if len(path.parts) == 1:
            self._person.says(line)

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _press(self, button: Button) -> None:
        if button.data:
            assert self._with_buttons
            self._person.presses_data(self._with_buttons, button.data)
            return
        self._say(button.url or button.copy or f"{BOT_NAME} {button.inline}")
        if button.inline:
            self._person.inline_query(button.inline)

    async def _process(self) -> None:
        """Let the bot process its updates, and show the results."""
        for data in self._person.api.take_updates():
            update = Update.de_json(data, self._application.bot)
            await self._application.update_processor.process_update(
                update, self._application.process_update(update)
            )
        # The upload is inspected or imported before the next line.
        await self._application.bot_data[ImportQueue].drain()
        self._show_events()

    def _show_events(self) -> None:
        api = self._person.api
        events = api.events[self._events_shown :]
        self._events_shown = len(api.events)
        messages = [event.message for event in events if event.message]
        # Intermediate states of a message are outdated by the time it is printed.
        last = {_group_of(message): message for message in messages}
        sizes = Counter(map(_group_of, messages))
        for event in events:
            if event.message:
                group = _group_of(event.message)
                if last[group] is event.message:
                    self._show_message(event.message, photos=sizes[group])
            elif event.kind == "inline":
                self._offered = event.payload["results"]
                render_offered(self._console, self._offered)
            elif event.payload.get("text"):
                render_toast(self._console, event.payload["text"])

    def _show_message(self, message: Message, *, photos: int) -> None:
        outgoing = message.shown
        if "photo" in message.json:
            self._keep_buttons(message, outgoing)
            render_photos(self._console, photos, outgoing)
        elif message.file:
            render_file(self._console, message.file)
        else:
            self._keep_buttons(message, outgoing)
            render_message(self._console, outgoing)

    def _keep_buttons(self, message: Message, outgoing: OutgoingMessage) -> None:
        """Number the buttons of a message; a message without any keeps the previous ones."""
        before = self._with_buttons
        if outgoing.rows or (before and message.message_id == before.message_id):
            self._with_buttons = message
            self._offered = ()
            self._buttons = tuple(button for row in outgoing.rows for button in row)


def _group_of(message: Message) -> object:
    """Return what photos of one album, or a message and its edits, have in common."""
    return message.json.get("media_group_id") or message.message_id
