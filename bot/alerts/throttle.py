"""Limits unprompted messages: one a second per person, twenty in total."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

GAP = 0.05
CHAT_GAP = 1.0
"""Seconds between two messages, and between two to the same person."""


class Throttle:
    """Decides who may be written to now; `timer` counts seconds, `pause` sleeps."""

    def __init__(
        self,
        *,
        timer: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._timer = timer
        self._pause = pause
        self._written: dict[int, float] = {}
        self._last = -GAP
        self._rests_until = 0.0

    @property
    def is_suspended(self) -> bool:
        """Return whether sending is suspended."""
        return self._timer() < self._rests_until

    def suspend(self, seconds: float) -> None:
        """Suspend sending for some seconds."""
        self._rests_until = self._timer() + seconds

    def may_write_to(self, user_id: int) -> bool:
        """Return whether the last message to a person was long enough ago."""
        return self._timer() >= self._written.get(user_id, -CHAT_GAP) + CHAT_GAP

    async def wait_turn(self, user_id: int) -> None:
        """Wait for the next slot, and record its recipient."""
        ahead = self._last + GAP - self._timer()
        if ahead > 0:
            await self._pause(ahead)
        now = self._timer()
        self._last = now
        self._written = {user: at for user, at in self._written.items() if now < at + CHAT_GAP} | {
            user_id: now
        }
