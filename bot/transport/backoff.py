"""Exponential backoff for loops, up to half a minute."""

from __future__ import annotations

_LONGEST = 30.0


class Backoff:
    """A delay that doubles with each consecutive failure, from `shortest` seconds on."""

    def __init__(self, shortest: float) -> None:
        self._shortest = shortest
        self.seconds = 0.0

    def note(self, *, succeeded: bool) -> None:
        """Record the outcome of a round."""
        longer = min(max(2 * self.seconds, self._shortest), _LONGEST)
        self.seconds = 0.0 if succeeded else longer
