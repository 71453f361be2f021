"""How long a loop rests after it has failed: longer each time, up to half a minute."""

from __future__ import annotations

_LONGEST = 30.0


class Rest:
    """Doubles with each failure in a row, from `shortest` seconds on; nothing while all is well."""

    def __init__(self, shortest: float) -> None:
        self._shortest = shortest
        self.seconds = 0.0

    def note(self, *, is_well: bool) -> None:
        """Note how a round went."""
        longer = min(max(2 * self.seconds, self._shortest), _LONGEST)
        self.seconds = 0.0 if is_well else longer
