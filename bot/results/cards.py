"""Handlers of opened posts: their text, snippets and files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import CallbackQuery, Message

from bot.message.compose import clean
from bot.message.message import OutgoingMessage
from bot.results.card_view import CardContext, open_card, snippet_card, snippet_file, text_card
from bot.results.channels import channel_filters, channel_names, choose_channel, name_of
from bot.results.facts import title_without_words
from bot.results.page import compose_page
from bot.results.photos import PhotoTrouble, find_photos, show_photos
from bot.results.post_text import code_of
from bot.results.thread_buttons import ThreadButtons
from bot.results.versions_view import version_card
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
from bot.sessions import CardPlace, Listing, Session
from bot.transport.callback_data import Action, Press
from bot.transport.deep_links import ShareLinks
from bot.transport.delivery import edit_pressed, send, send_file
from i18n import Catalogue, Locale
from model.posts import ArchivedPost
from model.text import shorten

if TYPE_CHECKING:
    from db import PostStore, PostVersion

_TITLE_LENGTH = 100


def handlers(services: Services) -> list[Handler]:
    """Return the handlers of this subject."""
    cards = _Cards(services)
    return [
        on_command("random", cards.random),
        on_press(Action.RANDOM, services, cards.another),
        on_press(Action.OPEN, services, cards.open),
        on_press(Action.READ, services, cards.read),
        on_press(Action.SNIPPET, services, cards.snippet),
        on_press(Action.FILE, services, cards.file),
        on_press(Action.SIMILAR, services, cards.similar),
        on_press(Action.ANSWERS, services, cards.answers),
        on_press(Action.ALBUM, services, cards.album),
        on_press(Action.VERSION, services, cards.version),
        on_free_press(Action.OPEN_POST, cards.open_linked),
        on_free_press(Action.RANDOM_OF, cards.random_of),
    ]


async def answer_random(request: Request, services: Services) -> None:
    """Send a random post, of the channel that is named."""
    async with reporting_errors(request.message, request.texts):
        channel = await choose_channel(request, Action.RANDOM_OF, services=services)
        if channel is not None:
            await _send_random(channel, request, services)


async def _send_random(channel: int, request: Request, services: Services) -> None:
    filters = channel_filters(channel)
    opened = await services.run(lambda: _draw(filters, services))
    if opened is None:
        await request.message.reply_text(request.texts.welcome_empty)
    else:
        await _send_card(opened, request, services, filters=filters)


async def answer_post(post_id: int, request: Request, services: Services) -> None:
    """Send the post named by a link."""
    async with reporting_errors(request.message, request.texts):
        opened = await services.run(lambda: _open(post_id, services))
        if opened is None:
            await request.message.reply_text(request.texts.gone)
            return
        await _send_card(opened, request, services)


async def answer_similar(archived: ArchivedPost, request: Request, services: Services) -> None:
    """Send the posts similar to a post, if there are any."""
    async with reporting_errors(request.message, request.texts):
        if not await services.run(lambda: services.searcher.similar(archived.post_id, limit=1)):
            return
        session = Session(
            session_id="",
            user_id=request.user_id,
            chat_id=request.message.chat_id,
            listing=Listing.RANDOM,
        )
        card = await services.open_session(session)
        session = _list_from(card, archived, Listing.SIMILAR, page=0, texts=request.texts)
        session = await services.open_session(session)
        outgoing = await compose_page(session, 1, services=services, texts=request.texts)
        await send(request.message, outgoing)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A post with what its card shows; `channel` is its channel if there are several."""

    archived: ArchivedPost
    around: ThreadButtons
    versions: Sequence[PostVersion]
    repeats: Sequence[ArchivedPost]
    channel: str
    photo_trouble: PhotoTrouble | None


_Compose = Callable[[ArchivedPost, CardContext, Locale], OutgoingMessage]


