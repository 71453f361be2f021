"""Tells the owners what they should know without having asked."""

from __future__ import annotations

import logging
from collections.abc import Callable

from telegram import Bot
from telegram.error import TelegramError

from bot.delivery import send_to
from bot.rendering.bubble import Bubble
from bot.services import Services
from bot.texts import Catalogue

_log = logging.getLogger(__name__)


async def tell_owners(
    bot: Bot,
    compose: Callable[[Catalogue], Bubble],
    *,
    services: Services,
    spoken: str | None = None,
) -> None:
    """Send every owner a bubble in their language; `spoken` is assumed where none is known."""
    people = services.people
    for owner in sorted(services.config.owners):
        known = await people.find(owner)
        texts = people.texts(owner, (known.spoken if known else None) or spoken)
        try:
            await send_to(owner, compose(texts), bot)
        except TelegramError as exc:
            # An owner who never wrote to the bot cannot be written to.
            _log.info("owner %s could not be told: %s", owner, exc)
