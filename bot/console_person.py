"""A person in a private chat with the bot: what they do reaches it as an update."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.console_messages import Chat, FormattedText, JsonObject, Message, StoredFile, User
from bot.console_server import BotApi


class Person:
    """One person; all that they do is done to `api`, a Bot API server."""

    def __init__(self, api: BotApi, user: User) -> None:
        self.api = api
        self.user = user
        self.chat = Chat(chat_id=user.user_id, title=user.first_name)
        api.chats[user.user_id] = self.chat

    def says(self, text: str, **extra: Any) -> Message:
        """Send a text; `extra` are further fields of the message."""
        return self._sends(text, extra=extra)

    def sends_file(self, path: Path) -> Message:
        """Send a file as a document; it stays where it lies."""
        place, size = str(path.absolute()), path.stat().st_size
        file = StoredFile(file_id=place, unique_id=place, name=path.name, declared_size=size)
        return self._sends("", media="document", file=file)

    def presses_data(self, message: Message, data: str | None) -> str:
        """Press a button that has this data under a message; return the query's id."""
        chat_id = message.chat.chat_id
        return self._asks(
            "callback_query",
            message=self._shown(message),
            chat_instance=str(chat_id),
            data=data,
        )

    def inline_query(self, text: str, *, offset: str = "") -> str:
        """Type the bot's name and a query in any chat; return the query's id."""
        return self._asks("inline_query", query=text, offset=offset, chat_type="sender")

    def _shown(self, message: Message) -> JsonObject:
        """Return what the bot is told of the message under which a button was pressed."""
        return message.as_json()

    def _sends(self, text: str, **fields: Any) -> Message:
        content = FormattedText(text=text, entities=self.api.find_entities(text))
        message = self.api.keep(self.chat, sender=self.user, content=content, **fields)
        self.api.push("message", message.as_json())
        return message

    def _asks(self, kind: str, **what: Any) -> str:
        query_id = self.api.new_id()
        given = {name: value for name, value in what.items() if value is not None}
        self.api.ask(
            self.user.user_id, kind, {"id": query_id, "from": self.user.as_json(), **given}
        )
        return query_id
