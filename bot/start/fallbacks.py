"""Answers what no other handler does: unknown commands, messages and buttons."""

from __future__ import annotations

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from bot.people import texts_of
from bot.routing import Context, Handler
from bot.services import Services

_PRIVATE = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE


def first_handlers() -> list[Handler]:
    """Return the handler for buttons without data; it must come before all others.

    The library does not match such presses against patterns, so any button handler would take them.
    """
    return [CallbackQueryHandler(_unknown_press, pattern=lambda _data: False)]


def handlers(_services: Services) -> list[Handler]:
    """Return the handlers of this subject; they must come last."""
    return [
        MessageHandler(_PRIVATE & filters.COMMAND, _unknown_command),
        MessageHandler(_PRIVATE & ~filters.StatusUpdate.ALL, _no_words),
        CallbackQueryHandler(_unknown_press),
    ]


async def _unknown_command(update: Update, context: Context) -> None:
    message = update.message
    assert message
    assert message.from_user
    await message.reply_text(texts_of(message.from_user, context).unknown_command)


async def _no_words(update: Update, context: Context) -> None:
    message = update.message
    assert message
    assert message.from_user
    await message.reply_text(texts_of(message.from_user, context).ask_text)


async def _unknown_press(update: Update, context: Context) -> None:
    query = update.callback_query
    assert query
    await query.answer(texts_of(query.from_user, context).outdated, show_alert=True)
