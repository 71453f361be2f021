"""What the bot does on each command, message and button; one module a subject, all of them thin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telegram.ext import BaseHandler

from bot.handlers import (
    cards,
    following,
    inline,
    listings,
    people,
    personal,
    plain_words,
    start,
    stats,
    strays,
    tags,
)
from bot.services import Services


def all_handlers(
    services: Services, *, more: Sequence[BaseHandler[Any, Any, Any]] = ()
) -> list[BaseHandler[Any, Any, Any]]:
    """Return the handlers, `more` among them, as they are asked; strays come last, or first."""
    known = [
        *start.handlers(services),
        *listings.handlers(services),
        *tags.handlers(services),
        *stats.handlers(services),
        *cards.handlers(services),
        *following.handlers(services),
        *people.handlers(services),
        *inline.handlers(services),
        *personal.handlers(services),
    ]
    return [
        *strays.first_handlers(),
        *more,
        *plain_words.handlers(services, known),
        *known,
        *strays.handlers(services),
    ]
