"""Stretches of message numbers that were read completely."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

Stretch: TypeAlias = tuple[int, int]
"""The first and the last number."""


def join(stretches: Iterable[Stretch], *, apart: int = 1) -> Sequence[Stretch]:
    """Return the stretches in order, those closer than `apart` joined."""
    joined: list[Stretch] = []
    for first, last in sorted(stretches):
        if joined and first - joined[-1][1] <= apart:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def next_unread(number: int, stretches: Iterable[Stretch]) -> int:
    """Return where to go on before `number`: itself, or the start of what precedes it directly."""
    return min((first for first, last in stretches if first < number <= last + 1), default=number)
