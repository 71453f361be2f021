"""Handlers of the tag list; pressing a tag searches for it."""

from __future__ import annotations

from bot.results.listing import answer_listing
from bot.results.tags_view import no_tags, tag_page
from bot.routing import Handler, Request, SessionPress, on_command, on_press, reporting_errors
from bot.services import Services
from bot.sessions import Listing, Session
from bot.transport.callback_data import Action
from bot.transport.delivery import edit_pressed, send

_TAGS_LISTED = 180


def handlers(services: Services) -> list[Handler]:
    """Return the handlers of this subject."""
    tags = _Tags(services)
    return [
        on_command("tags", tags.list),
        on_press(Action.TAG_PAGE, services, tags.turn_page),
        on_press(Action.TAG, services, tags.search),
    ]


async def answer_tags(request: Request, services: Services) -> None:
    """Send the most frequent tags, or those with a prefix."""
    async with reporting_errors(request.message, request.texts):
        prefix = request.words.removeprefix("#")
        found = await services.run(
            lambda: services.store.tag_counts(prefix=prefix, limit=_TAGS_LISTED)
        )
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
                tags=tuple(f"{count.tag} {count.posts}" for count in found),
            )
        )
        outgoing = tag_page(session.tags, 1, session=session.session_id, texts=request.texts)
        await send(request.message, outgoing)


class _Tags:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def list(self, request: Request) -> None:
        await answer_tags(request, self._services)

    async def turn_page(self, pressed: SessionPress) -> None:
        await pressed.query.answer()
        session = pressed.session
        number = pressed.press["page"]
        await edit_pressed(
            pressed.message,
            tag_page(session.tags, number, session=session.session_id, texts=pressed.texts),
        )

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
        await answer_listing(request, Listing.SEARCH, services=self._services, query=f"#{tag}")
