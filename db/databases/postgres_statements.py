"""A person's own statements on PostgreSQL, which can only read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

import psycopg
from psycopg import errors

from db.database import Parameters
from db.values import QueryResult, SqlValue
from model.errors import UsageError
from model.messages import Code

# Texts, comments, quoted names and casts stand as they are; a name after `:` is a parameter.
_SQL = re.compile(
    r"""
      (?P<kept> '(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/
        | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ | :: )
    | (?<![\w\]:]) : (?P<name>[^\W\d]\w*)
    | (?P<percent> % )
    """,
    re.VERBOSE | re.DOTALL,
)


def run_statement(
    connection: psycopg.Connection[Any],
    statement: str,
    parameters: Parameters,
    *,
    limit: int | None,
    seconds: float | None,
    tables: Sequence[str],
) -> QueryResult:
    """Run a statement in a read-only transaction of its own, and return its first rows.

    The connection must not be used by others afterwards: a statement can change its settings.

    Raises:
        UsageError: The statement is wrong, would write, or takes longer than `seconds`.
    """
    try:
        # No statement can make a transaction writable that has read something.
        connection.execute("SELECT 1")
        if seconds is not None:
            milliseconds = f"{max(1, round(seconds * 1000))}ms"
            connection.execute("SELECT set_config('statement_timeout', %s, true)", (milliseconds,))
        return _fetch(connection, statement, parameters, limit=limit)
    except errors.QueryCanceled as exc:
        raise UsageError(Code.SQL_TOO_SLOW, seconds=f"{seconds or 0:g}") from exc
    except (errors.ReadOnlySqlTransaction, errors.InsufficientPrivilege) as exc:
        raise UsageError(Code.SQL_ONLY_READS, report=_report(exc)) from exc
    except errors.UndefinedTable as exc:
        found = _NAME.search(exc.diag.message_primary or "")
        name = found[1] if found else ""
        raise UsageError(Code.SQL_NO_TABLE, name=name, names=", ".join(tables)) from exc
    except psycopg.OperationalError:
        raise  # the server's, not the statement's
    except psycopg.Error as exc:
        raise UsageError(Code.SQL_REFUSED, report=_report(exc)) from exc


_NAME = re.compile(r'"(.*)"')


def _report(error: psycopg.Error) -> str:
    return " ".join((error.diag.message_primary or str(error)).split()).rstrip(".")


def _fetch(
    connection: psycopg.Connection[Any],
    statement: str,
    parameters: Parameters,
    *,
    limit: int | None,
) -> QueryResult:
    asked = _driver_statement(statement.strip().removesuffix(";")).encode()
    with connection.cursor() as cursor:
        # As a stream, since a client-side cursor would hold all rows, and by the protocol that
        # takes one statement only.
        stream = cursor.stream(asked, dict(parameters))
        rows = list(stream if limit is None else islice(stream, limit + 1))
        if not rows:  # of which a stream does not know the columns
            cursor.execute(asked, dict(parameters), prepare=True)
        columns = tuple(column.name for column in cursor.description or ())
    shown = rows if limit is None else rows[:limit]
    return QueryResult(
        columns=columns,
        rows=tuple(tuple(map(_read_value, row)) for row in shown),
        more=len(rows) > len(shown),
    )


def _driver_statement(statement: str) -> str:
    """Return a statement with its parameters as the driver writes them."""

    def replace(match: re.Match[str]) -> str:
        if match["name"]:
            return f"%({match['name']})s"
        return match[0].replace("%", "%%")

    return _SQL.sub(replace, statement)


def _read_value(value: Any) -> SqlValue:
    """Return a value as one of those that SQLite has; what it has not becomes text."""
    match value:
        case None | str() | float() | bytes():
            return value
        case bool() | int():
            return int(value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case _:
            return str(value)
