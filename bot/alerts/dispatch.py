"""Sends alerts, one message per person and round.

Posts are marked as sent before they are sent. If the program is killed in between, an alert is lost
(the post still counts as new under `/saved`), but none is ever sent twice.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from telegram import Bot
from telegram.error import TelegramError

from bot.alerts.composing import compose_bundle, compose_digest, compose_single
from bot.alerts.schedule import FEW, WINDOW, SinglePost, Step, is_due, is_quiet, last_due, next_step
from bot.alerts.sending import SendResult, SendStatus, send_unasked
from bot.alerts.throttle import Throttle
from bot.services import Services
from db.bot_saved import AlertMode
from i18n import Locale
from model.errors import LetopisError

if TYPE_CHECKING:
    from bot.message.message import OutgoingMessage
    from db.bot_alert_settings import AlertSettings
    from db.bot_alerts import PendingMatches

_log = logging.getLogger(__name__)

HasAccess = Callable[[int, Bot], Awaitable[bool]]


class AlertSender:
    """Decides what to send to whom, and when; `has_access` returns who still has access."""

    def __init__(
        self, services: Services, has_access: HasAccess, *, throttle: Throttle | None = None
    ) -> None:
        self._services = services
        self._alerts = services.bot_store.alerts
        self._alert_settings = services.bot_store.alert_settings
        self._has_access = has_access
        self._throttle = throttle or Throttle()
        self._told: dict[int, list[tuple[float, int]]] = {}
        self._is_doubtful = False
        self._is_ending = False
        self._going_round = asyncio.Lock()

    def end(self) -> None:
        """Start nothing new."""
        self._is_ending = True

    async def send_due(self, bot: Bot) -> bool:
        """Send each person at most one message; return whether more can be sent soon.

        Raises:
            LetopisError: The bot's file, the archive or the index cannot be used.
        """
        async with self._going_round:
            if not await self._is_reached(bot):
                return False
            waiting = await asyncio.to_thread(self._alerts.waiting)
            is_more = False
            for user_id, theirs in groupby(waiting, key=lambda each: each.search.user_id):
                is_more = await self._send_matches(user_id, tuple(theirs), bot) or is_more
            now = self._services.clock()
            due = last_due(AlertMode.WEEKLY, now, self._services.config.zone)
            for settings in await asyncio.to_thread(self._alert_settings.with_digest, before=due):
                is_more = await self._send_digest(settings, due, bot) or is_more
            return is_more

    async def _is_reached(self, bot: Bot) -> bool:
        """Check that Telegram is reachable after an unknown outcome: each costs an alert."""
        if self._throttle.is_suspended:
            return False
        if self._is_doubtful:
            try:
                await bot.get_me()
            except TelegramError as exc:
                _log.info("Telegram still cannot be reached: %s", exc)
                return False
            self._is_doubtful = False
        return True

    async def _send_matches(
        self, user_id: int, waiting: Sequence[PendingMatches], bot: Bot
    ) -> bool:
        """Send a person one of the waiting alerts; return whether another may follow soon."""
        now = self._services.clock()
        due = [each for each in waiting if is_due(each, now, self._services.config.zone)]
        if not due or await self._in_quiet_hours(user_id, now, bot):
            return False
        if self._has_to_wait(user_id):
            return True
        step = await asyncio.to_thread(self._next_step, user_id, due, now)
        if step is None:
            return False
        await self._claim(user_id, step, bot)
        return True

    async def _in_quiet_hours(self, user_id: int, now: datetime, bot: Bot) -> bool:
        settings = await asyncio.to_thread(self._alert_settings.get, user_id)
        if is_quiet(settings, now, self._services.config.zone):
            return True
        return not await self._has_access(user_id, bot)

    def _has_to_wait(self, user_id: int) -> bool:
        is_open = not self._is_ending and not self._throttle.is_suspended
        return not (is_open and self._throttle.may_write_to(user_id))

    def _next_step(self, user_id: int, due: Sequence[PendingMatches], now: datetime) -> Step | None:
        at_once = [each for each in due if each.search.mode is AlertMode.AT_ONCE]
        keys = [each.search.saved_search_id for each in at_once]
        posts = self._alerts.waiting_posts(keys, limit=FEW + 1)
        since = self._services.timer() - WINDOW.total_seconds()
        told = [told for told in self._told.get(user_id, ()) if told[0] > since]
        self._told[user_id] = told
        told_lately = sum(posts for _, posts in told)
        return next_step(due, posts, told_lately=told_lately, now=now)

    async def _claim(self, user_id: int, step: Step, bot: Bot) -> None:
        post_id = step.post_id if isinstance(step, SinglePost) else None
        take = functools.partial(self._alerts.claim, step.saved_search_ids, post_id=post_id)
        claimed = await asyncio.to_thread(take)
        if not claimed:  # deleted just now
            return
        compose = compose_single if isinstance(step, SinglePost) else compose_bundle
        sent = await self._send(user_id, functools.partial(compose, claimed, self._services), bot)
        if sent.status is SendStatus.UNSENT:
            await asyncio.to_thread(self._alerts.release, claimed)
        elif isinstance(step, SinglePost) or not step.is_periodic:
            posts = sum(len(each.post_ids) for each in claimed)
            self._told[user_id].append((self._services.timer(), posts))

    async def _send_digest(self, settings: AlertSettings, due: datetime, bot: Bot) -> bool:
        """Send a person the digest of the week before a moment; return whether they must wait."""
        user_id, now = settings.user_id, self._services.clock()
        if await self._in_quiet_hours(user_id, now, bot):
            return False
        if self._has_to_wait(user_id):
            return True
        await asyncio.to_thread(self._alert_settings.choose_digest, user_id, now)
        compose = functools.partial(compose_digest, due, self._services, is_wanted=True)
        sent = await self._send(user_id, compose, bot)
        if sent.status is SendStatus.UNSENT:
            await asyncio.to_thread(
                self._alert_settings.choose_digest, user_id, settings.digested_at
            )
        return sent.status is SendStatus.UNSENT

    async def _send(
        self, user_id: int, compose: Callable[[Locale], OutgoingMessage | None], bot: Bot
    ) -> SendResult:
        """Compose and send a message, and act on Telegram's response."""
        person = await self._services.people.find(user_id)
        texts = self._services.people.texts(user_id, person.spoken if person else None)
        locale = self._services.locale(texts)
        try:
            outgoing = await self._services.run(functools.partial(compose, locale))
        except (TimeoutError, LetopisError) as exc:
            _log.warning("what was found is told later: %s", str(exc) or "it took too long")
            return SendResult(status=SendStatus.UNSENT)
        if outgoing is None:  # the archive was restored from before the post
            return SendResult(status=SendStatus.REFUSED)
        await self._throttle.wait_turn(user_id)
        sent = await send_unasked(user_id, outgoing, bot)
        if sent.rest:
            self._throttle.suspend(sent.rest)
        self._is_doubtful = sent.status is SendStatus.DOUBTFUL
        if sent.status is SendStatus.UNWANTED:
            await asyncio.to_thread(self._services.bot_store.saved.delete_of_person, user_id)
            await asyncio.to_thread(self._alert_settings.forget, user_id)
        return sent
