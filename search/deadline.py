"""How long a search may take: asked between its steps, so that none goes on for ever."""

from __future__ import annotations

from collections.abc import Callable

Timer = Callable[[], float]


class Deadline:
    """A moment after which a search makes do with what it has found.

    `cut` says that somebody asked after the moment had passed, and so left something out.
    """

    def __init__(self, seconds: float, timer: Timer) -> None:
        self._timer = timer
        self._until = timer() + seconds
        self.cut = False

    def passed(self) -> bool:
        """Say whether to stop; whoever asks does so if it is time."""
        self.cut = self.cut or self._timer() > self._until
        return self.cut


def no_deadline() -> Deadline:
    """Return a deadline that never passes."""
    return Deadline(0.0, lambda: 0.0)
