"""Updates that were received and are not handled yet."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from db.database import Database
from db.inserting import insert_new
from db.schema.bot import received_updates, seen_updates
from db.storable import storable_text

_ATTEMPTS = 2
"""An update that ended so many bots is not tried again."""


class InboxStore:
    """Updates from their arrival until they are handled; every change is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, fingerprint: int, content: str) -> None:
        """Keep an update; keeping it again changes nothing."""
        row = {"fingerprint": fingerprint, "content": storable_text(content), "attempts": 0}
        with self._database.writing() as connection:
            connection.execute(insert_new(received_updates).values(row))

    def drop(self, fingerprint: int) -> None:
        """Forget an update, which was handled."""
        with self._database.writing() as connection:
            of_update = received_updates.c.fingerprint == fingerprint
            connection.execute(delete(received_updates).where(of_update))

    def take_up(self) -> Sequence[str]:
        """Return what an earlier bot received and did not handle, in order of arrival.

        These updates count as not seen. Each is returned to two later bots at most.
        """
        columns = received_updates.c
        with self._database.writing() as connection:
            connection.execute(delete(received_updates).where(columns.attempts >= _ATTEMPTS))
            wanted = select(columns.fingerprint, columns.content)
            rows = connection.execute(wanted.order_by(columns.received_update_id)).all()
            again = seen_updates.c.fingerprint.in_(select(columns.fingerprint))
            connection.execute(delete(seen_updates).where(again))
            connection.execute(update(received_updates).values(attempts=columns.attempts + 1))
        return tuple(row.content for row in rows)
