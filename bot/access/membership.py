"""Channel membership as reported by Telegram, cached for minutes."""

from __future__ import annotations

from collections.abc import Callable

from telegram import Bot, ChatMember, ChatMemberRestricted
from telegram.constants import ChatMemberStatus

_MEMBER_KEPT = 600.0
_STRANGER_KEPT = 60.0
"""Seconds. Shorter, so that new members need not wait."""

_INSIDE = {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.MEMBER}


class MembershipUnknown(Exception):
    """Telegram does not say who is a member, or its answer cannot be parsed."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class Membership:
    """Asks Telegram for members of one channel, of which the bot must be an administrator."""

    def __init__(self, channel: int | str, *, timer: Callable[[], float]) -> None:
        self._channel = channel
        self._timer = timer
        self._known: dict[int, tuple[bool, float]] = {}

    async def includes(self, user_id: int, bot: Bot) -> bool:
        """Return whether a person is a member.

        Raises:
            MembershipUnknown: The request failed; for a minute they count as a stranger.
        """
        now = self._timer()
        self._known = {user: known for user, known in self._known.items() if now < known[1]}
        if user_id not in self._known:
            is_member = False
            try:
                is_member = _is_inside(await bot.get_chat_member(self._channel, user_id))
            except Exception as exc:
                # The library raises all kinds of errors on answers of older or newer servers.
                raise MembershipUnknown(exc) from exc
            finally:
                kept = _MEMBER_KEPT if is_member else _STRANGER_KEPT
                self._known[user_id] = is_member, now + kept
        return self._known[user_id][0]


def _is_inside(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status in _INSIDE
