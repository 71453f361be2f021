"""What the bot is told from outside: token, owners, server, limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from enum import StrEnum


class Access(StrEnum):
    """Who may use the bot beside its owners and those whom they let in."""

    OWNERS = "owners"
    MEMBERS = "members"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class BotConfig:
    """The bot's settings.

    `api_base_url` is the address of a Bot API server without `/bot`; `None` means Telegram's own.
    `members_of` is the channel whose members `Access.MEMBERS` lets in: a chat's id or `@username`.
    `burst` is how much a person may ask at once before it is one a second; 0 sets no limit.
    `zone` is the time zone in which dates are shown; `None` means that of this machine.
    """

    token: str = field(repr=False)
    owners: frozenset[int]
    access: Access = Access.OWNERS
    members_of: int | str | None = None
    burst: int = 0
    api_base_url: str | None = None
    zone: tzinfo | None = None
    search_deadline: timedelta = timedelta(seconds=5)
    sessions_kept: timedelta = timedelta(days=30)
    poll_timeout: timedelta = timedelta(seconds=30)
