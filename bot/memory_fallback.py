"""Keeps in memory what the bot's file cannot take (full disk, locked by another program)."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar

from bot.sessions import Session
from model.errors import ArchiveBusy, ArchiveUnwritable, LetopisError

WRITE_ERRORS = (ArchiveUnwritable, ArchiveBusy)
"""Write failures that leave reading possible."""

_SESSIONS = 1000
_UPDATES = 10_000

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class MemoryFallback:
    """Sessions and updates since writing began to fail, up to a limit, oldest dropped first.

    `error` is the latest failure not reported yet.
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
        """Drop a session that is stored by now."""
        self._sessions.pop(session_id, None)

    def forget_person(self, user_id: int) -> None:
        """Drop a person's sessions."""
        kept = {key: each for key, each in self._sessions.items() if each.user_id != user_id}
        self._sessions = kept

    def note_update(self, fingerprint: int, error: LetopisError) -> None:
        """Remember an update that could not be recorded."""
        self.error = error
        _put(self._updates, fingerprint, None, limit=_UPDATES)

    def has_update(self, fingerprint: int) -> bool:
        """Return whether an update is remembered here."""
        return fingerprint in self._updates


def _put(kept: dict[_Key, _Value], key: _Key, value: _Value, *, limit: int) -> None:
    kept[key] = value
    if len(kept) > limit:
        del kept[next(iter(kept))]
