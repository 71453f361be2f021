"""What a Bot API server keeps: users, chats, files and messages, and their JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.html_reading import from_entities
from bot.rendering.bubble import Button
from model.rich_text import RichText

JsonObject = dict[str, Any]


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
        optional = {"username": self.username, "language_code": self.language_code}
        user = {"id": self.user_id, "is_bot": self.is_bot, "first_name": self.first_name}
        return user | {name: value for name, value in optional.items() if value}


@dataclass(slots=True, kw_only=True)
class Chat:
    """A chat; `bot` is the bot's standing in it."""

    chat_id: int
    type: str = "private"
    title: str = ""
    username: str = ""
    bot: str = "member"

    def as_json(self) -> JsonObject:
        """Return the Bot API's Chat."""
        title = "first_name" if self.type == "private" else "title"
        chat = {"id": self.chat_id, "type": self.type, title: self.title}
        return chat | ({"username": self.username} if self.username else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file on the server; `declared_size` is what its message says, `None` for nothing."""

    file_id: str
    unique_id: str
    name: str
    data: bytes = b""
    mime_type: str = ""
    declared_size: int | None = None

    def as_json(self) -> JsonObject:
        """Return the fields that all of the Bot API's files share."""
        file: JsonObject = {"file_id": self.file_id, "file_unique_id": self.unique_id}
        return file if self.declared_size is None else file | {"file_size": self.declared_size}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormattedText:
    """A text and the Bot API's entities; `dropped` counts those that are too many to be kept."""

    text: str = ""
    entities: Sequence[JsonObject] = ()
    dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it stands at one moment; an edit makes a new value.

    Of a file, `content` is the caption. `extra` are further fields of the Bot API's Message.
    """

    message_id: int
    chat: Chat
    sender: User | None
    date: int
    content: FormattedText
    markup: JsonObject | None = None
    media: str = ""
    file: StoredFile | None = None
    album: str = ""
    edit_date: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return what it says."""
        return self.content.text

    @property
    def body(self) -> RichText:
        """Return what it says, and how."""
        return from_entities(self.text, self.content.entities)

    @property
    def rows(self) -> tuple[tuple[Button, ...], ...]:
        """Return the rows of buttons under it."""
        return tuple(
            tuple(_read_button(button) for button in row)
            for row in (self.markup or {}).get("inline_keyboard", ())
        )

    def as_json(self) -> JsonObject:
        """Return the Bot API's Message."""
        prefix = "caption_" if self.file else ""
        optional = {
            "from": self.sender and self.sender.as_json(),
            "sender_chat": self.chat.as_json() if self.chat.type == "channel" else None,
            "edit_date": self.edit_date,
            "media_group_id": self.album,
            "reply_markup": self.markup,
            "caption" if self.file else "text": self.text,
            f"{prefix}entities": list(self.content.entities),
            self.media: self.file and _media_json(self.media, self.file),
        }
        return {
            "message_id": self.message_id,
            "date": self.date,
            "chat": self.chat.as_json(),
            **{name: value for name, value in optional.items() if value},
            **self.extra,
        }


def _media_json(media: str, file: StoredFile) -> object:
    if media == "photo":
        return [file.as_json() | {"width": 800, "height": 600}]
    kind = {"mime_type": file.mime_type} if file.mime_type else {}
    return file.as_json() | {"file_name": file.name} | kind


def _read_button(button: JsonObject) -> Button:
    return Button(
        label=button["text"],
        data=button.get("callback_data", ""),
        url=button.get("url", ""),
        copy=button.get("copy_text", {}).get("text", ""),
        inline=button.get("switch_inline_query_chosen_chat", {}).get("query", ""),
    )
