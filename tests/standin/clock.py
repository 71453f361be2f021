"""The stand-in's time: real seconds, which a test may push forward."""

from __future__ import annotations

import time


class Clock:
    """Wall-clock time plus what a test has added."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Return the Unix time."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let that much time have passed."""
        self._ahead += seconds
