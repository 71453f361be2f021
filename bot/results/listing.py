"""Handlers of lists: searches, code, latest posts, and the buttons under them."""

from __future__ import annotations

from dataclasses import replace

from telegram import CallbackQuery, Message, Update
from telegram.ext import MessageHandler, filters

from bot.message.compose import clean
from bot.results.channels import channel_filters, choose_channel
from bot.results.filters import compose_filters
from bot.results.page import compose_page
from bot.results.photos import remove_photos
from bot.results.refinements import SORTS, WITH_CODE, toggled
from bot.routing import (
    Context,
    Handler,
    Request,
    SessionPress,
    on_command,
    on_free_press,
    on_press,
    query_in_heading,
    read_message,
    reporting_errors,
)
from bot.services import Services
from bot.sessions import Listing, Session
from bot.transport.callback_data import Action, Press
from bot.transport.delivery import edit_pressed, send
from i18n import Catalogue

_WORDS = filters.UpdateType.MESSAGE & (filters.TEXT | filters.CAPTION) & ~filters.COMMAND


def handlers(services: Services) -> list[Handler]:
    """Return the handlers of this subject."""
    listings = _Listings(services)
    return [
        on_command("search", listings.search),
        on_command("code", listings.code),
        on_command("recent", listings.recent),
        MessageHandler(_WORDS & filters.ChatType.PRIVATE, listings.private_words),
        MessageHandler(_WORDS & filters.ChatType.GROUPS, listings.group_words),
        on_press(Action.PAGE, services, listings.turn_page),
        on_press(Action.COUNT, services, listings.show_count),
        on_press(Action.CODE_ONLY, services, listings.toggle_code),
        on_press(Action.FILTERS, services, listings.filters),
        on_press(Action.FILTER, services, listings.set_filter),
        on_press(Action.UNFILTERED, services, listings.clear_filters),
        on_press(Action.SORT, services, listings.sort),
        on_press(Action.SUGGESTION, services, listings.take_suggestion),
        on_free_press(Action.AGAIN, listings.search_again),
        on_free_press(Action.RECENT, listings.recent_of),
    ]


async def answer_listing(
    request: Request,
    listing: Listing,
    *,
    services: Services,
    query: str = "",
    filters: tuple[str, ...] = (),
) -> None:
    """Open a list and send its first page."""
    session = Session(
        session_id="",
        user_id=request.user_id,
        chat_id=request.message.chat_id,
        listing=listing,
        query=query,
        filters=filters,
    )
    await answer_session(session, request, services=services)


async def search_words(
    request: Request,
    listing: Listing = Listing.SEARCH,
    *,
    services: Services,
    otherwise: str,
) -> None:
    """Search for the words of a message; without any, answer with a sentence."""
    query = " ".join(clean(request.words).text.split())
    if not query:
        await request.message.reply_text(otherwise)
        return
    await answer_listing(request, listing, services=services, query=query)


async def answer_session(session: Session, request: Request, *, services: Services) -> None:
    """Store a new session and send its first page."""
    async with reporting_errors(request.message, request.texts):
        session = await services.open_session(session)
        outgoing = await compose_page(session, 1, services=services, texts=request.texts)
        await send(request.message, outgoing)


