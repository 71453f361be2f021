"""A person's own statements, which can only read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from math import inf
from time import monotonic

from db.engine import Database, explaining_errors
from db.values import QueryResult
from model.errors import UsageError
from model.messages import Code

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
