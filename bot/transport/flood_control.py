"""Makes calls while the bot may, and waits after flood errors, only in the chat concerned."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.transport.superseded import IsLeading, check_leading

_log = logging.getLogger(__name__)

_LONGEST = 60.0
"""Seconds; longer waits are not worth it: nobody expects an answer so late."""
_ATTEMPTS = 4

_UNSEEN = ("get", "answer", "sendChatAction")
"""Calls that may be made twice: a question answered already is none any more."""

Result = bool | dict[str, Any] | list[dict[str, Any]]


class FloodControl(BaseRateLimiter[int]):
    """Repeats calls refused for flooding after the required wait, while `is_leading`.

    `before_saying` is called before each call that people see.

    Nothing is delayed beforehand: Telegram allows short bursts of answers, and alerts have their
    own queue. The library's limiter would make every chat wait for each other.
    """

    def __init__(
        self,
        *,
        is_leading: IsLeading,
        before_saying: Callable[[], Awaitable[None]],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._is_leading = is_leading
        self._before_saying = before_saying
        self._clock = clock
        self._sleep = sleep
        self._until: dict[object, float] = {}

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    async def process_request(  # noqa: PLR0917  # the signature is the library's
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Result:
        """Make a call; `rate_limit_args` is the number of attempts, by default four.

        Raises:
            RetryAfter: Telegram requires too long a wait, or one too many.
            Superseded: Another bot may have taken over.
        """
        chat = data.get("chat_id")
        for _ in range((rate_limit_args or _ATTEMPTS) - 1):
            await self._wait(chat)
            await self._prepare(endpoint)
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
        await self._wait(chat)
        await self._prepare(endpoint)
        return await callback(*args, **kwargs)

    async def _prepare(self, endpoint: str) -> None:
        check_leading(self._is_leading)
        if not endpoint.startswith(_UNSEEN):
            await self._before_saying()

    async def _wait(self, chat: object) -> None:
        """Wait until a chat may be written to; others waiting for it may have to wait again."""
        while (left := self._until.get(chat, 0) - self._clock()) > 0:
            await self._sleep(left)
        self._until.pop(chat, None)


def _seconds(exc: RetryAfter) -> float:
    asked = exc.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
