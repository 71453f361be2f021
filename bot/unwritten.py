"""What the bot's file cannot take (its disk is full, another program holds it), kept in memory."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar

from bot.sessions import Session
from model.errors import ArchiveBusy, ArchiveUnwritable, LetopisError

UNWRITABLE = (ArchiveUnwritable, ArchiveBusy)
"""The failures of writing after which reading goes on."""

_SESSIONS = 1000
_UPDATES = 10_000

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Unwritten:
    """Sessions and updates since writing began to fail; of too many the oldest are forgotten.

    `error` is the latest failure that nobody was told of.
    """

    def __init__(self) -> None:
        self.error: LetopisError | None = None
        self._sessions: dict[str, Session] = {}
        self._updates: dict[int, None] = {}

    def keep_session(self, session: Session, error: LetopisError) -> None:
        """Keep a session that could not be stored."""
        self.error = error
        _put(self._sessions, session.session_id, session, limit=_SESSIONS)

    def find_session(self, session_id: str) -> Session | None:
        """Return a session whose latest state is not stored."""
        return self._sessions.get(session_id)

    def drop_session(self, session_id: str) -> None:
        """Forget a session that is stored by now."""
        self._sessions.pop(session_id, None)

    def forget_person(self, user_id: int) -> None:
        """Forget the sessions of a person."""
        kept = {key: each for key, each in self._sessions.items() if each.user_id != user_id}
        self._sessions = kept

    def note_update(self, fingerprint: int, error: LetopisError) -> None:
        """Remember an update that could not be noted."""
        self.error = error
        _put(self._updates, fingerprint, None, limit=_UPDATES)

    def has_update(self, fingerprint: int) -> bool:
        """Tell whether an update is remembered here."""
        return fingerprint in self._updates


def _put(kept: dict[_Key, _Value], key: _Key, value: _Value, *, limit: int) -> None:
    kept[key] = value
    if len(kept) > limit:
        del kept[next(iter(kept))]
