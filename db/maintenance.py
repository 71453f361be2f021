"""Maintenance of a whole SQLite file: checks and copies."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from db.damage import find_damage
from db.engine import creating, explaining_errors
from db.foreign import find_shadows, read_objects
from model.errors import ArchiveUnwritable
from model.messages import Code, Message

if TYPE_CHECKING:
    from db.databases.sqlite import SqliteDatabase


def read_schema(connection: sqlite3.Connection) -> str:
    """Return the statements of all tables and views, without parts of full-text tables."""
    shadows = find_shadows(connection)
    return "\n\n".join(
        f"{each.sql};"
        for each in read_objects(connection)
        if each.kind in {"table", "view"} and each.name not in shadows
    )


def find_file_faults(connection: sqlite3.Connection) -> Sequence[Message]:
    """Check a whole file of either kind; return its problems."""
    faults: list[Message] = []
    try:
        for fault in find_damage(connection):
            faults.append(fault)  # noqa: PERF402  # keeps what was found before a failure
    except sqlite3.DatabaseError as exc:
        if isinstance(exc, sqlite3.OperationalError):
            raise  # pragma: no cover  # the disk fails, or another process holds the file
        faults.append(Message.of(Code.REST_UNREADABLE, report=exc))
    return tuple(faults)


def back_up(database: SqliteDatabase, target: Path) -> None:
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
