"""Posts opened from a list, or at random: their text, their snippets, their files."""

from __future__ import annotations

import functools
from collections.abc import Callable

from telegram import CallbackQuery

from bot.delivery import send, send_file, turn
from bot.handlers.asking import (
    Asked,
    Handler,
    Pressed,
    on_command,
    on_free_press,
    on_press,
    telling,
)
from bot.presses import Action, Press
from bot.rendering.bubble import Bubble
from bot.rendering.card import Place, open_card, snippet_card, snippet_file, text_card
from bot.rendering.post_text import code_of
from bot.services import Services
from bot.sessions import Listing, Session
from bot.texts import Reader
from model.posts import ArchivedPost


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
        on_free_press(Action.OPEN_POST, cards.open_linked),
    ]


async def answer_random(asked: Asked, services: Services) -> None:
    """Send any one post."""
    async with telling(asked.message, asked.texts):
        archived = await services.run(functools.partial(_draw, services))
        if archived is None:
            await asked.message.reply_text(asked.texts.welcome_empty)
            return
        await _send_card(archived, asked, services)


async def answer_post(post_id: int, asked: Asked, services: Services) -> None:
    """Send a post that a link named."""
    async with telling(asked.message, asked.texts):
        found = await services.run(lambda: services.store.get([post_id]))
        if not found:
            await asked.message.reply_text(asked.texts.gone)
            return
        await _send_card(found[0], asked, services)


class _Cards:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def random(self, asked: Asked) -> None:
        await answer_random(asked, self._services)

    async def another(self, pressed: Pressed) -> None:
        await pressed.query.answer()
        async with telling(pressed.message, pressed.texts):
            archived = await self._services.run(functools.partial(_draw, self._services))
            if archived is not None:
                place = Place(session=pressed.session.session_id, page=0)
                reader = self._services.reader(pressed.texts)
                await turn(pressed.message, open_card(archived, place, reader))

    async def open_linked(self, query: CallbackQuery, asked: Asked, pressed: Press) -> None:
        await query.answer()
        await answer_post(pressed.numbers[0], asked, self._services)

    async def open(self, pressed: Pressed) -> None:
        await self._show(pressed, open_card)

    async def read(self, pressed: Pressed) -> None:
        part = max(pressed.press.numbers[2], 1)
        await self._show(
            pressed,
            lambda archived, place, reader: text_card(archived, part, place, reader),
        )

    async def snippet(self, pressed: Pressed) -> None:
        number = max(pressed.press.numbers[2], 1)

        def compose(archived: ArchivedPost, place: Place, reader: Reader) -> Bubble:
            # An edit of the post may have taken its code away since the button was made.
            if not code_of(archived.post):
                return text_card(archived, 1, place, reader)
            return snippet_card(archived, number, place, reader)

        await self._show(pressed, compose)

    async def file(self, pressed: Pressed) -> None:
        post_id, number = pressed.press.numbers
        async with telling(pressed.message, pressed.texts):
            archived = await self._find(post_id)
            if archived is None or not 1 <= number <= len(code_of(archived.post)):
                await pressed.query.answer(pressed.texts.gone, show_alert=True)
                return
            await pressed.query.answer()
            reader = self._services.reader(pressed.texts)
            await send_file(pressed.message, snippet_file(archived, number, reader))

    async def _show(
        self, pressed: Pressed, compose: Callable[[ArchivedPost, Place, Reader], Bubble]
    ) -> None:
        page, post_id, *_ = pressed.press.numbers
        async with telling(pressed.message, pressed.texts):
            archived = await self._find(post_id)
            if archived is None:
                await pressed.query.answer(pressed.texts.gone, show_alert=True)
                return
            await pressed.query.answer()
            place = Place(session=pressed.session.session_id, page=page)
            reader = self._services.reader(pressed.texts)
            await turn(pressed.message, compose(archived, place, reader))

    async def _find(self, post_id: int) -> ArchivedPost | None:
        found = await self._services.run(lambda: self._services.store.get([post_id]))
        return found[0] if found else None


async def _send_card(archived: ArchivedPost, asked: Asked, services: Services) -> None:
    session = await services.open_session(
        Session(
            session_id="",
            user_id=asked.user_id,
            chat_id=asked.message.chat_id,
            listing=Listing.RANDOM,
        )
    )
    place = Place(session=session.session_id, page=0)
    await send(asked.message, open_card(archived, place, services.reader(asked.texts)))


def _draw(services: Services) -> ArchivedPost | None:
    posts = services.store.stats().posts
    if not posts:
        return None
    found = services.store.newest(limit=1, offset=services.random.randrange(posts))
    return found[0] if found else None
