"""Handlers of the greeting and the help."""

from __future__ import annotations

from telegram import CallbackQuery

from bot.results.cards import answer_post, answer_random
from bot.results.listing import answer_listing
from bot.results.tags import answer_tags
from bot.routing import Handler, Request, on_command, on_free_press, reporting_errors
from bot.services import Services
from bot.sessions import Listing
from bot.start.examples import example_queries
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

    async def greet(self, request: Request) -> None:
        target = read_target(request.words)
        if target:
            await answer_post(target, request, self._services)
            return
        async with reporting_errors(request.message, request.texts):
            services, store, texts = self._services, self._services.store, request.texts
            stats = await services.run(store.stats)
            examples = await services.run(lambda: example_queries(store, texts))
            locale = services.locale(texts)
            await send(request.message, welcome(stats, examples, locale))
        if request.user_id in self._services.config.owners:
            await set_personal_menu(
                request.user_id,
                request.message.get_bot(),
                language=self._services.people.choice(request.user_id),
                is_owner=True,
            )

    async def help(self, request: Request) -> None:
        is_owner = request.user_id in self._services.config.owners
        await send(request.message, help_page(request.texts, is_owner=is_owner))

    async def menu(self, query: CallbackQuery, request: Request, press: Press) -> None:
        await query.answer()
        match press["place"]:
            case 0:
                await answer_tags(request, self._services)
            case 1:
                await answer_listing(request, Listing.RECENT, services=self._services)
            case _:
                await answer_random(request, self._services)
