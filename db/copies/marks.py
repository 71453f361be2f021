"""Marks in an unfinished copy: how far each table is copied.

While they stand, the database's revision is none that can be opened, so that nobody takes half an
archive for a whole one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from json import dumps, loads
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, delete, insert, select, update

from db.copies.rows import Row, Tally
from db.kinds import DatabaseKind
from db.schema.metadata import INT, TEXT, alembic_version, table

_UNFINISHED = "copying "

_marks = table(
    "unfinished_copy",
    Column("table_name", TEXT, primary_key=True, comment="The table."),
    Column("source", TEXT, nullable=False, comment="What it is copied from."),
    Column("last_key", TEXT, comment="JSON: key of the last row that is copied; NULL: none is."),
    Column("row_count", INT, nullable=False, comment="How many rows are copied."),
    Column("digest", TEXT, nullable=False, comment="Their digest."),
    comment="How far each table is copied; dropped as soon as all of them are.",
    metadata=MetaData(),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a table is copied: the last key in the order of the source, and what there is."""

    last_key: Row | None
    tally: Tally


_START = Mark(None, Tally())


def is_unfinished(revision: str | None) -> bool:
    """Return whether a revision is that of an unfinished copy."""
    return revision is not None and revision.startswith(_UNFINISHED)


def unfinished_revision(kind: DatabaseKind) -> str:
    """Return the revision of a copy that this program can continue."""
    return f"{_UNFINISHED}{kind.head}"


def begin(connection: Connection, kind: DatabaseKind, *, source: str) -> None:
    """Mark a new, empty database as a copy of which nothing is there yet."""
    _marks.create(connection)
    connection.execute(update(alembic_version).values(version_num=unfinished_revision(kind)))
    empty = {"source": source, **_values(_START)}
    rows = [{"table_name": each.name, **empty} for each in copied_tables(kind)]
    connection.execute(insert(_marks), rows)


def begin_anew(connection: Connection, kind: DatabaseKind) -> None:
    """Delete everything that was copied."""
    for each in reversed(copied_tables(kind)):
        connection.execute(delete(each))
    connection.execute(update(_marks).values(_values(_START)))


def finish(connection: Connection, kind: DatabaseKind) -> None:
    """Turn an unfinished copy into a database that can be opened."""
    _marks.drop(connection)
    connection.execute(update(alembic_version).values(version_num=kind.head))


def read_source(connection: Connection) -> str:
    """Return what an unfinished copy is made from."""
    return str(connection.execute(select(_marks.c.source).limit(1)).scalar_one())


def read_marks(connection: Connection) -> Mapping[str, Mark]:
    """Return how far each table is copied."""
    return {
        row.table_name: Mark(
            last_key=None if row.last_key is None else tuple(loads(row.last_key)),
            tally=Tally(row.row_count, row.digest),
        )
        for row in connection.execute(select(_marks))
    }


def move(connection: Connection, copied: Table, before: Mark, after: Mark) -> bool:
    """Move a table's mark in the transaction that copies its rows.

    Returns whether it was where it is said to have been: another process may have moved it, or
    finished the copy.
    """
    revision = connection.execute(select(alembic_version.c.version_num)).scalar_one()
    if not is_unfinished(revision):
        return False
    was_here = (_marks.c.table_name == copied.name) & (_marks.c.row_count == before.tally.rows)
    moved = connection.execute(update(_marks).where(was_here).values(_values(after)))
    return bool(moved.rowcount)


def copied_tables(kind: DatabaseKind) -> list[Table]:
    """Return the tables that are copied, each after those that it references."""
    return [each for each in kind.metadata.sorted_tables if each.name != alembic_version.name]


def _values(mark: Mark) -> dict[str, Any]:
    return {
        "last_key": None if mark.last_key is None else dumps(mark.last_key),
        "row_count": mark.tally.rows,
        "digest": mark.tally.digest,
    }
