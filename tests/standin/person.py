"""A person who talks with the bot: what they do, and what they then see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from bot.message.message import Button
from bot.terminal import person as console_person
from bot.terminal import server as console_server
from bot.terminal.server import Event, File, JsonObject
from tests.standin.answering import InlineAnswer
from tests.standin.things import Chat, Message, User, as_caption, as_shown
from tests.standin.visiting import change_standing
from tests.standin.watching import PATIENCE, Watch
from tests.standin.world import World, as_read


class Hosting(Protocol):
    """What has a world: a server, over HTTP or in this process."""

    @property
    def world(self) -> World:
        """Return its world."""
        ...


class Person(console_person.SimulatedUser):
    """One person and their private chat with the bot."""

    def __init__(
        self,
        hosting: Hosting,
        user_id: int,
        *,
        first_name: str = "Вера",
        language_code: str = "ru",
        username: str = "",
    ) -> None:
        self._world = hosting.world
        self.user = User(
            user_id=user_id,
            first_name=first_name,
            username=username,
            language_code=language_code,
        )
        self.chat = Chat(chat_id=user_id, type="private", title=first_name, bot="unknown")
        with self._world.change():
            super().__init__(hosting.world, self.user.as_json())
            self._world.users[user_id] = self.user
            self._world.places[user_id] = self.chat
        self.watch = Watch(self._world, self.chat)

    # What the person does

    def says(self, text: str, *, reply_to: Message | None = None, **more: Any) -> Message:
        """Send a text; it reaches the bot as it is, even where no application would send it."""
        if reply_to:
            more["reply_to_message"] = reply_to.json
        return self._sends(self._world.read_typed(text) | more)

    def command(self, text: str) -> Message:
        """Send a command such as `/start`."""
        return self.says(text)

    def asks(self, text: str, *, timeout: float = PATIENCE) -> Message:
        """Send a text and return the bot's next message."""
        self.watch.looks_away()
        self.says(text)
        # What was said before may still be edited meanwhile.
        return self.waits_for(kinds=("message",), timeout=timeout)

    def corrects(self, message: Message, text: str, *, always: bool = False) -> None:
        """Edit an own message; with `always`, the bot hears of it even if it never asked to."""
        with self._world.change():
            edited = self._world.replace(message, self._world.read_typed(text))
            self._world.updates.push("edited_message", edited.json, always=always)

    def uploads(
        self, name: str, data: bytes, *, declared_size: int | None = -1, caption: str = ""
    ) -> Message:
        """Send a file; `declared_size` may differ from the real one, or be left out as `None`."""
        file = self._world.add_file(
            name, data, mime_type="application/octet-stream", declared_size=declared_size
        )
        content = as_caption(self._world.read_typed(caption)) | as_shown("document", file)
        return self._sends(content, file)

    def presses(self, message: Message, button: str | Callable[[Button], bool]) -> str:
        """Press a button of a message, found by (a part of) its label; return the query's id."""
        return self.presses_data(message, _find(message, button).data or None)

    def inline_query(self, text: str, *, offset: str = "") -> str:
        """Type the bot's name and a query in any chat; return the query's id.

        What the server still holds in its cache is answered at once, without the bot.
        """
        world, user_id = self._world, self.user.user_id
        cached = world.inline_cache.find(text, offset, user_id, world.clock.now())
        if not cached:
            return super().inline_query(text, offset=offset)
        query_id = world.new_id()
        world.report("inline", user_id, query_id=query_id, answer=cached)
        return query_id

    def picks(self, answer: InlineAnswer, result_id: str, *, query: str = "") -> None:
        """Choose an inline result, of which the bot is told."""
        with self._world.change():
            chosen: JsonObject = {
                "result_id": result_id,
                "from": self.user.as_json(),
                "query": query,
            }
            (result,) = (r for r in answer.results if r["id"] == result_id)
            if result.get("reply_markup"):
                message_id = chosen["inline_message_id"] = self._world.new_id()
                text = str((result.get("input_message_content") or {}).get("message_text", ""))
                shown = {"message_id": 0, "chat": self.chat.as_json(), "text": text}
                self._world.inline_messages[message_id] = Message(json=shown)
            self._world.updates.push("chosen_inline_result", chosen)

    def blocks_bot(self) -> None:
        """Stop the bot."""
        with self._world.change():
            change_standing(self._world, self.chat, "kicked", by=self.user)

    def unblocks_bot(self) -> None:
        """Let the bot write again."""
        with self._world.change():
            change_standing(self._world, self.chat, "member", by=self.user)

    def deletes_account(self) -> None:
        """Leave Telegram."""
        with self._world.change():
            self.chat.bot = "deactivated"

    # What the person sees

    def waits_for(
        self,
        wanted: Callable[[Message], bool] | None = None,
        *,
        kinds: tuple[str, ...] = ("message", "edit"),
        timeout: float = PATIENCE,
    ) -> Message:
        """Return the bot's next message or edit in this chat that is wanted."""
        return self.watch.waits_for(wanted, kinds=kinds, timeout=timeout)

    def waits_for_answer(self, query_id: str, *, timeout: float = PATIENCE) -> JsonObject:
        """Return how the bot answered a press: `text`, `alert`, `url`."""
        return self._answer("answer", query_id, timeout).payload

    def waits_for_results(self, query_id: str, *, timeout: float = PATIENCE) -> InlineAnswer:
        """Return how the bot answered an inline query."""
        answer = self._answer("inline", query_id, timeout).payload["answer"]
        assert isinstance(answer, InlineAnswer)
        return answer

    def _answer(self, kind: str, query_id: str, timeout: float) -> Event:
        return self.watch.find(
            lambda event: event.kind == kind and event.payload["query_id"] == query_id,
            timeout=timeout,
        )

    def _known(self, message: console_server.Message) -> JsonObject:
        """Return the message, or of one that is gone where it was."""
        chat = message.json["chat"]
        if (chat["id"], message.message_id) in self._world.messages:
            return super()._known(message)
        return {"message_id": message.message_id, "chat": chat, "date": 0}

    def _sends(self, content: JsonObject, file: File | None = None) -> Message:
        if self.chat.bot == "unknown":
            self.chat.bot = "member"
        return as_read(super()._sends(content, file))


def _find(message: Message, wanted: str | Callable[[Button], bool]) -> Button:
    for button in message.buttons:
        fits = wanted in button.label if isinstance(wanted, str) else wanted(button)
        if fits:
            return button
    raise AssertionError(f"no button {wanted!r} among {message.labels}")
