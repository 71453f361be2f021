"""Channels that add the bot: owners decide by button whether to archive them."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable

from telegram import Bot, CallbackQuery, Chat, Update, User
from telegram.constants import ChatMemberStatus

from bot.live.conversion import channel_of
from bot.message.compose import clean
from bot.message.message import Button, OutgoingMessage
from bot.owners.notices import notify_owners
from bot.routing import Context, Handler, Request, on_free_press
from bot.services import Services
from bot.transport.callback_data import Action, Press, press
from bot.transport.chat_ids import chat_id_of
from bot.transport.delivery import edit_pressed
from db.bot_live import ApprovalStatus
from i18n import Catalogue
from i18n.live import live_texts

_log = logging.getLogger(__name__)


class ChannelApproval:
    """Asks the owners about a channel, and records their decision.

    `on_decision` is called afterwards.
    """

    def __init__(self, services: Services, *, on_decision: Callable[[], None]) -> None:
        self._services = services
        self._on_decision = on_decision
        self._live = services.bot_store.live

    def handler(self) -> Handler:
        """Return the handler of the owners' buttons."""
        return on_free_press(Action.CHANNEL, self._decide)

    async def record_bot_status(self, update: Update, context: Context) -> None:
        """Record a change of the bot's status in a channel."""
        change = update.my_chat_member
        assert change
        if change.new_chat_member.status == ChatMemberStatus.ADMINISTRATOR:
            await self.ask(change.chat, context.bot, by=change.from_user)
        elif change.old_chat_member.status == ChatMemberStatus.ADMINISTRATOR:
            await self._leave(change.chat, context.bot)

    async def ask(self, chat: Chat, bot: Bot, *, by: User | None = None) -> None:
        """Ask the owners about a channel, unless they were asked before.

        `by` added the bot; unknown if that event was missed and a post is the first sign.
        """
        spoken = by.language_code if by else None
        note = functools.partial(
            self._live.ask,
            chat.id,
            title=chat.title or "",
            language=spoken,
            now=self._services.clock(),
        )
        if await asyncio.to_thread(note):
            _log.info("the owners are asked about channel %s", chat.id)
            compose = functools.partial(_question, chat, by)
            await notify_owners(bot, compose, services=self._services, spoken=spoken)

    async def _leave(self, chat: Chat, bot: Bot) -> None:
        channel = await asyncio.to_thread(self._live.find, chat.id)
        if channel is None:
            return
        await asyncio.to_thread(self._live.forget, chat.id)
        if channel.status is ApprovalStatus.APPROVED:
            await notify_owners(
                bot,
                lambda texts: _notice(live_texts(texts).left, channel.title),
                services=self._services,
                spoken=channel.language,
            )

    async def _decide(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        live = live_texts(request.texts)
        chat_id = chat_id_of(pressed["channel"])
        channel = await asyncio.to_thread(self._live.find, chat_id)
        if request.user_id not in self._services.config.owners:
            await query.answer(live.owners_only, show_alert=True)
            return
        status = ApprovalStatus.APPROVED if pressed["is_approved"] else ApprovalStatus.DENIED
        decide = functools.partial(
            self._live.decide, chat_id, status, by=request.user_id, now=self._services.clock()
        )
        if channel is None:
            await query.answer(live.gone, show_alert=True)
            return
        if await asyncio.to_thread(decide):
            _log.info("channel %s was %s", chat_id, status)
            self._on_decision()
            await query.answer()
        else:
            # Another owner was faster: show this one the current state.
            await query.answer(live.gone, show_alert=True)
            status = channel.status
        words = live.approved if status is ApprovalStatus.APPROVED else live.denied
        await edit_pressed(request.message, _notice(words, channel.title))


def _question(chat: Chat, by: User | None, texts: Catalogue) -> OutgoingMessage:
    live = live_texts(texts)
    if by:
        words = live.asks.format(name=by.full_name, channel=chat.title)
    else:
        words = live.asks_late.format(channel=chat.title)
    telegram_id = channel_of(chat).telegram_id or 0
    buttons = (
        Button(
            label=live.button_approve,
            data=press(Action.CHANNEL, channel=telegram_id, is_approved=1),
        ),
        Button(
            label=live.button_deny, data=press(Action.CHANNEL, channel=telegram_id, is_approved=0)
        ),
    )
    return OutgoingMessage(body=clean(words), rows=(buttons,))


def _notice(words: str, title: str) -> OutgoingMessage:
    return OutgoingMessage(body=clean(words.format(channel=title)))
