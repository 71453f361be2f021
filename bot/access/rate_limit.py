"""Rate limit per person: a burst, then one action per second; hasty messages wait their turn."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.transport.delivery import answer_briefly
from model.text import shorten

if TYPE_CHECKING:
    from i18n import Catalogue

_log = logging.getLogger(__name__)

_INLINE_FACTOR = 4
"""Every typed letter may be an inline query, so they get this many times the rate."""
_PEOPLE_KEPT = 1000
_NAMED = 5
_NAME_LENGTH = 40


class _Bucket(NamedTuple):
    left: float
    at: float


class TokenBuckets:
    """A token bucket per person; it holds `burst` actions and refills by `rate` a second.

    `timer` counts seconds monotonically: a clock set back would lock everyone out for a while.
    """

    def __init__(self, *, burst: int, rate: float, timer: Callable[[], float]) -> None:
        self._burst = burst
        self._rate = rate
        self._timer = timer
        self._buckets: dict[int, _Bucket] = {}

    def take(self, user_id: int) -> float:
        """Take one action and return 0, or return the seconds after which one can be taken."""
        now = self._timer()
        left = self._left(user_id, now)
        self._forget_the_full(now)
        if left < 1:
            return (1 - left) / self._rate
        self._buckets[user_id] = _Bucket(left - 1, now)
        return 0.0

    def _left(self, user_id: int, now: float) -> float:
        known = self._buckets.get(user_id, _Bucket(self._burst, now))
        return min(known.left + (now - known.at) * self._rate, self._burst)

    def _forget_the_full(self, now: float) -> None:
        if len(self._buckets) > _PEOPLE_KEPT:
            self._buckets = {
                user_id: bucket
                for user_id, bucket in self._buckets.items()
                if self._left(user_id, now) < self._burst
            }


class RateLimiter:
    """Lets updates that come too fast wait; a `burst` of 0 disables it.

    `updates_after` returns the updates of the same person and chat that wait behind one. At most
    `burst` messages wait: of more, the newest replace the oldest, and the next answer names those.
    A button that is pressed too fast gets a notice, and an inline query that a newer one follows
    gets an empty answer.
    """

    def __init__(
        self,
        burst: int,
        *,
        timer: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        updates_after: Callable[[Update], Sequence[Update]],
    ) -> None:
        self._burst = burst
        self._actions = TokenBuckets(burst=burst, rate=1, timer=timer)
        self._inline = TokenBuckets(
            burst=_INLINE_FACTOR * burst, rate=float(_INLINE_FACTOR), timer=timer
        )
        self._sleep = sleep
        self._updates_after = updates_after
        self._replaced: dict[int, list[str]] = {}

    async def admits(self, update: Update, user_id: int, texts: Catalogue) -> bool:
        """Return whether to answer an update, once it is its turn."""
        if not self._burst:
            return True
        buckets = self._inline if update.inline_query else self._actions
        while seconds := buckets.take(user_id):
            if update.callback_query or self._is_replaced(update):
                await self._turn_away(update, seconds=math.ceil(seconds), texts=texts)
                return False
            await self._sleep(seconds)
        if update.message and update.message.chat_id in self._replaced:
            await self._name_replaced(update.message, texts)
        return True

    def _is_replaced(self, update: Update) -> bool:
        newer = self._updates_after(update)
        if update.inline_query:
            return bool(newer)
        return sum(bool(other.message) for other in newer) >= self._burst

    async def _turn_away(self, update: Update, *, seconds: int, texts: Catalogue) -> None:
        if message := update.message:
            if message.chat.type == ChatType.PRIVATE:
                words = message.text or message.caption or "📎"
                self._replaced.setdefault(message.chat_id, []).append(shorten(words, _NAME_LENGTH))
            return
        try:
            await answer_briefly(update, texts.access.hasty.format(seconds=seconds))
        except TelegramError as exc:
            _log.warning("a hasty person could not be answered: %s", exc)

    async def _name_replaced(self, message: Message, texts: Catalogue) -> None:
        """Say which messages of a chat were left unanswered."""
        skipped = dict.fromkeys(self._replaced.pop(message.chat_id))
        quoted = [texts.quoted(words) for words in skipped]
        named = ", ".join([*quoted[:_NAMED], *["…"] * (len(quoted) > _NAMED)])
        try:
            await message.reply_text(texts.access.replaced.format(messages=named))
        except TelegramError as exc:
            _log.warning("a hasty person could not be answered: %s", exc)
