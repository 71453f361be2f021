"""Writes CREATE TABLE so that `.schema` in the SQLite shell reads like documentation.

SQLite has no `COMMENT ON`, but it stores the text of every statement. `/* */` survives later `ALTER
TABLE`s; a trailing `--` comment corrupts the stored statement when a column is added. For
PostgreSQL, CREATE INDEX gets the condition that is described for SQLite, and text its collation.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable
from sqlalchemy.sql.compiler import DDLCompiler

# Comments are aligned here; a longer column pushes only its own comment to the right.
_COMMENT_COLUMN = 44
# What people wrote, and may search in any case; all other text is for programs.
_PROSE = {
    ("channels", "title"),
    ("channel_titles", "title"),
    ("posts", "author"),
    ("posts", "forwarded_from"),
    ("posts", "text"),
    ("post_versions", "text"),
    ("snippets", "code"),
    ("links", "text"),
    ("media", "title"),
    ("polls", "question"),
    ("poll_answers", "text"),
}


def comment_text(comment: str) -> str:
    """Return a comment in which the text cannot end it early."""
    return f"/* {comment.replace('*/', '* /')} */"


@compiles(CreateTable, "sqlite")
def _create_table(create: CreateTable, compiler: DDLCompiler, **_: Any) -> str:
    table: Table = create.element
    columns = list(table.columns)
    items = [_column_text(column, compiler) for column in columns]
    items.extend(_constraint_texts(table, compiler))
    comments = [column.comment for column in columns]
    lines = [f"  {comment_text(table.comment)}"] if table.comment else []
    for number, (item, comment) in enumerate(zip_longest(items, comments), start=1):
        line = f"  {item}" + ("," if number < len(items) else "")
        lines.append(f"{line:<{_COMMENT_COLUMN}} {comment_text(comment)}" if comment else line)
    suffix = compiler.post_create_table(table).replace("\n ", " ")
    name = compiler.preparer.format_table(table)
    exists = "IF NOT EXISTS " if create.if_not_exists else ""
    return f"CREATE TABLE {exists}{name} (\n" + "\n".join(lines) + f"\n){suffix}"


@compiles(CreateColumn, "postgresql")
def _create_column(create: CreateColumn, compiler: DDLCompiler, **options: Any) -> str:
    """Have text sorted by its bytes, as on SQLite, unless people wrote it.

    Tags and times are looked up by ranges. What people wrote is sorted, and its case ignored, by
    the rules of the database's language.
    """
    column: Column[Any] = create.element
    statement: str = compiler.visit_create_column(create, **options)  # type: ignore[no-untyped-call]  # SQLAlchemy's
    if isinstance(column.type, Text) and (column.table.name, column.name) not in _PROSE:
        return statement.replace(" TEXT", ' TEXT COLLATE "C"', 1)
    return statement


@compiles(CreateIndex, "postgresql")
def _create_index(create: CreateIndex, compiler: DDLCompiler, **options: Any) -> str:
    """Write a partial index's condition, which is described for SQLite.

    `postgresql_where` in a schema would import that dialect, 30 ms of every command.
    """
    index: Index = create.element
    index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
    statement: str = compiler.visit_create_index(create, **options)  # type: ignore[no-untyped-call]  # SQLAlchemy's
    return statement


def _column_text(column: Column[Any], compiler: DDLCompiler) -> str:
    """Return a column, with PRIMARY KEY if it is the whole key."""
    text = compiler.get_column_specification(column)
    is_sole_key = column.primary_key and len(column.table.primary_key.columns) == 1
    # SQLAlchemy already writes it for AUTOINCREMENT keys.
    return f"{text} PRIMARY KEY" if is_sole_key and "PRIMARY KEY" not in text else text


def _constraint_texts(table: Table, compiler: DDLCompiler) -> Iterator[str]:
    """Yield the table constraints: composite keys, foreign keys, checks.

    Foreign keys could be written with their columns, but SQLAlchemy would not reflect their `ON
    DELETE` from there, and a later migration that rebuilds the table would lose it.
    """
    if len(table.primary_key.columns) > 1:
        yield compiler.process(table.primary_key)
    for kind in (UniqueConstraint, ForeignKeyConstraint, CheckConstraint):
        constraints = [each for each in table.constraints if isinstance(each, kind)]
        yield from sorted(compiler.process(each) for each in constraints)
