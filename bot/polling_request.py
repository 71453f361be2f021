"""The connection over which messages are fetched: it notices that the token was withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from telegram.request import HTTPXRequest

_REFUSALS = frozenset({401, 404})


class PollingRequest(HTTPXRequest):
    """Fetches updates, and calls `on_refusal` where Telegram no longer knows the token.

    The library would end its polling then and leave the bot running, deaf and silent.
    """

    def __init__(self, *, read_timeout: float, on_refusal: Callable[[], None]) -> None:
        super().__init__(connection_pool_size=1, read_timeout=read_timeout, http_version="1.1")
        self._on_refusal = on_refusal

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        """Make a request."""
        code, payload = await super().do_request(*arguments, **options)
        if code in _REFUSALS:
            self._on_refusal()
        return code, payload
