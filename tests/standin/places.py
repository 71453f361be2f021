"""Groups and channels, in which people and the bot meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.standin.person import Person
from tests.standin.things import Chat, Message, as_caption, as_shown
from tests.standin.visiting import change_standing
from tests.standin.watching import Watch
from tests.standin.world import BOT, is_bots

if TYPE_CHECKING:
    from tests.standin.server import StandIn


class Group:
    """A supergroup with the bot in it; privacy mode is on, as BotFather sets it."""

    def __init__(
        self, standin: StandIn, *, chat_id: int = -1001000000001, title: str = "Группа"
    ) -> None:
        self._world = standin.world
        self.chat = Chat(chat_id=chat_id, type="supergroup", title=title)
        with self._world.change():
            self._world.places[chat_id] = self.chat
        self.watch = Watch(self._world, self.chat)

    def hears(self, person: Person, text: str, *, reply_to: Message | None = None) -> Message:
        """Let a person say something; the bot gets commands, mentions and replies to it."""
        content = {"from": person.user.as_json(), **self._world.read_typed(text)}
        if reply_to:
            content["reply_to_message"] = reply_to.json
        message = self._world.keep(self.chat.as_json(), content)
        to_bot = bool(reply_to and is_bots(reply_to))
        if to_bot or self._is_for_bot(message):
            self._world.push("message", message.json)
        return message

    def _is_for_bot(self, message: Message) -> bool:
        commands = message.marked("bot_command")
        mine = f"@{BOT.username}"
        meant = any("@" not in command or command.endswith(mine) for command in commands)
        return meant or mine in message.marked("mention")


class Channel:
    """A channel; the bot hears of its posts once it is an administrator."""

    def __init__(
        self,
        standin: StandIn,
        *,
        chat_id: int = -1002000000001,
        title: str = "Канал",
        username: str = "",
    ) -> None:
        self._world = standin.world
        self.chat = Chat(
            chat_id=chat_id, type="channel", title=title, username=username, bot="left"
        )
        with self._world.change():
            self._world.places[chat_id] = self.chat
        self.watch = Watch(self._world, self.chat)

    def takes_bot(self, *, by: Person) -> None:
        """Make the bot an administrator."""
        self._stands("administrator", by)

    def removes_bot(self, *, by: Person) -> None:
        """Throw the bot out."""
        self._stands("kicked", by)

    def has(self, person: Person, status: str = "member") -> None:
        """Let a person be a member, an administrator, the creator or what else."""
        with self._world.change():
            self._world.members[self.chat.chat_id, person.user.user_id] = status

    def posts(
        self,
        text: str,
        *,
        album: str = "",
        media: str = "",
        file: tuple[str, bytes] | None = None,
        **extra: Any,
    ) -> Message:
        """Publish a post; `extra` are further fields of the message, known or unknown.

        `file` is a name and what the file holds, `media` says as what it is shown: photo, document.
        """
        shown = self.chat.as_json()
        content = {"sender_chat": shown, **self._world.read_typed(text), **extra}
        if album:
            content["media_group_id"] = album
        stored = self._world.add_file(*file) if file else None
        if stored:
            content = as_caption(content) | as_shown(media, stored)
        message = self._world.keep(shown, content, file=stored)
        self._tell("channel_post", message)
        return message

    def edits(self, message: Message, text: str) -> Message:
        """Edit a post."""
        edited = self._world.replace(message, self._world.read_typed(text))
        self._tell("edited_channel_post", edited)
        return edited

    def _tell(self, kind: str, message: Message) -> None:
        if self.chat.bot == "administrator":
            self._world.push(kind, message.json)

    def _stands(self, status: str, by: Person) -> None:
        with self._world.change():
            change_standing(self._world, self.chat, status, by=by.user)
