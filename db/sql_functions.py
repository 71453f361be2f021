"""Functions for a person's statements: `lower`, `upper` and `LIKE` for all alphabets.

SQLite's own know the case of ASCII letters alone.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from db.database import TextFunction

Value = str | int | float | bytes | None


def register(connection: sqlite3.Connection, functions: Mapping[str, TextFunction]) -> None:
    """Register functions of one text; of NULL they return NULL."""
    for name, function in functions.items():
        connection.create_function(name, 1, _of_text(function), deterministic=True)


def replace_builtins(connection: sqlite3.Connection) -> None:
    """Replace `lower`, `upper` and `LIKE`.

    SQLite then refuses views of the file that use them: it cannot know what these functions do.
    """
    register(connection, {"lower": str.lower, "upper": str.upper})
    for arguments in (2, 3):
        connection.create_function("like", arguments, like, deterministic=True)


def views_use_builtins(connection: sqlite3.Connection) -> bool:
    """Return whether a view of the file seems to use what `replace_builtins` replaces."""
    views = connection.execute("SELECT sql FROM sqlite_schema WHERE type = 'view'")
    return any(_BUILTIN.search(sql) for (sql,) in views)


_BUILTIN = re.compile(r"\b(?:lower|upper|like)\b", re.IGNORECASE)


def like(pattern: Value, value: Value, escape: Value = None) -> bool | None:
    """Return whether a value is like a pattern, in any case; NULL is like nothing.

    Takes time in proportion to the text, whatever the pattern is.
    """
    if pattern is None or value is None:
        return None
    text = _text_of(value).lower()
    first, *others = _read_pattern(_text_of(pattern).lower(), _text_of(escape or "").lower())
    found = first.match(text)
    if not others:
        return found is not None and found.end() == len(text)
    *middle, last = others
    for each in middle:
        found = found and each.search(text, found.end())
    return found is not None and last.ends(text, after=found.end())


class _Segment:
    """A part of a pattern between two `%`; it matches a fixed number of characters."""

    def __init__(self, marks: Sequence[str | None]) -> None:
        pattern = _compile_marks(marks)
        self.match, self.search = pattern.match, pattern.search
        self._length = len(marks)

    def ends(self, text: str, *, after: int) -> bool:
        start = len(text) - self._length
        return start >= after and self.match(text, start) is not None


def _compile_marks(marks: Sequence[str | None]) -> re.Pattern[str]:
    text = "".join("." if mark is None else re.escape(mark) for mark in marks)
    return re.compile(text, re.DOTALL)


@lru_cache(maxsize=64)
def _read_pattern(pattern: str, escape: str) -> Sequence[_Segment]:
    """Return the segments of a pattern; in them, `None` is any character."""
    segments: list[list[str | None]] = [[]]
    letters = iter(pattern)
    for letter in letters:
        if letter == escape:
            segments[-1].append(next(letters, escape))
        elif letter == "%":
            segments.append([])
        else:
            segments[-1].append(None if letter == "_" else letter)
    return [_Segment(marks) for marks in segments]


def _of_text(function: TextFunction) -> Callable[[Value], str | None]:
    return lambda value: None if value is None else function(_text_of(value))


def _text_of(value: Value) -> str:
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)
