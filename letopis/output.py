"""Prints output, without control characters from archived text."""

from __future__ import annotations

import sys
from typing import Any

from model.json_text import to_json
from model.printable import printable


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
    """Print one value on one line of JSON.

    Raises:
        ValueError: It contains a number that JSON cannot represent.
    """
    print(to_json(value), flush=True)
