"""The parts of posts out of the archive: the rows of all their tables by one statement.

SQLAlchemy takes longer over a statement than SQLite over the rows of five posts, so the tables are
read as one that has room for the columns of any.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    Select,
    Table,
    bindparam,
    cast,
    literal_column,
    null,
    select,
    union_all,
)

from db.rows import PARTS, PartRows, SqlRow, Values
from db.schema.metadata import INT, TEXT

# Where they stand in a row, whose first value names the table. A poll, which is alone, has another
# number for its position.
_FIRST = ("post_id", "position")
_POST_ID, _POSITION = 1, 2


def read_parts(connection: Connection, post_ids: Sequence[int]) -> PartRows:
    """Return the rows of all parts of a thousand posts at most, by table name, then by post."""
    found: dict[str, defaultdict[int, list[Values]]] = {
        name: defaultdict(list) for name in _READERS
    }
    # All at once: row by row, SQLAlchemy takes longer than SQLite.
    for row in connection.execute(_ROWS, {"post_ids": post_ids}).all():
        name = row[0]
        found[name][row[_POST_ID]].append(_READERS[name](row))
    return found


def _numbers(table: Table) -> Sequence[Column[Any]]:
    numbers = [column for column in table.columns if isinstance(column.type, Integer)]
    return sorted(numbers, key=lambda column: column.name not in _FIRST)


def _texts(table: Table) -> Sequence[Column[Any]]:
    return [column for column in table.columns if not isinstance(column.type, Integer)]


# Numbers stand before texts: what has one place is of one type, as PostgreSQL wants it.
_MOST_NUMBERS = max(len(_numbers(part.table)) for part in PARTS)
_MOST_TEXTS = max(len(_texts(part.table)) for part in PARTS)


def _rows_of(table: Table) -> Select[Any]:
    numbers, texts = _numbers(table), _texts(table)
    return select(
        literal_column(f"'{table.name}'"),
        *numbers,
        *[cast(null(), INT)] * (_MOST_NUMBERS - len(numbers)),
        *texts,
        *[cast(null(), TEXT)] * (_MOST_TEXTS - len(texts)),
    ).where(table.c.post_id.in_(bindparam("post_ids", expanding=True)))


def _reader_of(table: Table) -> Callable[[SqlRow], Values]:
    """Return what reads a table's columns off a row of all."""
    numbers, texts = _numbers(table), _texts(table)
    names = [column.name for column in (*numbers, *texts)]
    first_text = _POST_ID + _MOST_NUMBERS
    values = itemgetter(
        *range(_POST_ID, _POST_ID + len(numbers)), *range(first_text, first_text + len(texts))
    )
    return lambda row: dict(zip(names, values(row), strict=True))


_READERS = {part.table.name: _reader_of(part.table) for part in PARTS}
_ROWS = union_all(*(_rows_of(part.table) for part in PARTS)).order_by(
    literal_column(str(_POSITION + 1))
)
