"""The connection over which messages are fetched: it notices what the library does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from telegram.request import HTTPXRequest

from bot.update_reading import read_answer

_REFUSALS = frozenset({401, 404})


class PollingRequest(HTTPXRequest):
    """Fetches updates, and calls `on_refusal` where Telegram no longer knows the token.

    The library would end its polling then and leave the bot running, deaf and silent. An update
    that it cannot read, it would fetch again and again.
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

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer.

        Raises:
            TelegramError: It cannot be read.
        """
        return read_answer(payload)
