"""Damages files of SQLite as failing disks do."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

PAGE = 16384


def _zeros(data: bytearray, dice: Random) -> None:
    start = _page(data, dice)
    data[start : start + PAGE] = bytes(PAGE)


def _noise(data: bytearray, dice: Random) -> None:
    start = _page(data, dice)
    data[start : start + PAGE] = dice.randbytes(PAGE)


def _few_bytes(data: bytearray, dice: Random) -> None:
    start = _page(data, dice)
    for _ in range(dice.choice((1, 10, 100))):
        data[start + dice.randrange(PAGE)] = dice.randrange(256)


def _text(data: bytearray, dice: Random) -> None:
    start = dice.randrange(100, len(data) - 200)
    data[start : start + 200] = bytes(dice.randrange(128, 256) for _ in range(200))


def _swapped_pages(data: bytearray, dice: Random) -> None:
    one, other = _page(data, dice), _page(data, dice)
    kept = data[one : one + PAGE]
    data[one : one + PAGE] = data[other : other + PAGE]
    data[other : other + PAGE] = kept


def _cut(data: bytearray, dice: Random) -> None:
    del data[dice.randrange(1, len(data)) :]


def _header(data: bytearray, dice: Random) -> None:
    for _ in range(4):
        data[dice.randrange(100)] = dice.randrange(256)


KINDS: dict[str, Callable[[bytearray, Random], None]] = {
    "zeros": _zeros,
    "noise": _noise,
    "few bytes": _few_bytes,
    "text": _text,
    "swapped pages": _swapped_pages,
    "cut": _cut,
    "header": _header,
}


def damaged(content: bytes, *, kind: str, seed: int) -> bytes:
    """Return a file's bytes with one damage of a kind; the same seed does the same."""
    data = bytearray(content)
    KINDS[kind](data, Random(seed))
    return bytes(data)


def _page(data: bytearray, dice: Random) -> int:
    return PAGE * dice.randrange(len(data) // PAGE)
