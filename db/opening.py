"""Opens the archive: the file, its schema, and its unique id."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, insert, select

from db.kinds import ARCHIVE
from db.migrate import open_database
from db.schema import archive_info
from db.sequence import LAST_SEQ
from db.store import PostStore
from db.times import utc_now
from model.errors import ArchiveError
from model.messages import Code

_ARCHIVE_ID = "archive_id"


def open_archive(
    path: Path,
    *,
    read_only: bool = False,
    clock: Callable[[], datetime] = utc_now,
    busy_seconds: float = 5.0,
) -> PostStore:
    """Open the archive at `path`; unless `read_only`, create it or migrate its schema.

    Args:
        path: The SQLite file; its folder is created too.
        read_only: Never write; the file must exist.
        clock: Gives the time at which imports begin and end.
        busy_seconds: How long to wait for another process that is writing.

    Raises:
        ArchiveTooNew: A newer Letopis wrote it.
        ArchiveUnwritable: The folder or the file is read-only, or the disk is full.
        ArchiveBusy: Another process is writing and did not finish in time.
        ArchiveError: The file is damaged, or not an archive.
    """
    if read_only and not path.exists():
        raise ArchiveError(Code.NO_DATABASE, path=path)
    database = open_database(
        path, ARCHIVE, read_only=read_only, busy_seconds=busy_seconds, seed=_write_identity
    )
    try:
        with database.reading() as connection:
            archive_id = _read_identity(connection)
    except BaseException:
        database.close()
        raise
    return PostStore(database, archive_id=archive_id, clock=clock)


def _write_identity(connection: Connection) -> None:
    rows = [
        {"name": _ARCHIVE_ID, "value": secrets.token_hex(16)},
        {"name": LAST_SEQ, "value": "0"},
    ]
    connection.execute(insert(archive_info), rows)


def _read_identity(connection: Connection) -> str:
    value = archive_info.c.value
    named = archive_info.c.name == _ARCHIVE_ID
    return str(connection.execute(select(value).where(named)).scalar_one())
