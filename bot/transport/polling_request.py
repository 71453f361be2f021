"""The connection over which messages are fetched: it notices what the library does not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from telegram.request import HTTPXRequest

from bot.transport.update_reading import Keep, read_answer

_REFUSALS = frozenset({401, 404})


class PollingRequest(HTTPXRequest):
    """Fetches updates, and calls `on_refusal` where Telegram no longer knows the token.

    The library would end its polling then and leave the bot running, deaf and silent. An update
    that it cannot read, it would fetch again and again. By its next request it confirms what it has
    fetched, handled or not; `keep` is called with each update before that.
    """

    def __init__(self, *, read_timeout: float, on_refusal: Callable[[], None], keep: Keep) -> None:
        super().__init__(connection_pool_size=1, read_timeout=read_timeout, http_version="1.1")
        self._on_refusal = on_refusal
        self._keep = keep

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """Make a request; what is returned holds no update that the library could not read.

        Raises:
            TelegramError: The answer cannot be read.
        """
        code, payload = await super().do_request(*arguments, **options)
        if code in _REFUSALS:
            self._on_refusal()
        elif code == HTTPStatus.OK:
            payload = await asyncio.to_thread(self._read, payload)
        return code, payload

    def _read(self, payload: bytes) -> bytes:
        return json.dumps(read_answer(payload, keep=self._keep)).encode()
