"""Sends one unprompted message, and reports the outcome."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter

from bot.message.message import OutgoingMessage
from bot.transport.delivery import send_to

_log = logging.getLogger(__name__)

_NO_CHAT = ("chat not found", "user not found", "peer_id_invalid")
_NOT_SENT = {"ConnectError", "ConnectTimeout", "PoolTimeout"}
"""Exceptions of the HTTP client that occur before anything is sent."""


class SendStatus(Enum):
    """The outcome of sending a message."""

    SENT = auto()
    UNSENT = auto()
    """Certainly not sent; can be retried."""
    DOUBTFUL = auto()
    """Possibly sent."""
    REFUSED = auto()
    """Rejected by Telegram for good."""
    UNWANTED = auto()
    """The person is gone or has blocked the bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    """The outcome, and for how many seconds to pause."""

    status: SendStatus
    rest: float = 0.0


_TROUBLE_REST = 5.0


async def send_unasked(user_id: int, outgoing: OutgoingMessage, bot: Bot) -> SendResult:
    """Send a message once; failures are returned, never raised."""
    try:
        await send_to(user_id, outgoing, bot, attempts=1)
    except RetryAfter as exc:
        seconds = _seconds(exc.retry_after)
        _log.info("user %s is told later: Telegram asks to wait %s s", user_id, seconds)
        return SendResult(status=SendStatus.UNSENT, rest=seconds)
    except Forbidden as exc:
        _log.info("user %s cannot be told: %s", user_id, exc.message)
        return SendResult(status=SendStatus.UNWANTED)
    except BadRequest as exc:
        if any(words in exc.message.lower() for words in _NO_CHAT):
            _log.info("user %s cannot be told: %s", user_id, exc.message)
            return SendResult(status=SendStatus.UNWANTED)
        _log.error("an alert to user %s was refused: %s", user_id, exc.message)
        return SendResult(status=SendStatus.REFUSED)
    except NetworkError as exc:
        is_unsent = type(exc.__cause__).__name__ in _NOT_SENT
        _log.warning("user %s may not have been told: %s", user_id, exc)
        return SendResult(
            status=SendStatus.UNSENT if is_unsent else SendStatus.DOUBTFUL, rest=_TROUBLE_REST
        )
    return SendResult(status=SendStatus.SENT)


def _seconds(asked: float | timedelta) -> float:
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