class _Cards:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def random(self, request: Request) -> None:
        await answer_random(request, self._services)

    async def another(self, pressed: SessionPress) -> None:
        await pressed.query.answer()
        async with reporting_errors(pressed.message, pressed.texts):
            filters = pressed.session.filters
            opened = await self._services.run(lambda: _draw(filters, self._services))
            if opened is not None:
                await self._put(opened, pressed, page=0, compose=open_card)

    async def random_of(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        await query.answer()
        async with reporting_errors(request.message, request.texts):
            await _send_random(pressed["channel"], request, self._services)

    async def open_linked(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        await query.answer()
        await answer_post(pressed["post"], request, self._services)

    async def open(self, pressed: SessionPress) -> None:
        await self._show(pressed, open_card)

    async def read(self, pressed: SessionPress) -> None:
        part = max(pressed.press["part"], 1)
        await self._show(
            pressed,
            lambda archived, place, locale: text_card(archived, part, place, locale),
        )

    async def snippet(self, pressed: SessionPress) -> None:
        number = max(pressed.press["snippet"], 1)

        def compose(archived: ArchivedPost, place: CardContext, locale: Locale) -> OutgoingMessage:
            # An edit may have removed the post's code since the button was made.
            if not code_of(archived.post):
                return text_card(archived, 1, place, locale)
            return snippet_card(archived, number, place, locale)

        await self._show(pressed, compose)

    async def file(self, pressed: SessionPress) -> None:
        post_id, number = pressed.press["post"], pressed.press["snippet"]
        async with reporting_errors(pressed.message, pressed.texts):
            opened = await self._find(post_id)
            if opened is None or not 1 <= number <= len(code_of(opened.archived.post)):
                await pressed.query.answer(pressed.texts.gone, show_alert=True)
                return
            await pressed.query.answer()
            locale = self._services.locale(pressed.texts)
            await send_file(pressed.message, snippet_file(opened.archived, number, locale))

    async def similar(self, pressed: SessionPress) -> None:
        """Turn a card into a list of similar posts."""
        await self._list(pressed, Listing.SIMILAR)

    async def answers(self, pressed: SessionPress) -> None:
        """Turn a card into a list of the answers to its post."""
        await self._list(pressed, Listing.ANSWERS)

    async def album(self, pressed: SessionPress) -> None:
        """Turn a card into a list of the posts of its album."""
        await self._list(pressed, Listing.ALBUM)

    async def _list(self, pressed: SessionPress, listing: Listing) -> None:
        """Turn a card into a list that its post leads to, with a way back."""
        services, texts = self._services, pressed.texts
        page, post_id = pressed.press["page"], pressed.press["post"]
        async with reporting_errors(pressed.message, texts):
            opened = await self._find(post_id)
            if opened is None:
                await pressed.query.answer(texts.gone, show_alert=True)
                return
            if listing is Listing.SIMILAR and not await services.run(
                lambda: services.searcher.similar(post_id, limit=1)
            ):
                await pressed.query.answer(texts.cards.nothing_similar, show_alert=True)
                return
            await pressed.query.answer()
            session = await services.open_session(
                _list_from(pressed.session, opened.archived, listing, page=page, texts=texts)
            )
            await edit_pressed(
                pressed.message, await compose_page(session, 1, services=services, texts=texts)
            )

    async def version(self, pressed: SessionPress) -> None:
        """Show an earlier text of a post."""
        press = pressed.press
        async with reporting_errors(pressed.message, pressed.texts):
            opened = await self._find(press["post"])
            if opened is None or not opened.versions:
                await pressed.query.answer(pressed.texts.gone, show_alert=True)
                return
            await pressed.query.answer()
            outgoing = version_card(
                opened.archived,
                opened.versions,
                number=press["version"],
                part=press["part"],
                place=CardContext(session=press.session, page=press["page"]),
                locale=self._services.locale(pressed.texts),
            )
            await edit_pressed(pressed.message, outgoing)

    async def _show(
        self,
        pressed: SessionPress,
        compose: _Compose,
    ) -> None:
        page, post_id = pressed.press["page"], pressed.press["post"]
        async with reporting_errors(pressed.message, pressed.texts):
            opened = await self._find(post_id)
            if opened is None:
                await pressed.query.answer(pressed.texts.gone, show_alert=True)
                return
            await pressed.query.answer()
            await self._put(opened, pressed, page=page, compose=compose)

    async def _put(
        self,
        opened: _Opened,
        pressed: SessionPress,
        *,
        page: int,
        compose: _Compose,
    ) -> None:
        """Put a card in the place of the message whose button was pressed."""
        place = _place(opened, pressed.message, session=pressed.session, page=page)
        locale = self._services.locale(pressed.texts)
        await edit_pressed(pressed.message, compose(opened.archived, place, locale))
        await show_photos(
            pressed.message,
            pressed.session,
            opened.archived,
            services=self._services,
            texts=pressed.texts,
        )

    async def _find(self, post_id: int) -> _Opened | None:
        return await self._services.run(lambda: _open(post_id, self._services))


async def _send_card(
    opened: _Opened, request: Request, services: Services, *, filters: tuple[str, ...] = ()
) -> None:
    session = await services.open_session(
        Session(
            session_id="",
            user_id=request.user_id,
            chat_id=request.message.chat_id,
            listing=Listing.RANDOM,
            filters=filters,
        )
    )
    place = _place(opened, request.message, session=session, page=0)
    await send(request.message, open_card(opened.archived, place, services.locale(request.texts)))
    await show_photos(
        request.message, session, opened.archived, services=services, texts=request.texts
    )


def _list_from(
    card: Session, archived: ArchivedPost, listing: Listing, *, page: int, texts: Catalogue
) -> Session:
    """Return a new session for a list that leads back to a card."""
    title = shorten(clean(archived.post.title).text, _TITLE_LENGTH)
    return Session(
        session_id="",
        user_id=card.user_id,
        chat_id=card.chat_id,
        listing=listing,
        query=title or title_without_words(archived.post, texts),
        origin=CardPlace(post_id=archived.post_id, session_id=card.session_id, page=page),
    )


def _place(opened: _Opened, message: Message, *, session: Session, page: int) -> CardContext:
    bot = message.get_bot()
    return CardContext(
        session=session.session_id,
        page=page,
        sharing=ShareLinks(bot_name=bot.username, has_inline=bot.supports_inline_queries),
        versions=len(opened.versions),
        around=opened.around,
        repeats=opened.repeats,
        channel=opened.channel,
        photo_trouble=opened.photo_trouble,
    )


def _open(post_id: int, services: Services) -> _Opened | None:
    found = services.store.get([post_id])
    if not found:
        return None
    return _Opened(
        archived=found[0],
        around=_around(found[0], services.store),
        versions=services.store.versions(post_id),
        repeats=services.searcher.repeats(found[0]),
        channel=name_of(found[0], channel_names(services)),
        photo_trouble=find_photos(found[0], services).trouble,
    )


def _around(archived: ArchivedPost, store: PostStore) -> ThreadButtons:
    thread = store.thread(archived)
    lead = [*thread.answers[:1], *filter(None, [thread.next])]
    coded = frozenset(other.post_id for other in store.get(lead) if code_of(other.post))
    return ThreadButtons(thread=thread, coded=coded)


def _draw(filters: Sequence[str], services: Services) -> _Opened | None:
    """Draw one of the posts that filters leave."""
    posts = (
        services.searcher.search("", limit=0, within=filters).total
        if filters
        else services.store.count_messages()
    )
    if not posts:
        return None
    place = services.random.randrange(posts)
    if filters:
        hits = services.searcher.search("", limit=1, offset=place, within=filters).hits
        found: Sequence[ArchivedPost] = [hit.archived for hit in hits]
    else:
        found = services.store.newest(limit=1, offset=place)
    return _open(found[0].post_id, services) if found else None
