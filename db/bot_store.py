"""The bot's own state, in a separate file so that the archive can be given away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Select, delete, insert, select, update

from db.bot_alert_settings import AlertSettingsStore
from db.bot_alerts import AlertStore
from db.bot_inbox import InboxStore
from db.bot_live import LiveStore
from db.bot_people import PeopleStore
from db.bot_photos import PhotoStore
from db.bot_saved import SavedSearchStore
from db.bot_spool import SpoolFolder, SpoolStore, SpoolTable
from db.bot_uploads import UploadStore
from db.database import Database
from db.engine import refuse_unusable
from db.kinds import BOT
from db.leadership import Leadership
from db.lease import Fenced
from db.migrate import connect, open_database
from db.schema.bot import search_sessions, seen_updates
from db.storable import storable_text
from db.times import read_time, time_text
from db.values import SearchSession
from model.addresses import Address
from model.messages import Message

# Telegram repeats an update within a day, during which a busy bot sees some thousands.
_UPDATES_KEPT = 10_000
_BUSY_SECONDS = 5.0


def open_bot_store(
    address: Address,
    *,
    busy_seconds: float = _BUSY_SECONDS,
    updates_kept: int = _UPDATES_KEPT,
    home: Path | None = None,
) -> BotStore:
    """Open the bot's state at an address; create it, or migrate its schema to the latest version.

    Args:
        address: The SQLite file, whose folder is created too, or the PostgreSQL database.
        busy_seconds: How long to wait for another process that is writing.
        updates_kept: How many of the latest updates are remembered.
        home: The folder for what belongs to the state; by default that of its file.

    Raises:
        ArchiveError: Like `open_archive`, including its subclasses.
    """
    database = open_database(address, BOT, busy_seconds=busy_seconds)
    return BotStore(database, updates_kept=updates_kept, home=home)


def check_bot_state(address: Address) -> Sequence[Message]:
    """Check the bot's state without changing it; return one sentence per problem.

    Raises:
        ArchiveError: It cannot be read at all.
    """
    if isinstance(address, Path):
        refuse_unusable(address, read_only=True)
    database = connect(address, BOT, read_only=True, busy_seconds=_BUSY_SECONDS)
    try:
        with database.reading() as connection:
            return database.find_faults(connection)
    finally:
        database.close()


class BotStore:
    """Everything the bot remembers across restarts; a context manager, safe from any thread.

    `people` holds access, `inbox` updates not handled yet, `live` the channels archived live,
    `saved` the saved searches, `alerts` their unsent matches, `alert_settings` the alert settings,
    `uploads` the exports sent by owners, `photos` the ids of uploaded photos.
    """

    def __init__(self, database: Database, *, updates_kept: int, home: Path | None = None) -> None:
        self.people = PeopleStore(database)
        self.inbox = InboxStore(database)
        self.live = LiveStore(database)
        self.uploads = UploadStore(database)
        self.photos = PhotoStore(database)
        self.saved = SavedSearchStore(database)
        self.alerts = AlertStore(database)
        self.alert_settings = AlertSettingsStore(database)
        self._database = database
        self._home = home
        self._updates_kept = updates_kept

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def address(self) -> Address:
        """Return where the state is kept; as text, it shows no password."""
        return self._database.address

    @property
    def home(self) -> Path:
        """Return the folder for what belongs to the state, which is that of its file."""
        if self._home is None:
            assert isinstance(self.address, Path)
            return self.address.parent
        return self._home

    def close(self) -> None:
        """Close all connections; the store can still be used and opens new ones."""
        self._database.close()

    def spool(self) -> SpoolStore:
        """Return where posts wait: in reach of every bot that shares this state."""
        if self._database.file:
            return SpoolFolder(self.home / "spool")
        return SpoolTable(self._database)

    def leadership(self, *, guarded: Sequence[Fenced] = ()) -> Leadership:
        """Return the leadership among the bots that share this state.

        Only the leader may write to it and to what is `guarded`, such as its archive.
        """
        return self._database.leadership("bot", guarded=(self._database, *guarded))

    def save_session(
        self,
        *,
        session_id: str,
        user_id: int,
        chat_id: int,
        query: str,
        state: str,
        now: datetime,
    ) -> None:
        """Store a search under its short id, replacing an older one."""
        values = {
            "user_id": user_id,
            "chat_id": chat_id,
            "query": storable_text(query),
            "state": storable_text(state),
            "used_at": time_text(now),
        }
        of_session = search_sessions.c.session_id == storable_text(session_id)
        with self._database.writing() as connection:
            changed = connection.execute(update(search_sessions).where(of_session).values(values))
            if not changed.rowcount:
                created = {"session_id": storable_text(session_id), "created_at": time_text(now)}
                connection.execute(insert(search_sessions).values(values | created))

    def find_session(self, session_id: str) -> SearchSession | None:
        """Return the search with this id, unless it was dropped."""
        of_session = search_sessions.c.session_id == storable_text(session_id)
        with self._database.reading() as connection:
            row = connection.execute(select(search_sessions).where(of_session)).first()
            if row is None:
                return None
            times = {"created_at": read_time(row.created_at), "used_at": read_time(row.used_at)}
            return SearchSession(**(row._asdict() | times))

    def drop_sessions(self, *, before: datetime) -> int:
        """Delete the searches last used before a moment; return how many."""
        unused = search_sessions.c.used_at < time_text(before)
        with self._database.writing() as connection:
            return connection.execute(delete(search_sessions).where(unused)).rowcount

    def seen_update(self, fingerprint: int) -> bool:
        """Return whether an update was seen before, and remember it; the oldest are forgotten.

        Args:
            fingerprint: A signed 64-bit digest of the update. Telegram's own update id will not do:
                it starts anew after a quiet week, or on another server.
        """
        columns = seen_updates.c
        with self._database.writing() as connection:
            if connection.execute(_with_fingerprint(fingerprint)).first():
                return True
            order = connection.execute(
                insert(seen_updates)
                .values(fingerprint=fingerprint)
                .returning(columns.seen_update_id)
            ).scalar_one()
            oldest = columns.seen_update_id <= order - self._updates_kept
            connection.execute(delete(seen_updates).where(oldest))
            return False

    def knows_update(self, fingerprint: int) -> bool:
        """Return whether an update was seen before, without remembering it."""
        with self._database.reading() as connection:
            return connection.execute(_with_fingerprint(fingerprint)).first() is not None


def _with_fingerprint(fingerprint: int) -> Select[tuple[int]]:
    return select(seen_updates.c.fingerprint).where(seen_updates.c.fingerprint == fingerprint)
