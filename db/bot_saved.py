"""Saved searches: queries that people follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    delete,
    func,
    insert,
    select,
    update,
)

from db.database import Database
from db.schema.bot_saved import IS_FOUND, IS_WAITING, saved_posts, saved_searches
from db.storable import storable_text
from db.times import maybe_text, maybe_time, read_time, time_text


class MatchState(StrEnum):
    """Whether a match is waiting to be sent, was sent, or must not be sent."""

    KNOWN = "known"
    WAITING = "waiting"
    TOLD = "told"


class AlertMode(StrEnum):
    """How often a person is alerted of a saved search's matches."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A search that a person follows; `new` counts the matches since it was last opened.

    `seq` is the change of the archive `archive_id` up to which it was checked.
    """

    saved_search_id: int
    user_id: int
    query: str
    mode: AlertMode
    created_at: datetime
    paused_at: datetime | None
    muted_until: datetime | None
    archive_id: str
    seq: int
    opened_seq: int
    new: int = 0


class SavedSearchStore:
    """Saved searches in the bot's own file; every change is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self,
        user_id: int,
        query: str,
        *,
        archive_id: str,
        seq: int,
        known: Iterable[int],
        now: datetime,
    ) -> int:
        """Follow a query and return its key; posts in `known` are never sent as alerts."""
        values = {
            "user_id": user_id,
            "query": storable_text(query),
            "mode": AlertMode.AT_ONCE,
            "created_at": time_text(now),
            "archive_id": archive_id,
            "seq": seq,
            "opened_seq": seq,
        }
        key = saved_searches.c.saved_search_id
        with self._database.writing() as connection:
            saved: int = connection.execute(
                insert(saved_searches).values(values).returning(key)
            ).scalar_one()
            _insert_known(connection, saved, known)
            return saved

    def restart(
        self, saved_search_id: int, *, archive_id: str, seq: int, known: Iterable[int]
    ) -> None:
        """Follow a query in another archive: forget the matches in the previous one."""
        chosen = saved_searches.c.saved_search_id == saved_search_id
        values = {"archive_id": archive_id, "seq": seq, "opened_seq": seq}
        with self._database.writing() as connection:
            matched = saved_posts.c.saved_search_id == saved_search_id
            connection.execute(delete(saved_posts).where(matched))
            if connection.execute(update(saved_searches).where(chosen).values(values)).rowcount:
                _insert_known(connection, saved_search_id, known)

    def find(self, saved_search_id: int) -> SavedSearch | None:
        """Return a saved search, unless it was deleted."""
        found = self._select(saved_searches.c.saved_search_id == saved_search_id)
        return found[0] if found else None

    def of_person(self, user_id: int) -> Sequence[SavedSearch]:
        """Return a person's saved searches, oldest first."""
        return self._select(saved_searches.c.user_id == user_id)

    def all(self) -> Sequence[SavedSearch]:
        """Return everybody's saved searches, oldest first; `new` is not counted."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(saved_searches).order_by(saved_searches.c.saved_search_id)
            ).all()
            return tuple(map(read_saved_search, rows))

    def choose_mode(self, saved_search_id: int, mode: AlertMode) -> None:
        """Choose how often a person is alerted."""
        self._change(saved_search_id, mode=mode)

    def mute(self, saved_search_id: int, until: datetime | None) -> None:
        """Hold alerts back until a moment; `None` ends that."""
        self._change(saved_search_id, muted_until=maybe_text(until))

    def pause(self, saved_search_id: int, at: datetime | None) -> None:
        """Pause a saved search; `None` resumes it. Matches found so far are not sent."""
        with self._database.writing() as connection:
            _update(connection, saved_search_id, paused_at=maybe_text(at))
            waits = IS_WAITING & (saved_posts.c.saved_search_id == saved_search_id)
            connection.execute(update(saved_posts).where(waits).values(state=MatchState.KNOWN))

    def open(self, saved_search_id: int) -> None:
        """Mark all matches found so far as seen."""
        with self._database.writing() as connection:
            _update(connection, saved_search_id, opened_seq=saved_searches.c.seq)

    def delete(self, saved_search_id: int) -> None:
        """Delete a saved search."""
        chosen = saved_searches.c.saved_search_id == saved_search_id
        with self._database.writing() as connection:
            connection.execute(delete(saved_searches).where(chosen))

    def delete_of_person(self, user_id: int) -> int:
        """Delete a person's saved searches; return how many there were."""
        chosen = saved_searches.c.user_id == user_id
        with self._database.writing() as connection:
            return connection.execute(delete(saved_searches).where(chosen)).rowcount

    def _change(self, saved_search_id: int, **values: str | None) -> None:
        with self._database.writing() as connection:
            _update(connection, saved_search_id, **values)

    def _select(self, condition: ColumnElement[bool]) -> Sequence[SavedSearch]:
        columns, posts = saved_searches.c, saved_posts.c
        new: Select[Any] = (
            select(func.count())
            .select_from(saved_posts)
            .where(posts.saved_search_id == columns.saved_search_id)
            .where(IS_FOUND, posts.seq > columns.opened_seq)
        )
        wanted = select(saved_searches, new.scalar_subquery().label("new")).where(condition)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(columns.saved_search_id)).all()
            return tuple(map(read_saved_search, rows))


def _insert_known(connection: Connection, saved_search_id: int, known: Iterable[int]) -> None:
    rows = [
        {
            "saved_search_id": saved_search_id,
            "post_id": post_id,
            "seq": 0,
            "state": MatchState.KNOWN,
            "found_at": None,
        }
        for post_id in known
    ]
    if rows:
        connection.execute(insert(saved_posts), rows)


def _update(connection: Connection, saved_search_id: int, **values: object) -> None:
    chosen = saved_searches.c.saved_search_id == saved_search_id
    connection.execute(update(saved_searches).where(chosen).values(values))


def read_saved_search(row: Row[Any]) -> SavedSearch:
    """Return the saved search in a row, which may have further columns."""
    values = row._asdict()
    return SavedSearch(
        saved_search_id=values["saved_search_id"],
        user_id=values["user_id"],
        query=values["query"],
        mode=AlertMode(values["mode"]),
        created_at=read_time(values["created_at"]),
        paused_at=maybe_time(values["paused_at"]),
        muted_until=maybe_time(values["muted_until"]),
        archive_id=values["archive_id"],
        seq=values["seq"],
        opened_seq=values["opened_seq"],
        new=values.get("new", 0),
    )
