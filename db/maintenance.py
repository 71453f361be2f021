"""Maintenance of the whole file: a person's own statements, checks, copies."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from math import inf
from pathlib import Path
from time import monotonic

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DatabaseError

from db.comparison import find_differences, find_foreign
from db.damage import find_damage
from db.engine import SIGNS_OF_DAMAGE, Database, creating, driver_connection, explaining_errors
from db.foreign import find_shadows, read_objects
from db.full_text_schema import find_harmful
from db.schema import metadata, posts
from db.sequence import read_last_number
from db.values import QueryResult
from db.views import VIEWS
from model.errors import ArchiveUnwritable, UsageError
from model.messages import Code, Message

_STEPS_BETWEEN_LOOKS = 10_000


def query(
    database: Database, statement: str, *, limit: int | None, seconds: float | None = None
) -> QueryResult:
    """Run a read-only statement, and return its first rows.

    Raises:
        UsageError: The statement is wrong, would write, or takes longer than `seconds`.
        KeyboardInterrupt: It was interrupted.
    """
    deadline = inf if seconds is None else monotonic() + seconds
    with explaining_errors(database.path), database.raw_connection() as connection:
        connection.execute("PRAGMA query_only = ON")
        # Someone investigating damage gets to see it.
        connection.text_factory = _decode
        connection.set_authorizer(_permit)
        # Without a Python handler, Ctrl-C would wait for the end of the statement; with one, SQLite
        # reports an interruption.
        connection.set_progress_handler(lambda: monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
        try:
            with closing(connection.cursor()) as cursor:
                cursor.execute(statement)
                columns = tuple(column[0] for column in cursor.description or ())
                rows = cursor.fetchall() if limit is None else cursor.fetchmany(limit + 1)
        except sqlite3.Error as exc:
            if getattr(exc, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
                raise _answer(exc) from exc
            if monotonic() <= deadline:
                raise KeyboardInterrupt from exc  # pragma: no cover  # the tracer loses its place
            raise UsageError(Code.SQL_TOO_SLOW, seconds=f"{seconds:g}") from exc
    return QueryResult(
        columns=columns,
        rows=tuple(rows[:limit]),
        more=limit is not None and len(rows) > limit,
    )


def _decode(text: bytes) -> str:
    return text.decode("utf-8", errors="replace")


_TELLING_PRAGMAS = {
    "data_version",  # FTS5 asks for it
    "foreign_key_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "table_info",
    "table_list",
    "table_xinfo",
}


# They read or set code addresses.
_FORBIDDEN_FUNCTIONS = {"fts3_tokenizer", "load_extension"}


def _permit(action: int, subject: str | None, name: str | None, *_: str | None) -> int:
    """Forbid what `query_only` allows.

    That is: attaching, which creates files, changing pragmas, and functions that run foreign code.
    """
    acts = action == sqlite3.SQLITE_PRAGMA and subject not in _TELLING_PRAGMAS
    calls = action == sqlite3.SQLITE_FUNCTION and (name or "").lower() in _FORBIDDEN_FUNCTIONS
    is_forbidden = acts or calls or action == sqlite3.SQLITE_ATTACH
    return sqlite3.SQLITE_DENY if is_forbidden else sqlite3.SQLITE_OK


def _answer(error: sqlite3.Error) -> Exception:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in {sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY}:
        return UsageError(Code.SQL_READS_ONLY)
    if code == sqlite3.SQLITE_ERROR:
        return UsageError(Code.SQL_NOT_UNDERSTOOD, report=str(error).rstrip("."))
    return error


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
