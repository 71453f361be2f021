"""The exporter's JSON layer: its own escapes, one space per level, a line per value."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias, Union

Json: TypeAlias = Union[str, float, bool, "Bare", Mapping[str, "Json"], Sequence["Json"], None]

_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
# The last two of their three bytes stay behind: bare, invalid UTF-8.
_LINE_SEPARATORS = {"\u2028": "\\u2028\udc80\udca8", "\u2029": "\\u2029\udc80\udca9"}


class Bare(str):
    """A string that versions 4.0.4 to 4.1.1 write without quotes."""

    __slots__ = ()


def encode_json(value: Json, *, depth: int = 0) -> bytes:
    """Return a value in the exporter's own spelling, faults included."""
    return _write(value, depth).encode("utf-8", "surrogateescape")


def _write(value: Json, depth: int) -> str:
    if isinstance(value, str):
        return value if isinstance(value, Bare) else f'"{"".join(map(_escape, value))}"'
    if value is None or isinstance(value, int | float):
        return json.dumps(value)
    if isinstance(value, Mapping):
        lines = [f'"{key}": {_write(each, depth + 1)}' for key, each in value.items()]
        return _block("{", lines, "}", depth)
    return _block("[", [_write(each, depth + 1) for each in value], "]", depth)


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char < " ":
        return f"\\x{ord(char):02X}"
    return _LINE_SEPARATORS.get(char, char)


def _block(opened: str, lines: Sequence[str], closed: str, depth: int) -> str:
    inner = ",".join(f"\n{' ' * (depth + 1)}{line}" for line in lines)
    return f"{opened}{inner}\n{' ' * depth}{closed}"
