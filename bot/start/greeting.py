"""Handlers of the greeting and the help."""

from __future__ import annotations

from telegram import CallbackQuery

from bot.results.cards import answer_post, answer_random
from bot.results.listing import answer_listing
from bot.results.tags import answer_tags
from bot.routing import Asked, Handler, on_command, on_free_press, telling
from bot.services import Services
from bot.sessions import Listing
from bot.start.greeting_view import help_page, welcome
from bot.start.menu import set_personal_menu
from bot.transport.callback_data import Action, Press
from bot.transport.deep_links import read_target
from bot.transport.delivery import send


def handlers(services: Services) -> list[Handler]:
    """Return the handlers of this subject."""
    start = _Start(services)
    return [
        on_command("start", start.greet),
        on_command("help", start.help),
        on_free_press(Action.MENU, start.menu),
    ]


class _Start:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def greet(self, asked: Asked) -> None:
        target = read_target(asked.words)
        if target:
            await answer_post(target, asked, self._services)
            return
        async with telling(asked.message, asked.texts):
            stats = await self._services.run(self._services.store.stats)
            await send(asked.message, welcome(stats, self._services.reader(asked.texts)))
        if asked.user_id in self._services.config.owners:
            await set_personal_menu(
                asked.user_id,
                asked.message.get_bot(),
                language=self._services.people.choice(asked.user_id),
                is_owner=True,
            )

    async def help(self, asked: Asked) -> None:
        is_owner = asked.user_id in self._services.config.owners
        await send(asked.message, help_page(asked.texts, is_owner=is_owner))

    async def menu(self, query: CallbackQuery, asked: Asked, press: Press) -> None:
        await query.answer()
        match press["place"]:
            case 0:
                await answer_tags(asked, self._services)
            case 1:
                await answer_listing(asked, Listing.RECENT, services=self._services)
            case _:
                await answer_random(asked, self._services)
