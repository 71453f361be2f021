"""Where the sequences stand that give tables of PostgreSQL their keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Column, Connection, Table, func, select, text

from db.kinds import DatabaseKind

_SEQUENCE = "CAST(pg_get_serial_sequence(:table, :column) AS regclass)"
_READ = text(f"SELECT pg_sequence_last_value({_SEQUENCE})")
_WRITE = text(f"SELECT setval({_SEQUENCE}, :last)")


def read_counters(connection: Connection, kind: DatabaseKind) -> Mapping[str, int]:
    """Return the last key that each table has given, without those that have given none."""
    found = {
        table.name: connection.execute(_READ, _names(table, column)).scalar()
        for table, column in _counted(kind)
    }
    return {name: last for name, last in found.items() if last is not None}


def write_counters(connection: Connection, kind: DatabaseKind, counters: Mapping[str, int]) -> None:
    """Have no table give a key that it has, nor one up to those of `counters`."""
    for table, column in _counted(kind):
        highest = connection.execute(select(func.max(column))).scalar() or 0
        last = max(highest, counters.get(table.name, 0))
        if last > 0:
            connection.execute(_WRITE, {**_names(table, column), "last": last})


def _counted(kind: DatabaseKind) -> Iterator[tuple[Table, Column[int]]]:
    for table in kind.metadata.sorted_tables:
        if table.autoincrement_column is not None:
            yield table, table.autoincrement_column


def _names(table: Table, column: Column[int]) -> Mapping[str, str]:
    return {"table": table.name, "column": column.name}
