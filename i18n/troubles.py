"""Texts on the bot's own failures, sent to its owners: the fields, and both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TroubleTexts:
    """Each is filled in with {reason} by `str.format`."""

    closed: str
    """Nobody is answered, because access cannot be checked."""
    no_members: str
    """Telegram does not say who is a member of the channel."""
    unwritten: str
    """The bot works but cannot store anything."""
    unreadable: str
    """The archive or the bot's own file is damaged, replaced or gone."""
    unstored: str
    """To a person whose request would have to be stored; without a reason."""


RUSSIAN_TROUBLES = TroubleTexts(
    closed="🚪 Не могу проверить доступ и потому не отвечаю: {reason}",
    no_members="🚪 Не могу узнать, кто состоит в канале, и отвечаю только тем, кому открыли "
    "доступ владельцы: {reason}",
    unwritten="💾 Поиск работает, но ничего нового не сохраняется, и кнопки под ответами "
    "проживут до перезапуска бота: {reason}",
    unreadable="🗄 Не могу пользоваться своими файлами: {reason}",
    unstored="💾 Сейчас это нельзя сохранить. Попробуйте позже.",
)

ENGLISH_TROUBLES = TroubleTexts(
    closed="🚪 I cannot check who has access, so I answer nobody: {reason}",
    no_members="🚪 I cannot find out who is a member of the channel, so I answer only people "
    "approved by an owner: {reason}",
    unwritten="💾 Search works, but nothing new is stored, and buttons under answers last until "
    "the bot restarts: {reason}",
    unreadable="🗄 I cannot use my files: {reason}",
    unstored="💾 This cannot be stored right now. Try again later.",
)
