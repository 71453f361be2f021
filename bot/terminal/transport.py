"""Replaces the network: the client's calls are answered in this process."""

from __future__ import annotations

import json
from typing import Any, cast

from telegram.request import BaseRequest, RequestData

from bot.terminal.methods import METHODS
from bot.terminal.server import ApiError, BotApi, Call

BOT = {
    "id": 1,
    "is_bot": True,
    "first_name": "Letopis",
    "username": "letopis_demo_bot",
    "supports_inline_queries": True,
}
BOT_NAME = f"@{BOT['username']}"


class ConsoleRequest(BaseRequest):
    """Passes a client's calls to a server in this process."""

    def __init__(self, api: BotApi | None = None) -> None:
        self.api = api or BotApi(BOT, METHODS)

    @property
    def read_timeout(self) -> float | None:
        """There is nothing to wait for."""
        return None

    async def initialize(self) -> None:
        """There is nothing to open."""

    async def shutdown(self) -> None:
        """There is nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *_timeouts: Any,
        **_more_timeouts: Any,
    ) -> tuple[int, bytes]:
        """Answer one Bot API call."""
        del method
        data = request_data or RequestData()
        call = Call(
            method=url.rpartition("/")[2].lower(),
            args=data.json_parameters,
            files={
                field: (name, cast("bytes", content))
                for field, (name, content, _kind) in data.multipart_data.items()
            },
        )
        try:
            return 200, json.dumps({"ok": True, "result": self.api.carry_out(call)}).encode()
        except ApiError as error:
            return error.code, json.dumps(error.as_json()).encode()
