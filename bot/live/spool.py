"""Posts that are not in the archive yet: each a file of the home, until it is archived.

A post is put here before Telegram is told that it has arrived: it does not bring it again then, and
the bot may be killed before it comes to handling it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock

from telegram import Message, Update

from bot.live.conversion import told_at
from model.whole_files import making

_log = logging.getLogger(__name__)

_MOST_UNDECIDED = 2000
_MOST_OF_CHANNEL = 500
"""How many posts wait for an owner's word; anybody can take the bot into channels of theirs."""


class Spool:
    """Posts that wait, the oldest first; they outlive the bot, and a disk that is full.

    What the disk does not take is held in memory until it does. Safe to use from any thread.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._messages: dict[str, Message] = {}
        self._unwritten: set[str] = set()
        self._writing = Lock()

    def load(self) -> None:
        """Read what earlier runs have left; a file that cannot be read stays, and is named."""
        for path in sorted(self.folder.glob("*.json")):
            try:
                message = Message.de_json(json.loads(path.read_bytes()), None)
            except (OSError, ValueError, LookupError, TypeError, AttributeError) as exc:
                _log.warning("%s cannot be read as a post (%r) and is left alone", path, exc)
            else:
                self._messages[path.stem] = message

    def keep(self, update: Update) -> None:
        """Keep what an update brings of a channel, if it brings any."""
        message = update.channel_post or update.edited_channel_post
        if message:
            self.put(message)

    def put(self, message: Message) -> None:
        """Keep a post; the same again is the same file."""
        name = _name(message)
        self._messages[name] = message
        self._unwritten.add(name)
        self._write()

    def has_room(self, chat_id: int) -> bool:
        """Tell whether no more posts wait than may of a channel on which nobody has decided."""
        of_channel = len(list(self.ids(chat_id)))
        return of_channel <= _MOST_OF_CHANNEL and len(self) <= _MOST_UNDECIDED

    def waiting(self) -> Sequence[Message]:
        """Return what waits, the oldest first."""
        self._write()
        return [self._messages[name] for name in sorted(self._messages)]

    def drop(self, message: Message) -> None:
        """Forget a post that is archived, or never will be."""
        name = _name(message)
        if self._messages.pop(name, None):
            with self._writing:
                self._unwritten.discard(name)
                try:
                    self._path(name).unlink(missing_ok=True)
                except OSError as exc:
                    # It is archived once more at the next start, which changes nothing.
                    _log.warning("%s cannot be removed: %s", self._path(name), exc)

    def ids(self, chat_id: int) -> Iterator[int]:
        """Yield the numbers of the posts of a channel that wait."""
        for message in list(self._messages.values()):
            if message.chat.id == chat_id:
                yield message.message_id

    def __len__(self) -> int:
        return len(self._messages)

    def _write(self) -> None:
        with self._writing:
            for name in sorted(self._unwritten):
                try:
                    self.folder.mkdir(mode=0o700, exist_ok=True)
                    with making(self.folder) as part:
                        part.file.write(self._messages[name].to_json().encode())
                        part.put(self._path(name), replaces=True)
                except OSError as exc:
                    count = len(self._unwritten)
                    _log.error("%s posts are held in memory alone: %s", count, exc)
                    return
                self._unwritten.discard(name)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.json"


def _name(message: Message) -> str:
    """Return a name by which older posts, and older words of one, come first."""
    return f"{told_at(message):%Y%m%d%H%M%S}{message.chat.id}-{message.message_id}"
