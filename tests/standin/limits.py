"""Flood limits: how many messages the real server lets a bot send."""

from __future__ import annotations

from collections import defaultdict, deque

from tests.standin.errors import too_many_requests

# So many calls in so many seconds. One message a second to a chat is a mean: short bursts pass.
_PRIVATE = (5, 5.0)
_GROUP = (20, 60.0)
_OVERALL = (30, 1.0)
_WEBHOOK = (1, 1.0)


class FloodLimits:
    """Counts what is sent; off until a test turns it on."""

    def __init__(self) -> None:
        self.enabled = False
        self._sent: defaultdict[str, deque[float]] = defaultdict(deque)

    def count(self, method: str, chat_id: int | None, now: float) -> None:
        """Count a call, or refuse it and say when it would pass."""
        if not self.enabled:
            return
        if method == "setwebhook":
            self._pass("setwebhook", _WEBHOOK, now)
        elif method.startswith(("send", "edit")) and method != "sendchataction":
            self._pass(f"chat {chat_id}", _GROUP if (chat_id or 0) < 0 else _PRIVATE, now)
            self._pass("overall", _OVERALL, now)

    def _pass(self, what: str, limit: tuple[int, float], now: float) -> None:
        most, seconds = limit
        sent = self._sent[what]
        while sent and sent[0] <= now - seconds:
            sent.popleft()
        if len(sent) >= most:
            raise too_many_requests(int(sent[0] + seconds - now) + 1)
        sent.append(now)
