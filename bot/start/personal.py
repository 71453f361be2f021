"""Handlers of personal settings: language and deletion of data."""

from __future__ import annotations

import asyncio

from telegram import Bot, CallbackQuery
from telegram.constants import ChatType

from bot.message.compose import join
from bot.message.message import OutgoingMessage
from bot.routing import Handler, Request, on_command, on_free_press
from bot.services import Services
from bot.start.menu import set_personal_menu
from bot.start.personal_view import LANGUAGES, language_choice, privacy_page
from bot.transport.callback_data import Action, Press
from bot.transport.delivery import edit_pressed, send
from db.bot_people import AccessStatus
from i18n import Catalogue


def handlers(services: Services) -> list[Handler]:
    """Return the handlers of this subject."""
    personal = _Personal(services)
    return [
        on_command("lang", personal.ask_language),
        on_command("privacy", personal.tell_privacy),
        on_free_press(Action.LANGUAGE, personal.choose_language),
        on_free_press(Action.FORGET, personal.forget),
    ]


class _Personal:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def ask_language(self, request: Request) -> None:
        chosen = self._services.people.choice(request.user_id)
        await send(request.message, language_choice(chosen, request.texts))

    async def choose_language(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        place = pressed["place"]
        if place >= len(LANGUAGES):
            await query.answer(request.texts.outdated, show_alert=True)
            return
        await query.answer()
        user, people = query.from_user, self._services.people
        await people.choose(user, LANGUAGES[place])
        texts = people.texts(user.id, user.language_code)
        await edit_pressed(request.message, language_choice(LANGUAGES[place], texts))
        await self._renew_menu(user.id, query.get_bot())

    async def tell_privacy(self, request: Request) -> None:
        user_id, texts = request.user_id, request.texts
        page = privacy_page(
            searches=await self._services.people.count_sessions(user_id),
            saved=len(await asyncio.to_thread(self._services.bot_store.saved.of_person, user_id)),
            standing=await self._standing(user_id, texts),
            language=self._services.people.choice(user_id),
            days=self._services.config.sessions_kept.days,
            texts=texts,
        )
        if request.message.chat.type == ChatType.PRIVATE:  # others in a group must not see it
            await send(request.message, page)

    async def forget(self, query: CallbackQuery, request: Request, _press: Press) -> None:
        await query.answer()
        user, people = query.from_user, self._services.people
        count = await people.forget(user.id)
        self._services.memory_fallback.forget_person(user.id)
        saved = await asyncio.to_thread(self._forget_followed, user.id)
        texts = people.texts(user.id, user.language_code)
        forgotten = texts.access.forgotten.format(
            kept=texts.count(count, texts.access.privacy_searches),
            saved=texts.count(saved, texts.access.privacy_saved),
        )
        await edit_pressed(request.message, OutgoingMessage(body=join([forgotten])))
        await self._renew_menu(user.id, query.get_bot())

    def _forget_followed(self, user_id: int) -> int:
        """Delete a person's saved searches; return how many there were."""
        store = self._services.bot_store
        store.alert_settings.forget(user_id)
        return store.saved.delete_of_person(user_id)

    async def _standing(self, user_id: int, texts: Catalogue) -> str:
        if user_id in self._services.config.owners:
            return texts.access.privacy_owner
        person = await self._services.people.find(user_id)
        is_let_in = person is not None and person.status is AccessStatus.APPROVED
        return texts.access.privacy_let_in if is_let_in else texts.access.privacy_member

    async def _renew_menu(self, user_id: int, bot: Bot) -> None:
        await set_personal_menu(
            user_id,
            bot,
            language=self._services.people.choice(user_id),
            is_owner=user_id in self._services.config.owners,
        )
