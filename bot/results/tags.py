"""Handlers of the tag list; pressing a tag searches for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from telegram import CallbackQuery

from bot.results.channels import (
    ALL,
    channel_filters,
    channel_names,
    choose_channel,
    find_named,
)
from bot.results.listing import answer_listing
from bot.results.tags_view import no_tags, tag_page
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

if TYPE_CHECKING:
    from db import TagCount

_TAGS_LISTED = 180


def handlers(services: Services) -> list[Handler]:
    """Return the handlers of this subject."""
    tags = _Tags(services)
    return [
        on_command("tags", tags.list),
        on_press(Action.TAG_PAGE, services, tags.turn_page),
        on_press(Action.TAG, services, tags.search),
        on_free_press(Action.TAGS, tags.of_channel),
    ]


async def answer_tags(request: Request, services: Services) -> None:
    """Send the most frequent tags, those with a prefix, or those of a channel."""
    async with reporting_errors(request.message, request.texts):
        prefix = request.words.removeprefix("#")
        found = await _find(prefix, ALL, services)
        channel: int | None = ALL
        if not found and prefix and not request.words.startswith("#"):
            names = await services.run(lambda: channel_names(services))
            if await services.run(lambda: find_named(prefix, names, services=services)):
                channel = await choose_channel(request, Action.TAGS, services=services)
                prefix = ""
        if channel is None:
            return
        if channel != ALL:
            found = await _find(prefix, channel, services)
        await _send_tags(prefix, found, channel, request, services)


async def _find(prefix: str, channel: int, services: Services) -> Sequence[TagCount]:
    return await services.run(
        lambda: services.store.tag_counts(
            prefix=prefix, channel_id=channel or None, limit=_TAGS_LISTED
        )
    )


async def _send_tags(
    prefix: str,
    found: Sequence[TagCount],
    channel: int,
    request: Request,
    services: Services,
) -> None:
    if not found:
        await send(request.message, no_tags(prefix, request.texts))
        return
    session = await services.open_session(
        Session(
            session_id="",
            user_id=request.user_id,
            chat_id=request.message.chat_id,
            listing=Listing.TAGS,
            query=prefix,
            filters=channel_filters(channel),
            tags=tuple(f"{count.tag} {count.posts}" for count in found),
        )
    )
    names = await services.run(lambda: channel_names(services))
    await send(request.message, tag_page(session, 1, channels=names, texts=request.texts))


class _Tags:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def list(self, request: Request) -> None:
        await answer_tags(request, self._services)

    async def turn_page(self, pressed: SessionPress) -> None:
        await pressed.query.answer()
        async with reporting_errors(pressed.message, pressed.texts):
            names = await self._services.run(lambda: channel_names(self._services))
            number = pressed.press["page"]
            page = tag_page(pressed.session, number, channels=names, texts=pressed.texts)
            await edit_pressed(pressed.message, page)

    async def of_channel(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        """Send the tags of a channel, or of all."""
        await query.answer()
        async with reporting_errors(request.message, request.texts):
            channel = pressed["channel"]
            found = await _find("", channel, self._services)
            await _send_tags("", found, channel, request, self._services)

    async def search(self, pressed: SessionPress) -> None:
        place = pressed.press["place"]
        if place >= len(pressed.session.tags):
            await pressed.query.answer(pressed.texts.outdated, show_alert=True)
            return
        await pressed.query.answer()
        tag = pressed.session.tags[place].rpartition(" ")[0]
        request = Request(
            message=pressed.message,
            user_id=pressed.session.user_id,
            words="",
            texts=pressed.texts,
        )
        await answer_listing(
            request,
            Listing.SEARCH,
            services=self._services,
            query=f"#{tag}",
            filters=pressed.session.filters,
        )
