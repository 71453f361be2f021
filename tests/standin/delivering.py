"""Brings updates to the bot's webhook, over real HTTP, again and again until they are taken."""

from __future__ import annotations

import json
import threading
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.terminal.server import JsonObject
from tests.standin.updates import Update

if TYPE_CHECKING:
    from tests.standin.world import World

REST = 0.2
"""Seconds before an update that was not taken is brought again; the real server takes longer."""


class Courier(threading.Thread):
    """One at a time, in order within a chat: what waits for another attempt holds up its own chat.

    It stands for the proxy before the bot too: `world.webhook.proxies` says which place on this
    machine an address leads to. No other place is ever reached.
    """

    def __init__(self, world: World) -> None:
        super().__init__(name="courier")
        self._world = world
        self._resting: dict[int, float] = {}
        self._lines: dict[str, HTTPConnection] = {}

    def run(self) -> None:
        """Bring what waits, until the server closes."""
        world = self._world
        while not world.closed:
            with world.changed:
                world.changed.wait_for(lambda: world.closed or self._next() is not None, 0.05)
                update = self._next()
            if update and not world.closed:
                self._bring(update)
        for line in self._lines.values():
            line.close()

    def _next(self) -> Update | None:
        """Return the first update that may be brought now."""
        if not self._world.webhook.url:
            return None
        now = self._world.clock.now()
        held = {lane for lane, until in self._resting.items() if until > now}
        return next((u for u in self._world.updates.pending if _lane(u.payload) not in held), None)

    def _bring(self, update: Update) -> None:
        world = self._world
        refusal = self._post(json.dumps(update.as_json()).encode())
        with world.change():
            if refusal:
                world.webhook.last_error = (int(world.clock.now()), refusal)
                self._resting[_lane(update.payload)] = world.clock.now() + REST
            else:
                world.updates.pending = [u for u in world.updates.pending if u is not update]
                world.webhook.brought += 1

    def _post(self, body: bytes) -> str:
        """Post an update; return why it was not taken, or nothing."""
        hook = self._world.webhook
        url = urlsplit(hook.url)
        place = hook.proxies.get(url.netloc)
        if place is None:
            return "Failed to resolve host: Name or service not known"
        headers = {
            "Content-Type": "application/json",
            "X-Telegram-Bot-Api-Secret-Token": hook.secret,
        }
        line = self._lines.setdefault(place, HTTPConnection(place, timeout=60))
        try:
            line.request("POST", url.path, body, headers)
            response = line.getresponse()
            response.read()
        except ConnectionRefusedError:
            return "Connection refused"
        except (OSError, HTTPException):
            line.close()
            return "Connection reset by peer"
        if 200 <= response.status < 300:
            return ""
        return f"Wrong response from the webhook: {response.status} {response.reason}"


def _lane(payload: JsonObject) -> int:
    message = payload.get("message") or payload
    chat = message.get("chat") or payload.get("from") or {}
    return int(chat.get("id", 0))
