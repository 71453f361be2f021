"""Describes a change of a text in one short line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

_CONTEXT = 3
_LONGEST_SIDE = 60


def describe_difference(old: str, new: str) -> str:
    """Return the span from the first to the last differing word: `… a b [-c-] {+d e+} f …`.

    With a few equal words around; long parts are cut, and line breaks become spaces.
    """
    before, after = old.split(), new.split()
    head = _equal(before, after)
    tail = _equal(before[head:][::-1], after[head:][::-1])
    end, new_end = len(before) - tail, len(after) - tail
    pieces = [
        "…" if head > _CONTEXT else "",
        *before[max(head - _CONTEXT, 0) : head],
        _side("[-", before[head:end], "-]"),
        _side("{+", after[head:new_end], "+}"),
        *before[end : end + _CONTEXT],
        "…" if tail > _CONTEXT else "",
    ]
    return " ".join(filter(None, pieces))


def _equal(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the equal words at the beginning of two texts."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in same)


def _side(opening: str, words: Sequence[str], closing: str) -> str:
    text = " ".join(words)
    if len(text) > _LONGEST_SIDE:
        text = text[: _LONGEST_SIDE - 1] + "…"
    return f"{opening}{text}{closing}" if text else ""
