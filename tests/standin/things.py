"""What stands in chats, as tests read it: users, chats, files and messages."""

from __future__ import annotations

from dataclasses import dataclass

from bot.message.message import Button
from bot.terminal import server as console_server
from bot.terminal.server import File, JsonObject
from model.rich_text import RichText
from tests.standin.entities import as_html, covered, read_entity


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
class StoredFile(File):
    """A file on the server; `declared_size` is what its message says, `None` for nothing."""

    mime_type: str
    declared_size: int | None

    def as_json(self) -> JsonObject:
        """Return the Bot API's Document."""
        size = {} if self.declared_size is None else {"file_size": self.declared_size}
        # One slot class extends another: `super()` would look for the class before it had slots.
        return File.as_json(self) | size | {"mime_type": self.mime_type}


class Message(console_server.Message):
    """A message as it stands at one moment; an edit makes a new value."""

    __slots__ = ()

    @property
    def chat_id(self) -> int:
        """Return where it stands."""
        return int(self.json["chat"]["id"])

    @property
    def body(self) -> RichText:
        """Return its text and how it is formatted."""
        return self.shown.body

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Return the buttons in reading order."""
        return tuple(button for row in self.shown.rows for button in row)

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what the buttons say."""
        return tuple(button.label for button in self.buttons)

    @property
    def entities(self) -> tuple[JsonObject, ...]:
        """Return the entities of its text or caption."""
        return tuple(self.json.get("entities") or self.json.get("caption_entities") or ())

    @property
    def dropped_entities(self) -> int:
        """Return how many entities were too many."""
        return int(self.json.get("dropped_entities", 0))

    @property
    def html(self) -> str:
        """Return the text with its formatting as HTML."""
        own = (read_entity(entity) for entity in self.entities)
        return as_html(self.text, [entity for entity in own if entity])

    @property
    def is_edit(self) -> bool:
        """Tell whether it was changed since it was sent."""
        return "edit_date" in self.json

    @property
    def media(self) -> str:
        """Return as what its file is shown: `photo`, `document`, or nothing."""
        return next((name for name in ("photo", "document") if name in self.json), "")

    @property
    def album(self) -> str:
        """Return what the parts of an album share."""
        return str(self.json.get("media_group_id", ""))

    @property
    def reply_to(self) -> int | None:
        """Return the number of the message that it answers."""
        answered = self.json.get("reply_to_message")
        return answered and answered["message_id"]

    def marked(self, kind: str) -> tuple[str, ...]:
        """Return the stretches of text that carry an entity of a kind."""
        return tuple(
            covered(self.text, entity["offset"], entity["length"])
            for entity in self.entities
            if entity["type"] == kind
        )


def as_caption(content: JsonObject) -> JsonObject:
    """Return what a message says as the caption of a file."""
    names = {"text": "caption", "entities": "caption_entities"}
    return {names.get(name, name): value for name, value in content.items()}


def as_shown(media: str, file: File) -> JsonObject:
    """Return the field of a message that shows a file as a photo or a document."""
    size = {"width": 800, "height": 600}
    return {media: [file.as_json() | size] if media == "photo" else file.as_json()}
