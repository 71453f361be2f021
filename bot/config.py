"""What the bot is told from outside: token, owners, server, limits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from enum import StrEnum

UPLOAD_LIMIT = 20 << 20
"""Telegram gives bots no bigger files; a Bot API server of one's own does."""


class Access(StrEnum):
    """Who may use the bot beside its owners and those whom they let in."""

    OWNERS = "owners"
    MEMBERS = "members"
    PUBLIC = "public"


class CopyMedia(StrEnum):
    """Which files of live posts are fetched and kept."""

    NO = "no"
    PHOTOS = "photos"
    ALL = "all"


ALLOWED_UPDATES = (
    "message",
    "callback_query",
    "inline_query",
    "channel_post",
    "edited_channel_post",
    "my_chat_member",
)
"""The kinds of updates that the bot asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """How Telegram is to bring updates.

    `url` is what Telegram sees, without the secret path; the bot listens at `host` and `port`, to
    which a proxy hands on. `secret` is for Telegram and the bot alone.
    """

    url: str
    secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8080

    @property
    def path(self) -> str:
        """Return the end of the address, which nobody can guess."""
        return f"/{hashlib.sha256(b'path of ' + self.secret.encode()).hexdigest()[:32]}"

    @property
    def address(self) -> str:
        """Return the whole address that Telegram is told."""
        return self.url.rstrip("/") + self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class BotConfig:
    """The bot's settings.

    `api_base_url` is the address of a Bot API server without `/bot`; `None` means Telegram's own.
    `members_of` is the channel whose members `Access.MEMBERS` lets in: a chat's id or `@username`.
    `burst` is how much a person may ask at once before it is one a second; 0 sets no limit.
    With a `webhook` Telegram brings the updates; without one the bot asks for them.
    `upload_limit` is how many bytes a file may have that an owner sends.
    `zone` is the time zone in which dates are shown; `None` means that of this machine.
    """

    token: str = field(repr=False)
    owners: frozenset[int]
    access: Access = Access.OWNERS
    members_of: int | str | None = None
    burst: int = 0
    api_base_url: str | None = None
    zone: tzinfo | None = None
    webhook: Webhook | None = None
    copy_media: CopyMedia = CopyMedia.NO
    upload_limit: int = UPLOAD_LIMIT
    search_deadline: timedelta = timedelta(seconds=5)
    sessions_kept: timedelta = timedelta(days=30)
    poll_timeout: timedelta = timedelta(seconds=30)
