"""Access control: one check for every kind of update, before any handler."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop, ContextTypes, TypeHandler

from bot.access.access_requests import AccessRequests
from bot.access.membership import Membership, MembershipUnknown
from bot.access.rate_limit import RateLimiter
from bot.config import Access
from bot.inbox import fingerprint
from bot.memory_fallback import WRITE_ERRORS
from bot.owners.troubles import Trouble, Troubles
from bot.people import texts_of
from bot.services import Services
from bot.transport.delivery import answer_briefly
from db.bot_people import AccessStatus

_log = logging.getLogger(__name__)


class Gate:
    """Lets owners and approved people pass; everyone else is handled as a stranger."""

    def __init__(
        self, services: Services, *, updates_after: Callable[[Update], Sequence[Update]]
    ) -> None:
        self._services = services
        self._access_requests = AccessRequests(services)
        self._rate_limiter = RateLimiter(
            services.config.burst,
            timer=services.timer,
            sleep=services.sleep,
            updates_after=updates_after,
        )
        self._membership = Membership(services.config.members_of or "", timer=services.timer)
        self.troubles = Troubles(services)

    def handler(self) -> TypeHandler[Update, ContextTypes.DEFAULT_TYPE, None]:
        """Return the handler that runs before all others."""
        return TypeHandler(Update, self._check)

    async def has_access(self, user_id: int, bot: Bot) -> bool:
        """Return whether a person currently has access."""
        config = self._services.config
        if user_id in config.owners:
            return True
        person = await self._services.people.find(user_id)
        match person and person.status:
            case AccessStatus.APPROVED:
                return True
            case AccessStatus.REVOKED:
                return False
        if config.access is Access.MEMBERS:
            return await self._is_member(user_id, bot)
        return config.access is Access.PUBLIC

    async def _check(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Stop an update that must not be answered; on any failure of the check, stop it."""
        try:
            passes = await self._passes(update, context)
        except Exception as exc:  # noqa: BLE001  # on any failure, deny access
            await self._report_failed_check(update, exc, context)
            passes = False
        if not passes:
            raise ApplicationHandlerStop

    async def _passes(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> bool:
        # Only by the sender's id: usernames change hands, and a group's anonymous administrators
        # share one id that belongs to nobody.
        user = update.effective_user
        if user is None or not await self.has_access(user.id, context.bot):
            await self._refuse(update, context)
            return False
        is_owner = user.id in self._services.config.owners
        if is_owner:
            await self._services.people.notice(user)
        if await self._was_seen(update, context.bot):
            _log.info("update %s was delivered twice", update.update_id)
            return False
        return is_owner or await self._rate_limiter.admits(update, user.id, texts_of(user, context))

    async def _is_member(self, user_id: int, bot: Bot) -> bool:
        """Return whether a person is a member; if Telegram does not say, they may ask an owner."""
        try:
            return await self._membership.includes(user_id, bot)
        except MembershipUnknown as exc:
            await self.troubles.tell(Trouble.NO_MEMBERS, exc.error, bot)
            return False

    async def _was_seen(self, update: Update, bot: Bot) -> bool:
        """Return whether an update was seen before, and remember it, in memory if necessary."""
        key, memory_fallback = fingerprint(update), self._services.memory_fallback
        store = self._services.bot_store
        is_known = memory_fallback.has_update(key)
        try:
            is_known = is_known or await asyncio.to_thread(store.seen_update, key)
        except WRITE_ERRORS as exc:
            is_known = await asyncio.to_thread(store.knows_update, key)
            memory_fallback.note_update(key, exc)
        if memory_fallback.error:
            await self.troubles.tell(Trouble.UNWRITTEN, memory_fallback.error, bot)
            memory_fallback.error = None
        return is_known

    async def _refuse(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        try:
            await self._access_requests.answer(update, context)
        except TelegramError as exc:
            _log.warning("a stranger could not be refused: %s", exc)

    async def _report_failed_check(
        self, update: Update, error: Exception, context: ContextTypes.DEFAULT_TYPE
    ) -> None:
        """Tell the owners why nobody is answered; strangers learn nothing."""
        user, told = update.effective_user, None
        try:
            if user and user.id in self._services.config.owners:
                words = self.troubles.say(Trouble.CLOSED, error, texts_of(user, context))
                told = user.id if await answer_briefly(update, words) else None
        except TelegramError as exc:
            _log.warning("an owner could not be answered: %s", exc)
        await self.troubles.tell(Trouble.CLOSED, error, context.bot, besides=told)
