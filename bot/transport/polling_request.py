"""The connection for polling, which catches what the library misses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from telegram.request import HTTPXRequest

from bot.transport.superseded import IsLeading, check_leading
from bot.transport.update_reading import Keep, read_updates

_REFUSALS = frozenset({401, 404})


class PollingRequest(HTTPXRequest):
    """Fetches updates, and calls `on_refusal` when Telegram rejects the token.

    The library would stop polling and leave the bot running but deaf. An update it cannot parse it
    would fetch again forever. With its next request it confirms all fetched updates, handled or
    not; `keep` is called with each update before that. What arrives when the bot is not
    `is_leading` any more is left to the one that is.
    """

    def __init__(
        self,
        *,
        read_timeout: float,
        on_refusal: Callable[[], None],
        keep: Keep,
        is_leading: IsLeading,
    ) -> None:
        super().__init__(connection_pool_size=1, read_timeout=read_timeout, http_version="1.1")
        self._on_refusal = on_refusal
        self._keep = keep
        self._is_leading = is_leading

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """Make a request; the result contains no update that the library cannot parse.

        Raises:
            TelegramError: The answer cannot be parsed.
            Superseded: Another bot may have taken over.
        """
        check_leading(self._is_leading)
        code, payload = await super().do_request(*arguments, **options)
        if not self._is_leading():
            await asyncio.Event().wait()  # until the polling is ended, which this bot does just now
        if code in _REFUSALS:
            self._on_refusal()
        elif code == HTTPStatus.OK:
            payload = await asyncio.to_thread(self._read, payload)
        return code, payload

    def _read(self, payload: bytes) -> bytes:
        return json.dumps(read_updates(payload, keep=self._keep)).encode()
