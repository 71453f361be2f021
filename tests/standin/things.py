"""What stands in chats: users, chats, files and messages, as the server keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.standin.entities import Entity, as_html, covered
from tests.standin.keyboards import Button, Keyboard
from tests.standin.tdlib import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person or a bot."""

    user_id: int
    first_name: str
    is_bot: bool = False
    username: str = ""
    language_code: str = ""

    def as_json(self) -> JsonObject:
        """Return the Bot API's User."""
        user: JsonObject = {
            "id": self.user_id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
        }
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user


@dataclass(slots=True, kw_only=True)
class Chat:
    """A chat and what the bot may do in it.

    `bot` is the bot's standing: in a private chat `"member"`, `"kicked"` (blocked), `"unknown"`
    (the person has never written) or `"deactivated"`; elsewhere a ChatMember's status.
    """

    chat_id: int
    type: str
    title: str = ""
    username: str = ""
    bot: str = "member"

    def as_json(self) -> JsonObject:
        """Return the Bot API's Chat."""
        chat: JsonObject = {"id": self.chat_id, "type": self.type}
        chat["first_name" if self.type == "private" else "title"] = self.title
        if self.username:
            chat["username"] = self.username
        return chat


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file on the server; `declared_size` is what its message says, `None` for nothing."""

    file_id: str
    unique_id: str
    name: str
    mime_type: str
    data: bytes
    declared_size: int | None

    @property
    def largest_size(self) -> int:
        """Return the greater of the real and the declared size."""
        return max(len(self.data), self.declared_size or 0)

    def as_json(self) -> JsonObject:
        """Return the fields that all of the Bot API's files share."""
        shown: JsonObject = {"file_id": self.file_id, "file_unique_id": self.unique_id}
        if self.declared_size is not None:
            shown["file_size"] = self.declared_size
        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it stands at one moment; an edit makes a new value.

    `markup` is a `Keyboard`, or another reply markup as the bot gave it. Of a file, `text` and
    `entities` are the caption.
    """

    message_id: int
    chat: Chat
    sender: User | None
    date: int
    text: str = ""
    entities: tuple[Entity, ...] = ()
    dropped_entities: int = 0
    markup: Any = None
    media: str = ""
    file: StoredFile | None = None
    edit_date: int | None = None
    reply_to: int | None = None
    album: str = ""
    extra: tuple[tuple[str, Any], ...] = ()

    @property
    def keyboard(self) -> Keyboard | None:
        """Return the inline keyboard, if there is one."""
        return self.markup if isinstance(self.markup, Keyboard) else None

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Return the buttons in reading order."""
        return self.keyboard.buttons if self.keyboard else ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what the buttons say."""
        return tuple(button.text for button in self.buttons)

    @property
    def html(self) -> str:
        """Return the text with its formatting as HTML."""
        return as_html(self.text, self.entities)

    def marked(self, kind: str) -> tuple[str, ...]:
        """Return the stretches of text that carry an entity of a kind."""
        return tuple(covered(self.text, e) for e in self.entities if e.type == kind)

    def as_json(self) -> JsonObject:
        """Return the Bot API's Message."""
        message: JsonObject = {
            "message_id": self.message_id,
            "date": self.date,
            "chat": self.chat.as_json(),
            **dict(self.extra),
        }
        if self.sender:
            message["from"] = self.sender.as_json()
        if self.chat.type == "channel":
            message["sender_chat"] = self.chat.as_json()
        if self.edit_date is not None:
            message["edit_date"] = self.edit_date
        if self.album:
            message["media_group_id"] = self.album
        if self.keyboard:
            message["reply_markup"] = self.keyboard.as_json()
        return message | self._content()

    def _content(self) -> JsonObject:
        text_name, entities_name = ("text", "entities")
        content: JsonObject = {}
        if self.file:
            text_name, entities_name = ("caption", "caption_entities")
            content[self.media] = _media_json(self.media, self.file)
        if self.text:
            content[text_name] = self.text
        if self.entities:
            content[entities_name] = [entity.as_json() for entity in self.entities]
        return content


def _media_json(media: str, file: StoredFile) -> object:
    if media == "photo":
        return [{**file.as_json(), "width": 800, "height": 600}]
    return {**file.as_json(), "file_name": file.name, "mime_type": file.mime_type}
