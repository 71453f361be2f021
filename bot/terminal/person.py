"""A person in a private chat with the bot; their actions reach it as updates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.terminal.server import BotApi, File, JsonObject, Message


class SimulatedUser:
    """One person, as a User of the Bot API, acting on a server."""

    def __init__(self, api: BotApi, user: JsonObject) -> None:
        self.api = api
        self._user = user
        self._chat = {"id": user["id"], "type": "private", "first_name": user["first_name"]}
        api.chats[user["id"]] = self._chat

    def says(self, text: str, **more: Any) -> Message:
        """Send a text; `more` are further fields of the message."""
        return self._sends(self.api.read_typed(text) | more)

    def sends_file(self, path: Path, **more: Any) -> Message:
        """Send a file as a document, with further fields `more`; the file stays where it is."""
        file = File(file_id=str(path.absolute()), name=path.name)
        shown = file.as_json() | {"file_size": path.stat().st_size} | more
        return self._sends({"document": shown}, file)

    def presses_data(self, message: Message, data: str | None) -> str:
        """Press a button with this data below a message; return the query's id."""
        press = {"message": self._known(message), "chat_instance": "1"}
        return self._asks("callback_query", press if data is None else press | {"data": data})

    def inline_query(self, text: str, *, offset: str = "") -> str:
        """Type an inline query in any chat; return the query's id."""
        return self._asks("inline_query", {"query": text, "offset": offset})

    def _known(self, message: Message) -> JsonObject:
        """Return the bot's view of the message with the pressed button."""
        return message.json

    def _sends(self, content: JsonObject, file: File | None = None) -> Message:
        message = self.api.keep(self._chat, {"from": self._user, **content}, file=file)
        self.api.push("message", message.json)
        return message

    def _asks(self, kind: str, what: JsonObject) -> str:
        query_id = self.api.new_id()
        self.api.ask(kind, {"id": query_id, "from": self._user, **what})
        return query_id
