"""Restricts buttons and commands to owners."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from telegram import CallbackQuery
from telegram.constants import ChatType

from bot.routing import Request
from bot.services import Services
from bot.transport.callback_data import Press

PressHandler = Callable[[CallbackQuery, Request, Press], Awaitable[None]]
Command = Callable[[Request], Awaitable[None]]


def of_owner(services: Services, answer: PressHandler) -> PressHandler:
    """Restrict a button to owners, whoever knows its data."""

    async def callback(query: CallbackQuery, request: Request, pressed: Press) -> None:
        if request.user_id in services.config.owners:
            await answer(query, request, pressed)
        else:
            await query.answer(request.texts.access.owners_only, show_alert=True)

    return callback


def owners_command(services: Services, answer: Command) -> Command:
    """Restrict a command to owners, answered only in private chats."""

    async def callback(request: Request) -> None:
        if request.user_id not in services.config.owners:
            await request.message.reply_text(request.texts.unknown_command)
        elif request.message.chat.type == ChatType.PRIVATE:
            await answer(request)

    return callback
