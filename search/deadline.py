"""Deadlines of searches, checked between steps."""

from __future__ import annotations

from collections.abc import Callable

Timer = Callable[[], float]


class Deadline:
    """A time after which a search returns what it has found so far.

    `cut` means that it was checked after that time, so something was left out.
    """

    def __init__(self, seconds: float, timer: Timer) -> None:
        self._timer = timer
        self._until = timer() + seconds
        self.cut = False

    def passed(self) -> bool:
        """Return whether to stop; callers must stop if so."""
        self.cut = self.cut or self._timer() > self._until
        return self.cut


def no_deadline() -> Deadline:
    """Return a deadline that never passes."""
    return Deadline(0.0, lambda: 0.0)
