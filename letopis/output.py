"""Prints output, without control characters from archived text."""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

from model.clock import to_stamp
from model.printable import OBEYED, printable

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def say(text: str = "") -> None:
    """Print a sanitised text on standard output."""
    print(printable(text), flush=True)


def write(text: str) -> None:
    """Print a text with its own line ends: as it is for a program, sanitised on a terminal."""
    print(printable(text) if sys.stdout.isatty() else text, end="", flush=True)


def complain(text: str) -> None:
    """Print a sanitised text on standard error."""
    print(printable(text), file=sys.stderr)


def ask(question: str) -> str:
    """Return the line typed in answer to a question, "" if there is no more input."""
    print(printable(question), end="", file=sys.stderr, flush=True)
    return sys.stdin.readline()


def print_json(value: Any) -> None:
    """Print one value on one line; dataclasses as objects, times as UTC timestamps.

    JSON escapes control characters, so nothing is lost.

    Raises:
        ValueError: It contains a number that JSON cannot represent.
    """
    written = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_as_json)
    print(OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", written), flush=True)


def _as_json(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return fields_of(value)
    if isinstance(value, datetime):
        return to_stamp(value)
    return str(value)


def fields_of(value: DataclassInstance) -> dict[str, Any]:
    """Return the fields of a dataclass by name."""
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
