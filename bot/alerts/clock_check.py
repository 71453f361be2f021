"""Whether the clock can be trusted: it was not set, forward or back, for a while."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

_JUMP = 60.0
"""Seconds by which clock and timer may part between two looks; a clock that is slewed does less."""
_TRUSTED_AFTER = 3600.0


class ClockCheck:
    """Compares the time of day with the seconds that have passed, at each look.

    What happened while no program was running cannot be told from time that has passed.
    """

    def __init__(self, clock: Callable[[], datetime], timer: Callable[[], float]) -> None:
        self._clock = clock
        self._timer = timer
        self._offset = self._measure()
        self._distrusted_until = timer()

    def is_trusted(self) -> bool:
        """Tell whether the clock has run evenly for the last hour, as far as it was looked at."""
        offset, now = self._measure(), self._timer()
        if abs(offset - self._offset) > _JUMP:
            self._distrusted_until = now + _TRUSTED_AFTER
        self._offset = offset
        return now >= self._distrusted_until

    def _measure(self) -> float:
        return self._clock().timestamp() - self._timer()
