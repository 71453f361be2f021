"""Reports the bot's own failures to its owners, each kind at most once an hour."""

from __future__ import annotations

import functools
import logging
from enum import StrEnum

from telegram import Bot
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.error_handler import brief
from bot.memory_fallback import WRITE_ERRORS
from bot.message.compose import clean
from bot.message.message import OutgoingMessage
from bot.owners.notices import notify_owners
from bot.services import Services
from bot.transport.redaction import redact
from i18n import Catalogue
from i18n.messages import say
from model.errors import ArchiveError, LetopisError

_log = logging.getLogger(__name__)

_REST = 3600.0
"""Seconds until the same kind of failure is reported again."""


class Trouble(StrEnum):
    """Kinds of failures by their effect; the values are the names of the texts."""

    CLOSED = "closed"
    NO_MEMBERS = "no_members"
    UNWRITTEN = "unwritten"
    UNREADABLE = "unreadable"


class Troubles:
    """Remembers what was reported lately."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._told: dict[tuple[Trouble, type[Exception]], float] = {}

    async def tell(
        self, trouble: Trouble, error: Exception, bot: Bot, *, besides: int | None = None
    ) -> None:
        """Log a failure and report it, unless its kind was reported within the hour.

        `besides` is an owner who was told in another way.
        """
        now, kind = self._services.timer(), (trouble, type(error))
        if now < self._told.get(kind, now - _REST) + _REST:
            _log.debug("%s, once more: %r", trouble, error)
            return
        self._told[kind] = now
        is_expected = isinstance(error, LetopisError | TelegramError)
        _log.error("%s: %s", trouble, error, exc_info=None if is_expected else error)
        compose = functools.partial(self._compose, trouble, error)
        await notify_owners(bot, compose, services=self._services, besides=besides)

    async def tell_of_archive(self, _update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Report a failure that a handler met because a file is damaged or was replaced.

        An error handler that runs before the one that answers the person.
        """
        error = context.error
        if isinstance(error, ArchiveError) and not isinstance(error, WRITE_ERRORS):
            await self.tell(Trouble.UNREADABLE, error, context.bot)

    def say(self, trouble: Trouble, error: Exception, texts: Catalogue) -> str:
        """Return the text that reports a failure to an owner."""
        sentence: str = getattr(texts.troubles, trouble)
        reason = redact(_reason(error, texts), secrets=(self._services.config.token,))
        return sentence.format(reason=reason)

    def _compose(self, trouble: Trouble, error: Exception, texts: Catalogue) -> OutgoingMessage:
        return OutgoingMessage(body=clean(self.say(trouble, error, texts)))


def _reason(error: Exception, texts: Catalogue) -> str:
    """Return the reason to report; a bug's message is only logged, as it may be personal."""
    if isinstance(error, LetopisError):
        return say(error.message, texts)
    return brief(error) if isinstance(error, TelegramError) else type(error).__name__
