"""Tells the owners what they should know without having asked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.delivery import keyboard
from bot.rendering.bubble import Bubble
from bot.rendering.html import to_html
from bot.services import Services
from bot.texts import Catalogue, texts_for

_log = logging.getLogger(__name__)


async def tell_owners(
    bot: Bot,
    compose: Callable[[Catalogue], Bubble],
    *,
    services: Services,
    spoken: str | None = None,
) -> None:
    """Send every owner a bubble in their language; `spoken` is assumed where none is known."""
    for owner in sorted(services.config.owners):
        person = await asyncio.to_thread(services.bot_store.people.find, owner)
        known = (person.language or person.spoken) if person else None
        bubble = compose(texts_for(known or spoken))
        try:
            await bot.send_message(
                owner,
                to_html(bubble.body),
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard(bubble.rows),
            )
        except TelegramError as exc:
            # An owner who never wrote to the bot cannot be written to.
            _log.info("owner %s could not be told: %s", owner, exc)