class _Listings:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def search(self, request: Request) -> None:
        await self._search(request, Listing.SEARCH, otherwise=request.texts.ask_query)

    async def code(self, request: Request) -> None:
        await self._search(request, Listing.CODE, otherwise=request.texts.ask_code_query)

    async def recent(self, request: Request) -> None:
        async with reporting_errors(request.message, request.texts):
            channel = await choose_channel(request, Action.RECENT, services=self._services)
            if channel is not None:
                await self._answer_recent(request, channel)

    async def recent_of(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        await query.answer()
        await self._answer_recent(request, pressed["channel"])

    async def _answer_recent(self, request: Request, channel: int) -> None:
        filters = channel_filters(channel)
        await answer_listing(request, Listing.RECENT, services=self._services, filters=filters)

    async def private_words(self, update: Update, context: Context) -> None:
        message = update.message
        assert message
        await self.search(read_message(message, message.text or message.caption or "", context))

    async def group_words(self, update: Update, context: Context) -> None:
        """In groups, answer only what is addressed to the bot: by name, or as a reply to it."""
        message = update.message
        assert message
        words = message.text or message.caption or ""
        name = f"@{context.bot.username}"
        replied = message.reply_to_message
        is_reply = bool(replied and replied.from_user and replied.from_user.id == context.bot.id)
        place = words.casefold().find(name.casefold())
        if place >= 0:
            words = words[:place] + words[place + len(name) :]
        elif not is_reply:
            return
        await self.search(read_message(message, words, context))

    async def turn_page(self, pressed: SessionPress) -> None:
        await pressed.query.answer()
        session = await remove_photos(pressed.message, pressed.session, self._services)
        await self._show(pressed.message, session, pressed.press["page"], pressed.texts)

    async def show_count(self, pressed: SessionPress) -> None:
        await pressed.query.answer()

    async def toggle_code(self, pressed: SessionPress) -> None:
        is_on = bool(pressed.press["is_on"])
        await self._renew(pressed, toggled(pressed.session, WITH_CODE, is_on=is_on))

    async def take_suggestion(self, pressed: SessionPress) -> None:
        """Search for a suggestion, in the same message."""
        options = pressed.session.options
        place = pressed.press["place"]
        if place >= len(options):
            await pressed.query.answer(pressed.texts.outdated, show_alert=True)
            return
        await self._renew(pressed, replace(pressed.session, query=options[place]))

    async def filters(self, pressed: SessionPress) -> None:
        await pressed.query.answer()
        await self._show_filters(pressed, pressed.session, pressed.press["group"])

    async def set_filter(self, pressed: SessionPress) -> None:
        """Add or remove a filter, and show the same filters again."""
        options, place = pressed.session.options, pressed.press["place"]
        if place >= len(options):
            await pressed.query.answer(pressed.texts.outdated, show_alert=True)
            return
        await pressed.query.answer()
        session = toggled(pressed.session, options[place], is_on=bool(pressed.press["is_on"]))
        await self._services.open_session(session)
        await self._show_filters(pressed, session, pressed.press["group"])

    async def clear_filters(self, pressed: SessionPress) -> None:
        await self._renew(pressed, replace(pressed.session, filters=()))

    async def sort(self, pressed: SessionPress) -> None:
        place = pressed.press["place"]
        if place >= len(SORTS):
            await pressed.query.answer(pressed.texts.outdated, show_alert=True)
            return
        await self._renew(pressed, toggled(pressed.session, SORTS[place], is_on=True))

    async def search_again(self, query: CallbackQuery, request: Request, _press: Press) -> None:
        before = query_in_heading(request.message)
        if before is None:
            await query.answer(request.texts.outdated, show_alert=True)
            return
        await query.answer()
        listing, words = before
        session = await self._services.open_session(
            Session(
                session_id="",
                user_id=request.user_id,
                chat_id=request.message.chat_id,
                listing=listing,
                query=words,
            )
        )
        await self._show(request.message, session, 1, request.texts)

    async def _search(self, request: Request, listing: Listing, *, otherwise: str) -> None:
        await search_words(request, listing, services=self._services, otherwise=otherwise)

    async def _renew(self, pressed: SessionPress, session: Session) -> None:
        """Store a changed session, and show its first page."""
        await pressed.query.answer()
        await self._services.open_session(session)
        await self._show(pressed.message, session, 1, pressed.texts)

    async def _show_filters(self, pressed: SessionPress, session: Session, shown: int) -> None:
        async with reporting_errors(pressed.message, pressed.texts):
            outgoing = await compose_filters(
                session, shown, services=self._services, texts=pressed.texts
            )
            await edit_pressed(pressed.message, outgoing)

    async def _show(
        self, message: Message, session: Session, number: int, texts: Catalogue
    ) -> None:
        async with reporting_errors(message, texts):
            outgoing = await compose_page(session, number, services=self._services, texts=texts)
            await edit_pressed(message, outgoing)
