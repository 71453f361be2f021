"""Rate limit per person: a burst, then one action per second."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import Update
from telegram.error import TelegramError

from bot.transport.delivery import answer_briefly

if TYPE_CHECKING:
    from i18n import Catalogue

_log = logging.getLogger(__name__)

_INLINE_FACTOR = 4
"""Every typed letter may be an inline query, so they get this many times the rate."""
_PEOPLE_KEPT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bucket:
    left: float
    at: float
    is_told: bool = False


class TokenBuckets:
    """A token bucket per person; it holds `burst` actions and refills by `rate` a second.

    `timer` counts seconds monotonically: a clock set back would lock everyone out for a while.
    """

    def __init__(self, *, burst: int, rate: float, timer: Callable[[], float]) -> None:
        self._burst = burst
        self._rate = rate
        self._timer = timer
        self._buckets: dict[int, _Bucket] = {}

    def take(self, user_id: int) -> int | None:
        """Take one action; return `None`, or the number of seconds after which to try again.

        The number is returned once; until the bucket is full again it is 0, meaning "stay silent".
        """
        now = self._timer()
        bucket = self._refilled(user_id, now)
        self._forget_the_full(now)
        if bucket.left >= 1:
            left = bucket.left - 1
            self._buckets[user_id] = _Bucket(left=left, at=now, is_told=bucket.is_told)
            return None
        self._buckets[user_id] = _Bucket(left=bucket.left, at=now, is_told=True)
        return 0 if bucket.is_told else math.ceil((1 - bucket.left) / self._rate)

    def _refilled(self, user_id: int, now: float) -> _Bucket:
        known = self._buckets.get(user_id)
        if known is None:
            return _Bucket(left=self._burst, at=now)
        left = known.left + (now - known.at) * self._rate
        if left >= self._burst:
            return _Bucket(left=self._burst, at=now)
        return _Bucket(left=left, at=now, is_told=known.is_told)

    def _forget_the_full(self, now: float) -> None:
        if len(self._buckets) > _PEOPLE_KEPT:
            kept = {user: self._refilled(user, now) for user in self._buckets}
            self._buckets = {u: bucket for u, bucket in kept.items() if bucket.left < self._burst}


class RateLimiter:
    """Drops updates that come too fast; a `burst` of 0 disables it."""

    def __init__(self, burst: int, *, timer: Callable[[], float]) -> None:
        self._is_on = burst > 0
        self._actions = TokenBuckets(burst=burst, rate=1, timer=timer)
        self._inline = TokenBuckets(
            burst=_INLINE_FACTOR * burst, rate=float(_INLINE_FACTOR), timer=timer
        )

    async def limits(self, update: Update, user_id: int, texts: Catalogue) -> bool:
        """Return whether an update comes too fast, and answer it if so."""
        if not self._is_on:
            return False
        buckets = self._inline if update.inline_query else self._actions
        seconds = buckets.take(user_id)
        if seconds is None:
            return False
        try:
            await answer_briefly(
                update, texts.access.hasty.format(seconds=seconds) if seconds else ""
            )
        except TelegramError as exc:
            _log.warning("a hasty person could not be answered: %s", exc)
        return True
