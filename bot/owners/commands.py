"""Restricts buttons and commands to owners."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from telegram import CallbackQuery
from telegram.constants import ChatType

from bot.routing import Asked
from bot.services import Services
from bot.transport.callback_data import Press

Answer = Callable[[CallbackQuery, Asked, Press], Awaitable[None]]
Command = Callable[[Asked], Awaitable[None]]


def of_owner(services: Services, answer: Answer) -> Answer:
    """Restrict a button to owners, whoever knows its data."""

    async def callback(query: CallbackQuery, asked: Asked, pressed: Press) -> None:
        if asked.user_id in services.config.owners:
            await answer(query, asked, pressed)
        else:
            await query.answer(asked.texts.access.owners_only, show_alert=True)

    return callback


def owners_command(services: Services, answer: Command) -> Command:
    """Restrict a command to owners, answered only in private chats."""

    async def callback(asked: Asked) -> None:
        if asked.user_id not in services.config.owners:
            await asked.message.reply_text(asked.texts.unknown_command)
        elif asked.message.chat.type == ChatType.PRIVATE:
            await answer(asked)

    return callback
