"""Copies a database into a new SQLite file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from db.databases.sqlite import SqliteDatabase
from db.dialects import speech_of
from db.engine import creating
from db.kinds import DatabaseKind
from db.migrate import bring_up_to_date
from db.schema import alembic_version
from model.errors import ArchiveUnwritable
from model.messages import Code

_ROWS = 1000
_BUSY_SECONDS = 5.0


def copy_to_file(source: Connection, kind: DatabaseKind, target: Path) -> None:
    """Write all rows of a snapshot to a new file, a thousand at a time.

    Raises:
        ArchiveUnwritable: The target exists or is not writable.
    """
    try:
        with creating(target) as part:
            file = SqliteDatabase(part, kind, read_only=False, busy_seconds=_BUSY_SECONDS)
            try:
                bring_up_to_date(file)
                with file.writing() as connection:
                    for table in kind.metadata.sorted_tables:
                        if table is not alembic_version:
                            _copy_table(source, connection, table)
            finally:
                file.close()
    except FileExistsError as exc:
        raise ArchiveUnwritable(Code.EXISTS, path=target) from exc


def _copy_table(source: Connection, target: Connection, table: Table) -> None:
    columns = [column for column in table.columns if column.computed is None]
    names = tuple(column.name for column in columns)
    ordered = select(*columns).order_by(*table.primary_key.columns)
    streamed = source.execution_options(stream_results=True, yield_per=_ROWS).execute(ordered)
    for rows in streamed.partitions():
        speech_of(target.dialect).insert_rows(target, table, names, _plain(rows))


def _plain(rows: Sequence[Any]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in rows]
