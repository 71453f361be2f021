"""Detects changes of the system clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

_JUMP = 60.0
"""Seconds by which clock and timer may diverge between two checks; slewing stays below that."""
_TRUSTED_AFTER = 3600.0


class ClockCheck:
    """Compares the time of day with the seconds elapsed, at each check.

    Changes while the program was not running cannot be detected.
    """

    def __init__(self, clock: Callable[[], datetime], timer: Callable[[], float]) -> None:
        self._clock = clock
        self._timer = timer
        self._offset = self._measure()
        self._distrusted_until = timer()

    def is_trusted(self) -> bool:
        """Return whether the clock has run evenly for the last hour, or since the first check."""
        offset, now = self._measure(), self._timer()
        if abs(offset - self._offset) > _JUMP:
            self._distrusted_until = now + _TRUSTED_AFTER
        self._offset = offset
        return now >= self._distrusted_until

    def _measure(self) -> float:
        return self._clock().timestamp() - self._timer()
