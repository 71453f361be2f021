"""Answers to strangers: a refusal, and a way to ask the owners for access."""

from __future__ import annotations

import asyncio
import functools
import logging
from datetime import timedelta

from telegram import CallbackQuery, InlineQueryResultsButton, Message, Update, User
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from bot.access.people_view import person_details, shown_name
from bot.message.compose import join
from bot.message.message import Button, OutgoingMessage
from bot.owners.notices import notify_owners
from bot.people import texts_of
from bot.services import Services
from bot.transport.callback_data import Action, parse_press, press
from bot.transport.deep_links import ACCESS, read_target, read_words
from bot.transport.delivery import edit_pressed, send
from db.bot_people import AccessStatus
from i18n import Catalogue

_log = logging.getLogger(__name__)

_REFUSAL_REST = 3600.0
_REFUSALS = 5
"""How many answers a stranger gets within how many seconds."""
_DENIAL_REST = timedelta(days=7)
"""How long after a refusal a person may ask again."""


class AccessRequests:
    """Answers strangers; never touches the archive."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._refused: list[tuple[int, float]] = []

    async def answer(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Refuse a stranger or take their request; stay silent where an answer would be noise."""
        user = update.effective_user
        if user is None:
            return
        texts = texts_of(user, context)
        if update.callback_query:
            await self._answer_press(update.callback_query, texts, context)
        elif update.inline_query:
            button = InlineQueryResultsButton(texts.access.button_ask, start_parameter=ACCESS)
            await update.inline_query.answer([], cache_time=0, is_personal=True, button=button)
        elif (
            update.message
            and update.message.chat.type == ChatType.PRIVATE
            and self._is_due(user.id)
        ):
            await self._answer_message(update.message, user, texts, context)

    async def _answer_press(
        self, query: CallbackQuery, texts: Catalogue, context: ContextTypes.DEFAULT_TYPE
    ) -> None:
        pressed = parse_press(query.data or "")
        if pressed is None or pressed.action is not Action.ASK:
            refusal = texts.access.refusal.format(user=query.from_user.id)
            await query.answer(refusal, show_alert=True)
            return
        outcome, is_news = await self._ask(query.from_user, pressed["post"], texts)
        await query.answer(outcome, show_alert=True)
        if is_news:
            if isinstance(query.message, Message):
                await edit_pressed(query.message, OutgoingMessage(body=join([outcome])))
            await self._notify_owners(query.from_user, context)

    async def _answer_message(
        self, message: Message, user: User, texts: Catalogue, context: ContextTypes.DEFAULT_TYPE
    ) -> None:
        words = read_words(message.text or "")
        if words == ACCESS:
            outcome, is_news = await self._ask(user, 0, texts)
            await message.reply_text(outcome)
            if is_news:
                await self._notify_owners(user, context)
            return
        _log.info("user %s was refused", user.id)
        button = Button(
            label=texts.access.button_ask, data=press(Action.ASK, post=read_target(words))
        )
        refusal = texts.access.refusal.format(user=user.id)
        await send(message, OutgoingMessage(body=join([refusal]), rows=((button,),)))

    async def _ask(self, user: User, target: int, texts: Catalogue) -> tuple[str, bool]:
        """Record a request; return the answer, and whether to notify the owners."""
        now = self._services.clock()
        people = self._services.people
        ask = functools.partial(
            people.store.ask,
            user.id,
            name=shown_name(user.full_name, user.username),
            spoken=user.language_code,
            target=target,
            now=now,
            rested_since=now - _DENIAL_REST,
        )
        if await asyncio.to_thread(ask):
            _log.info("user %s asks for access", user.id)
            return texts.access.sent, True
        person = await people.find(user.id)
        if person and person.decided_at and person.status is not AccessStatus.ASKED:
            day = self._services.locale(texts).day(person.decided_at + _DENIAL_REST)
            return texts.access.too_soon.format(day=day), False
        return texts.access.waits, False

    async def _notify_owners(self, user: User, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Ask every owner; those who cannot be reached find the request under /people."""
        services = self._services
        person = await services.people.find(user.id)
        assert person
        await notify_owners(
            context.bot,
            lambda texts: person_details(person, services.locale(texts)),
            services=services,
            spoken=user.language_code,
        )

    def _is_due(self, user_id: int) -> bool:
        """Return whether a stranger may be answered again, and count this answer."""
        now = self._services.timer()
        self._refused = [(user, at) for user, at in self._refused if now - at < _REFUSAL_REST]
        if sum(user == user_id for user, _ in self._refused) >= _REFUSALS:
            return False
        self._refused.append((user_id, now))
        return True
