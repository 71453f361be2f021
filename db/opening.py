"""Opens the archive: the database, its schema, and its unique id."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, insert, select

from db.kinds import ARCHIVE
from db.migrate import has_database, open_database
from db.schema import archive_info
from db.sequence import LAST_SEQ
from db.store import PostStore
from db.times import utc_now
from model.addresses import Address, ServerAddress

ARCHIVE_ID = "archive_id"


def open_archive(
    address: Address,
    *,
    read_only: bool = False,
    creates: bool = True,
    clock: Callable[[], datetime] = utc_now,
    busy_seconds: float = 5.0,
    home: Path | None = None,
) -> PostStore:
    """Open the archive at an address; unless `read_only`, create it or migrate its schema.

    Args:
        address: The SQLite file, whose folder is created too, or the PostgreSQL database.
        read_only: Never write; the archive must exist.
        creates: Whether to create it if it does not exist.
        clock: Gives the time at which imports begin and end.
        busy_seconds: How long to wait for another process that is writing.
        home: The folder for what belongs to the archive; by default that of its file.

    Raises:
        ArchiveTooNew: A newer Letopis wrote it.
        ArchiveUnwritable: It is read-only, or the disk is full.
        ArchiveBusy: Another process is writing and did not finish in time.
        ArchiveUnreachable: Its server does not answer.
        ArchiveError: It is damaged, or not an archive.
    """
    database = open_database(
        address,
        ARCHIVE,
        read_only=read_only,
        creates=creates,
        busy_seconds=busy_seconds,
        seed=_write_identity,
    )
    try:
        with database.reading() as connection:
            archive_id = _read_identity(connection)
    except BaseException:
        database.close()
        raise
    return PostStore(database, archive_id=archive_id, clock=clock, home=home)


def has_archive(address: ServerAddress) -> bool:
    """Return whether a database on a server holds an archive, of any version.

    Raises:
        ArchiveError: It cannot be reached, or does not exist.
    """
    return has_database(address, ARCHIVE)


def _write_identity(connection: Connection) -> None:
    rows = [
        {"name": ARCHIVE_ID, "value": secrets.token_hex(16)},
        {"name": LAST_SEQ, "value": "0"},
    ]
    connection.execute(insert(archive_info), rows)


def _read_identity(connection: Connection) -> str:
    value = archive_info.c.value
    named = archive_info.c.name == ARCHIVE_ID
    return str(connection.execute(select(value).where(named)).scalar_one())
