"""Whether a person is a member of the channel, as Telegram says it; remembered for minutes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from telegram import Bot, ChatMember, ChatMemberRestricted
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

_log = logging.getLogger(__name__)

_MEMBER_KEPT = timedelta(minutes=10)
_STRANGER_KEPT = timedelta(minutes=1)
"""Shorter: whoever has just joined should not wait."""

_INSIDE = {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.MEMBER}


class Membership:
    """Asks Telegram who is a member of one channel; the bot must be its administrator."""

    def __init__(self, channel: int | str, *, clock: Callable[[], datetime]) -> None:
        self._channel = channel
        self._clock = clock
        self._known: dict[int, tuple[bool, datetime]] = {}

    async def has(self, user_id: int, bot: Bot) -> bool:
        """Tell whether a person is a member; where Telegram does not say, they are none."""
        now = self._clock()
        self._known = {user: known for user, known in self._known.items() if now < known[1]}
        if user_id not in self._known:
            is_member = await self._ask(user_id, bot)
            kept = _MEMBER_KEPT if is_member else _STRANGER_KEPT
            self._known[user_id] = is_member, now + kept
        return self._known[user_id][0]

    async def _ask(self, user_id: int, bot: Bot) -> bool:
        try:
            return _is_inside(await bot.get_chat_member(self._channel, user_id))
        except TelegramError as exc:
            _log.warning("it cannot be learned who is a member of %s: %s", self._channel, exc)
            return False


def _is_inside(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status in _INSIDE
