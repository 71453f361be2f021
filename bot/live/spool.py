"""Posts not archived yet, each in a file of the home folder or in a table that machines share.

A post is written here before its update is confirmed to Telegram, which then never delivers it
again; the bot may be killed before it handles the update.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import TYPE_CHECKING

from telegram import Message, Update

from bot.live.conversion import effective_at
from model.errors import LetopisError

if TYPE_CHECKING:
    from db.bot_spool import SpoolStore

_log = logging.getLogger(__name__)

_MOST_UNDECIDED = 2000
_MOST_OF_CHANNEL = 500
"""Maximum number of posts waiting for an owner's decision; anyone can add the bot to a channel."""


class Spool:
    """Waiting posts, oldest first; they survive restarts, and a full disk.

    What cannot be stored is held in memory until it can. Thread-safe.
    """

    def __init__(self, store: SpoolStore) -> None:
        self._store = store
        self._messages: dict[str, Message] = {}
        self._unwritten: set[str] = set()
        self._writing = Lock()

    def load(self) -> None:
        """Read what earlier runs left; what is unreadable stays and is logged."""
        for name in self._store.names():
            try:
                message = Message.de_json(json.loads(self._store.read(name)), None)
            except (OSError, ValueError, LookupError, TypeError, AttributeError) as exc:
                _log.warning(
                    "%s in the spool cannot be read as a post (%r) and is left alone", name, exc
                )
            else:
                self._messages[name] = message

    def keep(self, update: Update) -> None:
        """Keep the channel post in an update, if there is one."""
        message = update.channel_post or update.edited_channel_post
        if message:
            self.put(message)

    def put(self, message: Message) -> None:
        """Keep a post; keeping the same one again changes nothing."""
        name = _name(message)
        self._messages[name] = message
        self._unwritten.add(name)
        self._write()

    def has_room(self, chat_id: int) -> bool:
        """Return whether fewer than the maximum of posts from undecided channels are waiting."""
        of_channel = len(list(self.ids(chat_id)))
        return of_channel <= _MOST_OF_CHANNEL and len(self) <= _MOST_UNDECIDED

    def waiting(self) -> Sequence[Message]:
        """Return the waiting posts, oldest first."""
        self._write()
        return [self._messages[name] for name in sorted(self._messages)]

    def drop(self, message: Message) -> None:
        """Drop a post that is archived, or never will be."""
        name = _name(message)
        if self._messages.pop(name, None):
            with self._writing:
                self._unwritten.discard(name)
                try:
                    self._store.remove(name)
                except LetopisError as exc:
                    # It is archived again at the next start, which changes nothing.
                    _log.warning("post %s cannot be removed from the spool: %s", name, exc)

    def ids(self, chat_id: int) -> Iterator[int]:
        """Yield the numbers of a channel's waiting posts."""
        for message in list(self._messages.values()):
            if message.chat.id == chat_id:
                yield message.message_id

    def __len__(self) -> int:
        return len(self._messages)

    def _write(self) -> None:
        with self._writing:
            for name in sorted(self._unwritten):
                try:
                    self._store.write(name, self._messages[name].to_json())
                except LetopisError as exc:
                    count = len(self._unwritten)
                    _log.error("%s posts are held in memory alone: %s", count, exc)
                    return
                self._unwritten.discard(name)


def _name(message: Message) -> str:
    """Return a file name that sorts older posts, and older versions of a post, first."""
    return f"{effective_at(message):%Y%m%d%H%M%S}{message.chat.id}-{message.message_id}"
