"""The bot's configuration: token, owners, server, limits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta, tzinfo
from enum import StrEnum

UPLOAD_LIMIT = 20 << 20
"""Telegram's limit for files sent to bots; one's own Bot API server allows more."""


class Access(StrEnum):
    """Who may use the bot besides owners and the people they approved."""

    OWNERS = "owners"
    MEMBERS = "members"
    PUBLIC = "public"


class CopyMedia(StrEnum):
    """Which files of live posts are downloaded and kept."""

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
"""The kinds of updates that the bot requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """How Telegram delivers updates.

    `url` is the public address without the secret path; the proxy forwards to `host` and `port`.
    `secret` is known only to Telegram and the bot.
    """

    url: str
    secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8080

    @property
    def path(self) -> str:
        """Return the secret end of the address."""
        return f"/{hashlib.sha256(b'path of ' + self.secret.encode()).hexdigest()[:32]}"

    @property
    def address(self) -> str:
        """Return the full address given to Telegram."""
        return self.url.rstrip("/") + self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class BotConfig:
    """The bot's settings.

    `api_base_url` is the address of a Bot API server without `/bot`; `None` means Telegram's own.
    `members_of` is the channel for `Access.MEMBERS`: a chat id or `@username`. `burst` is how many
    actions a person may take at once before being limited to one a second; 0 disables the limit.
    `fetch` are the usernames of public channels to fetch `fetch_every` so often,
    `watch` is a folder to look for exports in `watch_every` so often.
    With a `webhook` Telegram delivers updates; without one the bot polls. `upload_limit` is the
    maximum size in bytes of a file sent by an owner. `zone` is the time zone of displayed dates;
    `None` means this machine's.
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
    fetch: tuple[str, ...] = ()
    fetch_every: timedelta = timedelta(hours=6)
    watch: str | None = None
    watch_every: timedelta = timedelta(seconds=30)
    upload_limit: int = UPLOAD_LIMIT
    search_deadline: timedelta = timedelta(seconds=5)
    sessions_kept: timedelta = timedelta(days=30)
    poll_timeout: timedelta = timedelta(seconds=30)
