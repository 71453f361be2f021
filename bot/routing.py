"""Routes commands and buttons to handlers."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from telegram import CallbackQuery, Message, Update
from telegram.constants import MessageEntityType
from telegram.error import BadRequest
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, ContextTypes, filters

from bot.memory_fallback import WRITE_ERRORS
from bot.message.message import Button
from bot.people import texts_of
from bot.services import Services
from bot.sessions import CODE_MARK, SEARCH_MARK, Listing, Session
from bot.transport.callback_data import Action, Press, parse_press, press
from bot.transport.deep_links import read_words
from bot.transport.delivery import keyboard
from i18n import Catalogue
from model.errors import IndexUnavailable

_log = logging.getLogger(__name__)
_MARKS = {SEARCH_MARK: Listing.SEARCH, CODE_MARK: Listing.CODE}

Context = ContextTypes.DEFAULT_TYPE
Handler = BaseHandler[Update, Context, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A message to be answered; `words` is the text after the command."""

    message: Message
    user_id: int
    words: str
    texts: Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPress:
    """A pressed button of the person's own, with its session."""

    query: CallbackQuery
    message: Message
    press: Press
    session: Session
    texts: Catalogue


def on_command(
    name: str, answer: Callable[[Request], Awaitable[None]]
) -> CommandHandler[Context, None]:
    """Handle a command."""

    async def callback(update: Update, context: Context) -> None:
        message = update.message
        assert message
        await answer(read_message(message, read_words(message.text or ""), context))

    return CommandHandler(name, callback, filters=filters.UpdateType.MESSAGE)


def on_press(
    action: Action, services: Services, answer: Callable[[SessionPress], Awaitable[None]]
) -> CallbackQueryHandler[Context, None]:
    """Handle a button after checking that its session exists and belongs to the person."""

    async def callback(update: Update, context: Context) -> None:
        query = update.callback_query
        assert query
        texts = texts_of(query.from_user, context)
        pressed = parse_press(query.data or "")
        assert pressed
        session = await services.find_session(pressed.session)
        message = query.message
        if not isinstance(message, Message):
            # The button is in a message sent via inline mode, in another chat.
            await query.answer(texts.outdated, show_alert=True)
        elif session is None:
            await query.answer(texts.expired, show_alert=True)
            await _offer_again(message, texts)
        elif session.user_id != query.from_user.id:
            await query.answer(texts.not_yours, show_alert=True)
        else:
            await answer(
                SessionPress(
                    query=query, message=message, press=pressed, session=session, texts=texts
                )
            )

    return CallbackQueryHandler(callback, pattern=_is_press(action))


def on_free_press(
    action: Action, answer: Callable[[CallbackQuery, Request, Press], Awaitable[None]]
) -> CallbackQueryHandler[Context, None]:
    """Handle a button without a session."""

    async def callback(update: Update, context: Context) -> None:
        query = update.callback_query
        assert query
        pressed = parse_press(query.data or "")
        assert pressed
        texts = texts_of(query.from_user, context)
        if not isinstance(query.message, Message):
            await query.answer(texts.outdated, show_alert=True)
            return
        user_id = query.from_user.id
        request = Request(message=query.message, user_id=user_id, words="", texts=texts)
        await answer(query, request, pressed)

    return CallbackQueryHandler(callback, pattern=_is_press(action))


def read_message(message: Message, words: str, context: Context) -> Request:
    """Return the message with its author and the language to answer in."""
    user = message.from_user
    assert user
    return Request(message=message, user_id=user.id, words=words, texts=texts_of(user, context))


@asynccontextmanager
async def reporting_errors(message: Message, texts: Catalogue) -> AsyncIterator[None]:
    """Tell the person if a search takes too long or the index cannot be read.

    An unreadable archive is also reported to the owners.
    """
    try:
        yield
    except TimeoutError:
        _log.warning("a search took longer than its deadline")
        words = texts.too_slow
    except (IndexUnavailable, *WRITE_ERRORS) as exc:
        _log.error("the archive or its index cannot be read: %s", exc)
        words = texts.unavailable
    else:
        return
    await message.reply_text(words)


def query_in_heading(message: Message) -> tuple[Listing, str] | None:
    """Read the query of an old message from its heading."""
    listing = _MARKS.get((message.text or "")[:1])
    found = message.parse_entities([MessageEntityType.BOLD]).values()
    query = next(iter(found), "")
    return (listing, query) if listing and query else None


async def _offer_again(message: Message, texts: Catalogue) -> None:
    """Leave only the "search again" button under an expired message, if that can work."""
    again = Button(label=texts.button_again, data=press(Action.AGAIN))
    rows = ((again,),) if query_in_heading(message) else ()
    with suppress(BadRequest):  # Telegram does not allow edits of very old messages
        await message.edit_reply_markup(keyboard(rows))


def _is_press(action: Action) -> Callable[[object], bool]:
    def is_press(data: object) -> bool:
        pressed = parse_press(data) if isinstance(data, str) else None
        return pressed is not None and pressed.action is action

    return is_press
