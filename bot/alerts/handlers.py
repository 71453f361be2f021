"""Handlers of saved searches: the button under every search, `/saved`, and its buttons."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from telegram import CallbackQuery
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError

from bot.alerts.composing import compose_digest
from bot.alerts.saved_view import quiet_page, saved_card, saved_page
from bot.alerts.schedule import MUTE
from bot.alerts.subscribe import MOST, SaveOutcome, follow, followed_query
from bot.message.message import OutgoingMessage
from bot.results.listing import answer_listing, answer_session
from bot.routing import (
    Handler,
    Request,
    SessionPress,
    on_command,
    on_free_press,
    on_press,
    reporting_errors,
)
from bot.services import Services
from bot.sessions import Listing, Session
from bot.transport.callback_data import Action, Press
from bot.transport.delivery import edit_pressed, send
from db.bot_saved import AlertMode
from i18n import Catalogue

if TYPE_CHECKING:
    from db.bot_saved import SavedSearch

_log = logging.getLogger(__name__)


_Change = Callable[[CallbackQuery, Request, Press], Awaitable[None]]
_OfSearch = Callable[["SavedSearch", CallbackQuery, Request, Press], Awaitable[None]]


def handlers(services: Services) -> list[Handler]:
    """Return the handlers of this subject."""
    following = _SavedSearches(services)
    of_search = {
        Action.SAVED: following.show,
        Action.SAVED_MODE: following.choose_mode,
        Action.SAVED_PAUSE: following.pause,
        Action.SAVED_MUTE: following.mute,
        Action.SAVED_DELETE: following.delete,
        Action.SAVED_SEARCH: following.search,
        Action.SAVED_NEW: following.open_new,
        Action.ALERT_MUTE: following.mute_alert,
        Action.ALERT_END: following.end_alert,
    }
    return [
        on_command("saved", following.list),
        on_press(Action.FOLLOW, services, following.follow),
        on_free_press(Action.SAVED_LIST, following.show_list),
        on_free_press(Action.QUIET, following.ask_quiet),
        on_free_press(Action.QUIET_HOURS, following.choose_quiet),
        on_free_press(Action.DIGEST, following.show_digest),
        on_free_press(Action.DIGEST_WANTED, following.choose_digest),
        *(
            on_free_press(action, following.of_search(answer))
            for action, answer in of_search.items()
        ),
    ]


class _SavedSearches:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._saved = services.bot_store.saved
        self._alert_settings = services.bot_store.alert_settings

    async def follow(self, pressed: SessionPress) -> None:
        words, user = pressed.texts.following, pressed.query.from_user
        if not await self._can_write(pressed):
            await pressed.query.answer(words.write_first, show_alert=True)
            return
        said = {
            SaveOutcome.FOLLOWED: words.followed,
            SaveOutcome.ALREADY: words.already,
            SaveOutcome.FULL: words.full.format(most=MOST),
            SaveOutcome.NOTHING: words.nothing_to_follow,
        }
        outcome: SaveOutcome | None = None
        query = followed_query(pressed.session)
        async with reporting_errors(pressed.message, pressed.texts):
            begin = functools.partial(follow, query, user.id, self._services)
            outcome = await self._services.run(begin)
        if outcome is SaveOutcome.FOLLOWED:
            # Alerts use the language of their Telegram client.
            await self._services.people.notice(user)
        await pressed.query.answer(said[outcome] if outcome else None, show_alert=bool(outcome))

    async def list(self, request: Request) -> None:
        if request.message.chat.type == ChatType.PRIVATE:  # others in a group must not see it
            await send(request.message, await self._list(request))

    async def show_list(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        await query.answer()
        show = send if pressed["is_new_message"] else edit_pressed
        await show(request.message, await self._list(request))

    async def ask_quiet(self, query: CallbackQuery, request: Request, _press: Press) -> None:
        await query.answer()
        await edit_pressed(request.message, await self._quiet(request))

    async def choose_quiet(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        first, last = pressed["first"], pressed["last"]
        if max(first, last) > 23:
            await query.answer(request.texts.outdated, show_alert=True)
            return
        await query.answer()
        await asyncio.to_thread(self._alert_settings.choose_quiet, request.user_id, first, last)
        await edit_pressed(request.message, await self._quiet(request))

    async def show_digest(self, query: CallbackQuery, request: Request, _press: Press) -> None:
        await query.answer()
        await self._edit_digest(request)

    async def choose_digest(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        """Turn digests on or off; the first one comes next Monday, this week's is shown at once."""
        await query.answer()
        await self._services.people.notice(query.from_user)
        since = self._services.clock() if pressed["is_wanted"] else None
        await asyncio.to_thread(self._alert_settings.choose_digest, request.user_id, since)
        await self._edit_digest(request)

    def of_search(self, answer: _OfSearch) -> _Change:
        """Answer a button of a saved search after checking that it belongs to the person."""

        async def callback(query: CallbackQuery, request: Request, pressed: Press) -> None:
            search = await asyncio.to_thread(self._saved.find, pressed["search"])
            if search is None:
                await query.answer(request.texts.following.gone, show_alert=True)
            elif search.user_id != query.from_user.id:
                await query.answer(request.texts.not_yours, show_alert=True)
            else:
                await answer(search, query, request, pressed)

        return callback

    async def show(
        self, search: SavedSearch, query: CallbackQuery, request: Request, _press: Press
    ) -> None:
        await query.answer()
        await edit_pressed(request.message, self._card(search, request.texts))

    async def choose_mode(
        self, search: SavedSearch, query: CallbackQuery, request: Request, pressed: Press
    ) -> None:
        modes, place = tuple(AlertMode), pressed["place"]
        if place >= len(modes):
            await query.answer(request.texts.outdated, show_alert=True)
            return
        await self._change(search, query, request, self._saved.choose_mode, modes[place])

    async def pause(
        self, search: SavedSearch, query: CallbackQuery, request: Request, pressed: Press
    ) -> None:
        at = self._services.clock() if pressed["is_on"] else None
        await self._change(search, query, request, self._saved.pause, at)

    async def mute(
        self, search: SavedSearch, query: CallbackQuery, request: Request, pressed: Press
    ) -> None:
        until = self._services.clock() + MUTE if pressed["is_on"] else None
        await self._change(search, query, request, self._saved.mute, until)

    async def delete(
        self, search: SavedSearch, query: CallbackQuery, request: Request, _press: Press
    ) -> None:
        await asyncio.to_thread(self._saved.delete, search.saved_search_id)
        await query.answer(request.texts.following.deleted)
        await edit_pressed(request.message, await self._list(request))

    async def search(
        self, search: SavedSearch, query: CallbackQuery, request: Request, _press: Press
    ) -> None:
        await query.answer()
        await answer_listing(request, Listing.SEARCH, services=self._services, query=search.query)

    async def open_new(
        self, search: SavedSearch, query: CallbackQuery, request: Request, pressed: Press
    ) -> None:
        """Send the posts found after a change of the archive; afterwards none counts as new."""
        await query.answer()
        session = Session(
            session_id="",
            user_id=request.user_id,
            chat_id=request.message.chat_id,
            listing=Listing.SAVED,
            query=search.query,
            saved_search=search.saved_search_id,
            since=pressed["since"],
        )
        await answer_session(session, request, services=self._services)
        await asyncio.to_thread(self._saved.open, search.saved_search_id)

    async def mute_alert(
        self, search: SavedSearch, query: CallbackQuery, request: Request, _press: Press
    ) -> None:
        until = self._services.clock() + MUTE
        await asyncio.to_thread(self._saved.mute, search.saved_search_id, until)
        await query.answer(request.texts.following.muted_notice, show_alert=True)

    async def end_alert(
        self, search: SavedSearch, query: CallbackQuery, request: Request, _press: Press
    ) -> None:
        await asyncio.to_thread(self._saved.delete, search.saved_search_id)
        await query.answer(request.texts.following.deleted, show_alert=True)

    async def _change(
        self,
        search: SavedSearch,
        query: CallbackQuery,
        request: Request,
        change: Callable[..., None],
        *values: object,
    ) -> None:
        """Change a saved search and show its new state."""
        await query.answer()
        await asyncio.to_thread(change, search.saved_search_id, *values)
        changed = await asyncio.to_thread(self._saved.find, search.saved_search_id)
        await edit_pressed(request.message, self._card(changed or search, request.texts))

    def _card(self, search: SavedSearch, texts: Catalogue) -> OutgoingMessage:
        return saved_card(search, self._services.clock(), self._services.locale(texts))

    async def _list(self, request: Request) -> OutgoingMessage:
        searches = await asyncio.to_thread(self._saved.of_person, request.user_id)
        settings = await asyncio.to_thread(self._alert_settings.get, request.user_id)
        return saved_page(
            searches,
            settings,
            most=MOST,
            now=self._services.clock(),
            locale=self._services.locale(request.texts),
        )

    async def _quiet(self, request: Request) -> OutgoingMessage:
        settings = await asyncio.to_thread(self._alert_settings.get, request.user_id)
        locale = self._services.locale(request.texts)
        return quiet_page(settings, self._services.clock(), locale)

    async def _edit_digest(self, request: Request) -> None:
        settings = await asyncio.to_thread(self._alert_settings.get, request.user_id)
        compose = functools.partial(
            compose_digest,
            self._services.clock(),
            self._services,
            self._services.locale(request.texts),
            is_wanted=settings.digested_at is not None,
        )
        async with reporting_errors(request.message, request.texts):
            await edit_pressed(request.message, await self._services.run(compose))

    async def _can_write(self, pressed: SessionPress) -> bool:
        """Return whether the bot can write to the person privately; a group does not tell."""
        if pressed.message.chat.type == ChatType.PRIVATE:
            return True
        user_id = pressed.query.from_user.id
        try:
            await pressed.query.get_bot().send_chat_action(user_id, ChatAction.TYPING)
        except TelegramError as exc:
            _log.info("user %s cannot be written to: %s", user_id, exc)
            return False
        return True
