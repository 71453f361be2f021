"""Waits where Telegram asks to: in the one chat that is written to too fast, not in the others."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

_log = logging.getLogger(__name__)

_LONGEST = 60.0
"""Seconds; whoever asks for more is not waited for: nobody expects an answer so late."""
_ATTEMPTS = 4

Result = bool | dict[str, Any] | list[dict[str, Any]]


class Patience(BaseRateLimiter[int]):
    """Repeats what was refused as too fast, when its time has come.

    Nothing is held back beforehand: Telegram lets short bursts of answers pass, and who sends much
    unasked has a queue of their own. The library's limiter would let every chat wait for each.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._until: dict[object, float] = {}

    async def initialize(self) -> None:
        """Nothing is to be prepared."""

    async def shutdown(self) -> None:
        """Nothing is to be released."""

    async def process_request(  # noqa: PLR0917  # the signature is the library's
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Result:
        """Make a call; `rate_limit_args` is how often, if not four times.

        Raises:
            RetryAfter: Telegram asks to wait for too long, or again and again.
        """
        chat = data.get("chat_id")
        for _ in range((rate_limit_args or _ATTEMPTS) - 1):
            await self._rest(chat)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as exc:
                seconds = _seconds(exc)
                if seconds > _LONGEST:
                    raise
                _log.info(
                    "%s for chat %s waits for %s s, as Telegram asks", endpoint, chat, seconds
                )
                self._until[chat] = self._clock() + seconds
        await self._rest(chat)
        return await callback(*args, **kwargs)

    async def _rest(self, chat: object) -> None:
        """Wait until a chat may be written to; others that wait for it may have to wait again."""
        while (left := self._until.get(chat, 0) - self._clock()) > 0:
            await self._sleep(left)
        self._until.pop(chat, None)


def _seconds(exc: RetryAfter) -> float:
    asked = exc.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
