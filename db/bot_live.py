"""Channels archived live, and the gaps in what arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select, update

from db.database import Database
from db.inserting import insert_new
from db.schema.bot_live import live_channels, live_gaps
from db.storable import storable_text
from db.times import time_text


class ApprovalStatus(StrEnum):
    """The owners' decision on archiving a channel."""

    ASKED = "asked"
    APPROVED = "approved"
    DENIED = "denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveChannel:
    """A channel that added the bot; `language` is the language code of the person who added it."""

    chat_id: int
    title: str
    status: ApprovalStatus
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A range of message numbers that did not arrive; `channel_id` is the archive's key."""

    chat_id: int
    first_id: int
    last_id: int
    channel_id: int


class LiveStore:
    """Live channels in the bot's own file; every change is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, chat_id: int) -> LiveChannel | None:
        """Return a channel, if known."""
        columns = live_channels.c
        wanted = select(columns.chat_id, columns.title, columns.status, columns.language)
        with self._database.reading() as connection:
            row = connection.execute(wanted.where(columns.chat_id == chat_id)).first()
            if row is None:
                return None
            return LiveChannel(**row._asdict() | {"status": ApprovalStatus(row.status)})

    def approved(self) -> Sequence[LiveChannel]:
        """Return the channels approved for live archiving, by title."""
        columns = live_channels.c
        wanted = (
            select(columns.chat_id, columns.title, columns.status, columns.language)
            .where(columns.status == ApprovalStatus.APPROVED)
            .order_by(columns.title, columns.chat_id)
        )
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
            return tuple(
                LiveChannel(**row._asdict() | {"status": ApprovalStatus.APPROVED}) for row in rows
            )

    def ask(self, chat_id: int, *, title: str, language: str | None, now: datetime) -> bool:
        """Record that owners must decide on a channel; return whether it is new."""
        values = {
            "chat_id": chat_id,
            "title": storable_text(title),
            "status": ApprovalStatus.ASKED,
            "language": None if language is None else storable_text(language),
            "asked_at": time_text(now),
        }
        inserted = insert_new(live_channels).values(values)
        statement = inserted.execution_options(preserve_rowcount=True)
        with self._database.writing() as connection:
            return bool(connection.execute(statement).rowcount)

    def decide(self, chat_id: int, status: ApprovalStatus, *, by: int, now: datetime) -> bool:
        """Record an owner's decision unless one was made; return whether this one holds."""
        values = {"status": status, "decided_at": time_text(now), "decided_by": by}
        columns = live_channels.c
        waits = (columns.chat_id == chat_id) & (columns.status == ApprovalStatus.ASKED)
        with self._database.writing() as connection:
            statement = update(live_channels).where(waits).values(values)
            return bool(connection.execute(statement).rowcount)

    def forget(self, chat_id: int) -> None:
        """Forget a channel unless it was approved, so that owners are asked again if it returns."""
        columns = live_channels.c
        open_to_all = (columns.chat_id == chat_id) & (columns.status != ApprovalStatus.APPROVED)
        with self._database.writing() as connection:
            connection.execute(delete(live_channels).where(open_to_all))

    def add_gap(self, gap: Gap, *, now: datetime) -> None:
        """Record a gap; one that begins at the same message as a known gap is ignored."""
        values = {
            "chat_id": gap.chat_id,
            "first_id": gap.first_id,
            "last_id": gap.last_id,
            "channel_id": gap.channel_id,
            "found_at": time_text(now),
        }
        with self._database.writing() as connection:
            connection.execute(insert_new(live_gaps).values(values))

    def gaps(self) -> Sequence[Gap]:
        """Return every recorded gap, reported or not."""
        columns = live_gaps.c
        wanted = select(columns.chat_id, columns.first_id, columns.last_id, columns.channel_id)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(columns.chat_id, columns.first_id)).all()
            return tuple(Gap(**row._asdict()) for row in rows)

    def take_gaps(self, *, found_before: datetime, now: datetime) -> Sequence[Gap]:
        """Return the unreported gaps found before a moment, and mark them as reported.

        A gap dated after `now` was recorded before the clock was set back, so it is returned too.
        """
        columns = live_gaps.c
        is_old = columns.found_at <= time_text(found_before)
        due = columns.told_at.is_(None) & (is_old | (columns.found_at > time_text(now)))
        wanted = select(columns.chat_id, columns.first_id, columns.last_id, columns.channel_id)
        with self._database.writing() as connection:
            rows = connection.execute(
                wanted.where(due).order_by(columns.chat_id, columns.first_id)
            ).all()
            if rows:
                statement = update(live_gaps).where(due).values(told_at=time_text(now))
                connection.execute(statement)
        return tuple(Gap(**row._asdict()) for row in rows)
