"""A person's own statements, which can only read."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from db.database import Parameters, TextFunction
from db.engine import explaining_errors
from db.foreign import find_shadows, quote, read_objects
from db.sql_functions import register, replace_builtins
from db.values import QueryResult
from model.errors import UsageError
from model.messages import Code

if TYPE_CHECKING:
    from db.databases.sqlite import SqliteDatabase

_STEPS_BETWEEN_LOOKS = 10_000


def query(
    database: SqliteDatabase,
    statement: str,
    *,
    parameters: Parameters | None = None,
    functions: Mapping[str, TextFunction] | None = None,
    limit: int | None = None,
    seconds: float | None = None,
) -> QueryResult:
    """Run a read-only statement, and return its first rows.

    Raises:
        UsageError: The statement is wrong, would write, or takes longer than `seconds`.
        KeyboardInterrupt: It was interrupted.
    """
    deadline = inf if seconds is None else monotonic() + seconds

    def run(*, replaces_builtins: bool) -> QueryResult:
        with explaining_errors(database.path), _asking(database, deadline) as connection:
            register(connection, functions or {})
            if replaces_builtins:
                replace_builtins(connection)
            try:
                return _fetch(connection, statement, parameters or {}, limit=limit)
            except sqlite3.Error as exc:
                if getattr(exc, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
                    raise _answer(exc, connection) from exc
                if monotonic() > deadline:
                    raise UsageError(Code.SQL_TOO_SLOW, seconds=f"{seconds:g}") from exc
                raise KeyboardInterrupt from exc  # pragma: no cover  # the tracer loses its place

    try:
        return run(replaces_builtins=True)
    except UsageError as exc:
        if not _WANTS_BUILTINS.search(str(exc)):
            raise
    return run(replaces_builtins=False)


# A view that another program made may use `lower` or `LIKE`, of which SQLite trusts its own alone;
# and ours cannot read text that is not UTF-8.
_WANTS_BUILTINS = re.compile(r"unsafe use of (?:lower|upper|like)\(\)|user-defined function raised")


@contextmanager
def _asking(database: SqliteDatabase, deadline: float) -> Iterator[sqlite3.Connection]:
    """Yield a connection that can only read, until the deadline."""
    with database.raw_connection() as connection:
        connection.execute("PRAGMA query_only = ON")
        # Someone investigating damage gets to see it.
        connection.text_factory = _decode
        connection.set_authorizer(_permit)
        # Without a Python handler, Ctrl-C would wait for the end of the statement; with one, SQLite
        # reports an interruption.
        connection.set_progress_handler(lambda: monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
        yield connection


def _fetch(
    connection: sqlite3.Connection, statement: str, parameters: Parameters, *, limit: int | None
) -> QueryResult:
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement, parameters)
        columns = tuple(column[0] for column in cursor.description or ())
        rows = cursor.fetchall() if limit is None else cursor.fetchmany(limit + 1)
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


def _answer(error: sqlite3.Error, connection: sqlite3.Connection) -> Exception:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in {sqlite3.SQLITE_AUTH, sqlite3.SQLITE_READONLY}:
        return UsageError(Code.SQL_READS_ONLY)
    if code != sqlite3.SQLITE_ERROR:
        return error
    report = str(error).rstrip(".")
    if missing := _NO_TABLE.match(report):
        if missing[1] == "posts_fts":
            return UsageError(Code.SQL_NO_FULL_TEXT)
        names = ", ".join(table_names(connection))
        return UsageError(Code.SQL_NO_TABLE, name=missing[1], names=names)
    return UsageError(Code.SQL_NOT_UNDERSTOOD, report=report)


_NO_TABLE = re.compile(r"no such table: (.*)", re.DOTALL)


def table_names(connection: sqlite3.Connection) -> Sequence[str]:
    """Return the names of views and tables, views first, without parts of full-text tables."""
    shadows = find_shadows(connection)
    found = [
        (each.kind != "view", each.name)
        for each in read_objects(connection)
        if each.kind in {"table", "view"} and each.name not in shadows
    ]
    return [name for _, name in sorted(found)]


def read_columns(connection: sqlite3.Connection) -> Mapping[str, Sequence[str]]:
    """Return the columns of each view and table, views first."""
    return {
        name: [row[1] for row in connection.execute(f"PRAGMA table_xinfo({quote(name)})")]
        for name in table_names(connection)
    }
