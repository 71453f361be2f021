"""Telegram's ids of photos already uploaded, so that they need not be uploaded again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Delete, delete, insert, select

from db.database import Database
from db.schema.bot import sent_photos
from db.storable import storable_text
from db.times import time_text


class PhotoStore:
    """Ids of photos by file name; file names are content hashes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ids(self, names: Collection[str]) -> Mapping[str, str]:
        """Return the ids of those photos that were uploaded before."""
        columns = sent_photos.c
        wanted = columns.name.in_([storable_text(name) for name in names])
        with self._database.reading() as connection:
            rows = connection.execute(select(columns.name, columns.file_id).where(wanted))
            return {row.name: row.file_id for row in rows}

    def keep(self, ids: Mapping[str, str], *, now: datetime) -> None:
        """Store ids of photos, replacing known ones."""
        values = [
            {
                "name": storable_text(name),
                "file_id": storable_text(given),
                "sent_at": time_text(now),
            }
            for name, given in ids.items()
        ]
        with self._database.writing() as connection:
            connection.execute(_deleting(ids))
            if values:
                connection.execute(insert(sent_photos), values)

    def forget(self, names: Collection[str]) -> None:
        """Forget ids that Telegram no longer accepts."""
        with self._database.writing() as connection:
            connection.execute(_deleting(names))


def _deleting(names: Collection[str]) -> Delete:
    return delete(sent_photos).where(sent_photos.c.name.in_([storable_text(n) for n in names]))
