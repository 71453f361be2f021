"""Reads the rows of a table in batches, and digests them the same in every database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from json import JSONEncoder
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Table, func, select, tuple_

from db.full_text import STEMS_VERSION
from db.schema import archive_info

Row: TypeAlias = tuple[Any, ...]

_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_BYTES = 16
_RANGE = 1 << (8 * _BYTES)
# The full text of SQL belongs to one file, and so does the note which analysis made its stems.
_LEFT_OUT = {archive_info.name: archive_info.c.name != STEMS_VERSION}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows there are, and a digest of all of them in any order.

    Databases order texts differently, so the digest is a sum: of the BLAKE2b digests, 16 bytes
    each, of the rows as JSON arrays in UTF-8.
    """

    rows: int = 0
    digest: str = "0" * (2 * _BYTES)

    def plus(self, rows: Iterable[Row]) -> Tally:
        """Return the tally with further rows of texts, whole numbers and `None`."""
        digests = [
            int.from_bytes(blake2b(_encode(row).encode(), digest_size=_BYTES).digest())
            for row in rows
        ]
        total = (int(self.digest, 16) + sum(digests)) % _RANGE
        return Tally(self.rows + len(digests), f"{total:0{2 * _BYTES}x}")


def column_names(table: Table) -> tuple[str, ...]:
    """Return the columns that are stored; the others are computed from them."""
    return tuple(column.name for column in table.columns if column.computed is None)


def key_reader(table: Table) -> Callable[[Row], Row]:
    """Return what reads a row's primary key."""
    names = column_names(table)
    places = [names.index(column.name) for column in table.primary_key.columns]
    return lambda row: tuple(row[place] for place in places)


def count_rows(connection: Connection, table: Table) -> int:
    """Return how many rows are copied."""
    counted = select(func.count()).select_from(table).where(*_conditions(table))
    return int(connection.execute(counted).scalar_one())


def has_rows(connection: Connection, table: Table) -> bool:
    """Return whether there is any row."""
    return connection.execute(select(*table.primary_key.columns).limit(1)).first() is not None


def read_rows(
    connection: Connection,
    table: Table,
    *,
    batch: int,
    after: Row | None = None,
    most: int | None = None,
) -> Iterator[Sequence[Row]]:
    """Yield rows in batches, in the order of their primary key.

    Args:
        connection: A snapshot.
        table: The table.
        batch: The most rows at once.
        after: The key after which to begin.
        most: How many rows to read in all.
    """
    keys = list(table.primary_key.columns)
    read_key = key_reader(table)
    rows = select(*(table.c[name] for name in column_names(table))).order_by(*keys)
    rows = rows.where(*_conditions(table))
    while wanted := batch if most is None else min(batch, most):
        page = rows if after is None else rows.where(tuple_(*keys) > after)
        found = [tuple(row) for row in connection.execute(page.limit(wanted))]
        if found:
            yield found
            after = read_key(found[-1])
        if len(found) < wanted:
            return
        if most is not None:
            most -= wanted


def _conditions(table: Table) -> Sequence[ColumnElement[bool]]:
    return [_LEFT_OUT[table.name]] if table.name in _LEFT_OUT else []
