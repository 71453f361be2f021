"""Who may use the bot: one check for every kind of update, before any handler sees it."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from typing import NoReturn

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop, ContextTypes, TypeHandler

from bot.config import Access
from bot.doorstep import Doorstep
from bot.membership import Membership
from bot.pacing import Pacing
from bot.people import texts_of
from bot.services import Services
from db import Standing

_log = logging.getLogger(__name__)


class Gate:
    """Lets owners pass, and whom they let in; all others stay on the doorstep."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._doorstep = Doorstep(services)
        self._pacing = Pacing(services.config.burst, clock=services.clock)
        self._membership = Membership(services.config.members_of or "", clock=services.clock)

    def handler(self) -> TypeHandler[Update, ContextTypes.DEFAULT_TYPE, None]:
        """Return the handler that stands before all others."""
        return TypeHandler(Update, self._check)

    async def _check(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        # By the sender's id alone: names change hands, and a group's anonymous administrators
        # all share one id, which is nobody's.
        user = update.effective_user
        if user is None or not await self.lets_in(user.id, context.bot):
            await self._turn_away(update, context)
        if user.id in self._services.config.owners:
            await self._services.people.notice(user)
        if await asyncio.to_thread(self._services.bot_store.seen_update, _fingerprint(update)):
            _log.info("update %s was delivered twice", update.update_id)
            raise ApplicationHandlerStop
        if await self._pacing.holds_back(update, user.id, texts_of(user, context)):
            raise ApplicationHandlerStop

    async def lets_in(self, user_id: int, bot: Bot) -> bool:
        """Tell whether a person has access at present."""
        config = self._services.config
        if user_id in config.owners:
            return True
        person = await self._services.people.find(user_id)
        match person and person.status:
            case Standing.APPROVED:
                return True
            case Standing.REVOKED:
                return False
        if config.access is Access.MEMBERS:
            return await self._membership.has(user_id, bot)
        return config.access is Access.PUBLIC

    async def _turn_away(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> NoReturn:
        try:
            await self._doorstep.answer(update, context)
        except TelegramError as exc:
            _log.warning("a stranger could not be refused: %s", exc)
        finally:
            # The library asks the next handlers after any other exception; they must never see
            # this update, whatever fails here.
            raise ApplicationHandlerStop


def _fingerprint(update: Update) -> int:
    """Return a signed 64-bit digest of all that an update holds."""
    digest = hashlib.blake2b(update.to_json().encode(errors="surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), signed=True)
