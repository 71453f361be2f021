"""Sends unprompted notices to owners."""

from __future__ import annotations

import logging
from collections.abc import Callable

from telegram import Bot
from telegram.error import TelegramError

from bot.message.message import OutgoingMessage
from bot.services import Services
from bot.transport.delivery import send_to
from i18n import Catalogue

_log = logging.getLogger(__name__)


async def notify_owners(
    bot: Bot,
    compose: Callable[[Catalogue], OutgoingMessage],
    *,
    services: Services,
    spoken: str | None = None,
    besides: int | None = None,
) -> None:
    """Send every owner a message in their language; `spoken` is the default language.

    `besides` is an owner who knows already.
    """
    for owner in sorted(services.config.owners - {besides}):
        texts = services.people.texts(owner, await _spoken_by(owner, services) or spoken)
        try:
            await send_to(owner, compose(texts), bot)
        except TelegramError as exc:
            # Bots cannot write to people who never wrote to them.
            _log.info("owner %s could not be told: %s", owner, exc)


async def _spoken_by(owner: int, services: Services) -> str | None:
    try:
        known = await services.people.find(owner)
    except Exception as exc:  # noqa: BLE001  # notices may be about an unreadable file
        _log.warning("what owner %s speaks is unknown: %r", owner, exc)
        return None
    return known.spoken if known else None
