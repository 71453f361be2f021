"""The menu of commands that Telegram shows beside the input field."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeChat, BotCommandScopeDefault
from telegram.error import TelegramError

from bot.people import People
from i18n import ENGLISH, READ_RUSSIAN, RUSSIAN, Catalogue, texts_for

_log = logging.getLogger(__name__)

_MENUS: tuple[tuple[str, Catalogue], ...] = (
    ("", ENGLISH),
    *((code, RUSSIAN) for code in READ_RUSSIAN),
)
"""By Telegram's language code; `""` is the default."""


async def set_menu(bot: Bot) -> None:
    """Update the menu; failures are logged and never prevent the start."""
    for code, texts in _MENUS:
        await _set(texts.commands, code, BotCommandScopeDefault(), bot)


async def renew_owners_menus(owners: Iterable[int], people: People, bot: Bot) -> None:
    """Update the menus of owners who have written to the bot before."""
    for owner in sorted(owners):
        if await people.find(owner):
            await set_personal_menu(owner, bot, language=people.choice(owner), is_owner=True)


async def set_personal_menu(
    user_id: int, bot: Bot, *, language: str | None, is_owner: bool
) -> None:
    """Give a person the menu in their chosen language, with owner commands for owners."""
    for code, texts in _MENUS:
        spoken = texts_for(language) if language else texts
        commands = dict(spoken.commands) | (dict(spoken.owner_commands) if is_owner else {})
        await _set(commands, code, BotCommandScopeChat(user_id), bot)


async def _set(
    commands: Mapping[str, str], language: str, scope: BotCommandScope, bot: Bot
) -> None:
    wanted = tuple(BotCommand(name, says) for name, says in commands.items())
    try:
        if await bot.get_my_commands(scope=scope, language_code=language or None) != wanted:
            await bot.set_my_commands(wanted, scope=scope, language_code=language or None)
    except TelegramError as exc:
        _log.warning("The menu of commands could not be set: %s", exc)
