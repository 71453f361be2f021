"""Text on PostgreSQL, which cannot store the character NUL: it is escaped on the way there."""

from __future__ import annotations

import re

from psycopg import Connection
from psycopg.abc import Buffer
from psycopg.types.string import StrDumperUnknown, TextLoader

# No text may contain this character: it is reserved for use inside of programs.
_MARK = "\U0010fffe"
_ESCAPED = re.compile(f"[\0{_MARK}]")
_ESCAPES = {"\0": f"{_MARK}0", _MARK: f"{_MARK}1"}
_UNESCAPED = re.compile(f"{_MARK}([01])")


def keep_nul(connection: Connection) -> None:
    """Have a connection store all text, and return it as it was."""
    connection.adapters.register_dumper(str, _TextDumper)
    for kind in ("text", "varchar"):
        connection.adapters.register_loader(kind, _TextLoader)


class _TextDumper(StrDumperUnknown):
    def dump(self, obj: str) -> Buffer:
        if "\0" in obj or _MARK in obj:
            obj = _ESCAPED.sub(lambda match: _ESCAPES[match[0]], obj)
        return obj.encode()


class _TextLoader(TextLoader):
    def load(self, data: Buffer) -> str:
        text = str(data, "utf-8")
        if _MARK in text:
            return _UNESCAPED.sub(lambda match: _MARK if match[1] == "1" else "\0", text)
        return text
