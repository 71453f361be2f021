"""Reads the parts of posts from all their tables in one statement.

SQLAlchemy spends more time per statement than SQLite does reading the rows of five posts, and
compiling this one takes it 5 ms. So the tables are read as one UNION with shared columns, written
out here and given to the driver.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Connection, Integer, Table

from db.dialects import speech_of
from db.rows import PARTS, PartRows, Values

# Their positions in a row, whose first value is the table's name. A poll has no position; its
# column is used for another number.
_FIRST = ("post_id", "position")
_POST_ID, _POSITION = 1, 2


def read_parts(connection: Connection, post_ids: Sequence[int]) -> PartRows:
    """Return all parts of some posts, by table name, then by post."""
    found: dict[str, defaultdict[int, list[Values]]] = {
        name: defaultdict(list) for name in _READERS
    }
    for row in speech_of(connection.dialect).select_by_keys(connection, _ROWS, post_ids):
        name = row[0]
        found[name][row[_POST_ID]].append(_READERS[name](row))
    return found


def _numbers(table: Table) -> Sequence[Column[Any]]:
    numbers = [column for column in table.columns if isinstance(column.type, Integer)]
    return sorted(numbers, key=lambda column: column.name not in _FIRST)


def _texts(table: Table) -> Sequence[Column[Any]]:
    return [column for column in table.columns if not isinstance(column.type, Integer)]


_MOST_NUMBERS = max(len(_numbers(part.table)) for part in PARTS)
_MOST_TEXTS = max(len(_texts(part.table)) for part in PARTS)


def _rows_of(table: Table) -> str:
    """Return a SELECT of a table's columns, numbers before texts, both filled up with NULL."""
    numbers, texts = _numbers(table), _texts(table)
    names = [
        f"'{table.name}'",
        *(column.name for column in numbers),
        *["CAST(NULL AS bigint)"] * (_MOST_NUMBERS - len(numbers)),
        *(column.name for column in texts),
        *["NULL"] * (_MOST_TEXTS - len(texts)),
    ]
    return f"SELECT {', '.join(names)} FROM {table.name} WHERE post_id {{keys}}"  # noqa: S608  # names of our tables


def _reader_of(table: Table) -> Callable[[Sequence[Any]], Values]:
    """Return a function that picks a table's columns from a shared row."""
    numbers, texts = _numbers(table), _texts(table)
    names = [column.name for column in (*numbers, *texts)]
    first_text = _POST_ID + _MOST_NUMBERS
    values = itemgetter(
        *range(_POST_ID, _POST_ID + len(numbers)), *range(first_text, first_text + len(texts))
    )
    return lambda row: dict(zip(names, values(row), strict=True))


_READERS = {part.table.name: _reader_of(part.table) for part in PARTS}
_ROWS = " UNION ALL ".join(_rows_of(part.table) for part in PARTS) + f" ORDER BY {_POSITION + 1}"
