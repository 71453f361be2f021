"""When people receive alerts: their quiet hours and the weekly digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from db.database import Database
from db.schema.bot_saved import followers
from db.times import maybe_text, maybe_time, time_text

QUIET_FROM, QUIET_TO = 22, 8
"""Quiet hours of people who have not chosen any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """When a person receives alerts.

    Nothing is sent from the hour `quiet_from` until `quiet_to`; if they are equal, there are no
    quiet hours. `digested_at` is the end of the last digest, `None` if the person wants none.
    """

    user_id: int
    quiet_from: int = QUIET_FROM
    quiet_to: int = QUIET_TO
    digested_at: datetime | None = None


class AlertSettingsStore:
    """Alert settings in the bot's own file; every change is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, user_id: int) -> AlertSettings:
        """Return a person's settings, or the defaults."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(followers).where(followers.c.user_id == user_id)
            ).first()
            if row is None:
                return AlertSettings(user_id=user_id)
            return AlertSettings(**row._asdict() | {"digested_at": maybe_time(row.digested_at)})

    def choose_quiet(self, user_id: int, first: int, last: int) -> None:
        """Set a person's quiet hours."""
        self._choose(user_id, quiet_from=first, quiet_to=last)

    def choose_digest(self, user_id: int, since: datetime | None) -> None:
        """Send digests for the time after `since`; `None` turns digests off."""
        self._choose(user_id, digested_at=maybe_text(since))

    def with_digest(self, *, before: datetime) -> Sequence[AlertSettings]:
        """Return the people who want digests and whose last one ended before a moment."""
        due = followers.c.digested_at < time_text(before)
        with self._database.reading() as connection:
            rows = connection.execute(select(followers).where(due).order_by(followers.c.user_id))
            return tuple(
                AlertSettings(**row._asdict() | {"digested_at": maybe_time(row.digested_at)})
                for row in rows
            )

    def forget(self, user_id: int) -> None:
        """Delete a person's settings."""
        with self._database.writing() as connection:
            connection.execute(delete(followers).where(followers.c.user_id == user_id))

    def _choose(self, user_id: int, **values: int | str | None) -> None:
        with self._database.writing() as connection:
            chosen = update(followers).where(followers.c.user_id == user_id).values(values)
            if not connection.execute(chosen).rowcount:
                default = {"quiet_from": QUIET_FROM, "quiet_to": QUIET_TO}
                row = {"user_id": user_id, **default, **values}
                connection.execute(insert(followers).values(row))
