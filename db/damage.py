"""Detects damage in a file: SQLite's own check, and values that make no sense.

A damaged file can still be a readable database, with text that is not UTF-8, times that are not
times, or a unique row stored twice. Code that reads such rows can fail with almost any exception.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Column, Table, Text

from db.schema import alembic_version, metadata
from db.schema.bot import bot_metadata
from model.messages import Code, Message
from model.posts import LinkKind, MediaKind
from model.rich_text import SpanKind

_REPORTS = 20
_TIMES = {"as_of", "missing_since", "muted_until"}
_WORDS = {("media", "kind"): MediaKind, ("links", "kind"): LinkKind}
_JSON = {("search_sessions", "state"), ("import_reports", "report")}
_ENTITIES = {("posts", "entities"), ("post_versions", "entities")}


def find_damage(connection: sqlite3.Connection, *, is_quick: bool = False) -> Iterator[Message]:
    """Yield the faults; `is_quick` skips the comparison of indexes with tables.

    Raises:
        sqlite3.Error: A page cannot be read; faults found before were already yielded.
    """
    check = "quick_check" if is_quick else "integrity_check"
    for (report,) in connection.execute(f"PRAGMA {check}({_REPORTS})"):
        if report != "ok":
            yield Message.of(Code.SQLITE_REPORTS, report=" ".join(report.split()).rstrip("."))
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Message.of(Code.LOST_REFERENCE, row=str(row), table=table, parent=parent)
    # The modules of the bot's tables have been loaded by now, by whoever opens its file.
    ours = {**metadata.tables, **bot_metadata.tables, alembic_version.name: alembic_version}
    for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'"):
        if name in ours:
            yield from _find_invalid_values(connection, ours[name])


def _find_invalid_values(connection: sqlite3.Connection, table: Table) -> Iterator[Message]:
    there = {row[1] for row in connection.execute(f"PRAGMA table_xinfo({table.name})")}
    texts = [
        column for column in table.columns if isinstance(column.type, Text) and column.name in there
    ]
    if texts and not _are_texts(connection, *texts):
        for column in texts:
            if not _are_texts(connection, column):
                yield Message.of(Code.NOT_UTF_8, column=column.name, table=table.name)
        return
    for column in texts:
        rule = _rule(column)
        if rule and _count(connection, table, rule):
            yield Message.of(Code.NONSENSE, column=column.name, table=table.name)
    # SQLite's own check leaves constraints out where a file is opened for reading alone.
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            valid = str(constraint.sqltext)
            column_name = valid.partition(" ")[0]
            if column_name in there and _count(connection, table, f"NOT ({valid})"):
                yield Message.of(Code.NONSENSE, column=column_name, table=table.name)
    for place, rule, wanted in _COUNTS:
        if place == table.name and _count(connection, table, rule) != wanted:
            yield Message.of(Code.WRONG_ROWS, table=table.name)


def _are_texts(connection: sqlite3.Connection, *columns: Column[Any]) -> bool:
    names = ", ".join(column.name for column in columns)
    try:
        for _ in connection.execute(f"SELECT {names} FROM {columns[0].table.name}"):  # noqa: S608
            pass
    except sqlite3.OperationalError as exc:
        if not is_decoding_error(exc):
            raise  # pragma: no cover  # the disk fails, or another process holds the file
        return False
    return True


def is_decoding_error(error: BaseException | None) -> bool:
    """Return whether the driver failed on text that is not UTF-8; that has no error class."""
    return str(error).startswith("Could not decode to UTF-8")


def _count(connection: sqlite3.Connection, table: Table, rule: str) -> int:
    counted = connection.execute(f"SELECT count(*) FROM {table.name} WHERE {rule}")  # noqa: S608
    return int(counted.fetchone()[0])


def _rule(column: Column[Any]) -> str:
    """Return an SQL condition that only invalid values meet, "" if any text is valid."""
    name, place = column.name, (column.table.name, column.name)
    if name.endswith("_at") or name in _TIMES:
        return f"{name} IS NOT strftime('%Y-%m-%dT%H:%M:%SZ', {name})"
    if place in _WORDS:
        return f"{name} NOT IN ({_quoted(_WORDS[place])})"
    if place in _JSON:
        return f"NOT json_valid({name})"
    if place in _ENTITIES:
        return f"{name} <> '[]' AND {_NO_SPANS.format(name, _quoted(SpanKind))}"
    if place == ("archive_info", "value"):
        return "name = 'last_seq' AND value <> CAST(CAST(value AS INTEGER) AS TEXT)"
    return ""


def _quoted(words: type[StrEnum]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_NO_SPANS = (
    "CASE WHEN NOT json_valid({0}) OR json_type({0}) <> 'array' THEN 1 ELSE EXISTS ("
    "SELECT 1 FROM json_each({0}) WHERE CASE type WHEN 'object' THEN "
    "json_type(value, '$.start') IS NOT 'integer' OR json_type(value, '$.end') IS NOT 'integer' "
    "OR coalesce(json_type(value, '$.value'), 'text') <> 'text' "
    "OR coalesce(json_extract(value, '$.kind') NOT IN ({1}), 1) ELSE 1 END) END"
)
_COUNTS = (
    ("alembic_version", "1", 1),
    ("archive_info", "name IN ('archive_id', 'last_seq')", 2),
)
