"""Maintenance of the whole file: checks and copies."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DatabaseError

from db.comparison import find_differences, find_foreign
from db.damage import find_damage
from db.engine import SIGNS_OF_DAMAGE, Database, creating, driver_connection, explaining_errors
from db.foreign import find_shadows, read_objects
from db.full_text_schema import find_harmful
from db.schema import metadata, posts
from db.sequence import read_last_number
from db.views import VIEWS
from model.errors import ArchiveUnwritable
from model.messages import Code, Message


def read_schema(connection: Connection) -> str:
    """Return the statements of all tables and views, without parts of full-text tables."""
    driver = driver_connection(connection)
    shadows = find_shadows(driver)
    return "\n\n".join(
        f"{each.sql};"
        for each in read_objects(driver)
        if each.kind in {"table", "view"} and each.name not in shadows
    )


def find_faults(connection: Connection) -> Sequence[Message]:
    """Check the whole archive; return its problems."""
    faults = list(find_file_faults(connection))
    with suppress(sqlite3.DatabaseError, DatabaseError, *SIGNS_OF_DAMAGE):  # already reported
        latest = connection.execute(select(func.max(posts.c.seq))).scalar() or 0
        if latest > read_last_number(connection):
            faults.append(Message.of(Code.COUNTER_BEHIND, latest=latest))
    return tuple(faults)


def find_file_faults(connection: Connection) -> Sequence[Message]:
    """Check a whole file of either kind; return its problems."""
    faults: list[Message] = []
    try:
        for fault in find_damage(driver_connection(connection)):
            faults.append(fault)  # noqa: PERF402  # keeps what was found before a failure
    except sqlite3.DatabaseError as exc:
        if isinstance(exc, sqlite3.OperationalError):
            raise  # pragma: no cover  # the disk fails, or another process holds the file
        faults.append(Message.of(Code.REST_UNREADABLE, report=exc))
    return tuple(faults)


def find_schema_faults(connection: Connection) -> Sequence[Message]:
    """Describe how the schema differs from a new one, and what prevents writing."""
    driver = driver_connection(connection)
    hindrances = [
        Message.of(Code.MEDDLING, path="archive.db", trigger=each)
        for each in find_harmful(driver, metadata.tables.keys())
    ]
    return (*find_differences(driver, metadata, VIEWS), *hindrances)


def find_added(connection: Connection) -> Sequence[str]:
    """Describe what other programs have added to the file, a few words each."""
    return find_foreign(driver_connection(connection), metadata, VIEWS)


def back_up(database: Database, target: Path) -> None:
    """Write a complete copy to a new file; copying the file itself would miss the write-ahead log.

    Raises:
        ArchiveUnwritable: The target exists or is not writable.
    """
    try:
        with (
            creating(target) as part,
            explaining_errors(target, damaged=database.path),
            database.raw_connection() as connection,
        ):
            if database.read_only:
                # SQLite 3.40 cannot VACUUM INTO from a read-only file with generated columns.
                with closing(sqlite3.connect(part)) as copy:
                    connection.backup(copy)
            else:
                connection.execute("VACUUM INTO ?", (str(part),))
    except FileExistsError as exc:
        raise ArchiveUnwritable(Code.EXISTS, path=target) from exc
