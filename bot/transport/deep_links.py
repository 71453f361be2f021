"""Links into the bot: what stands behind `?start=`, and how a post is handed on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

ACCESS = "access"
"""Asks for access."""

_POST = re.compile(r"p_(\d{1,16})", re.ASCII)


def read_words(text: str) -> str:
    """Return what stands behind a command, or `""`."""
    return " ".join(text.split(maxsplit=1)[1:])


def read_target(words: str) -> int:
    """Return the post that `p_<post>` names, 0 where it names none."""
    match = _POST.fullmatch(words)
    return int(match[1]) if match else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """How posts are handed on: by the bot's name in another chat, where its inline mode is on."""

    bot_name: str
    has_inline: bool

    def query(self, post_id: int) -> str:
        """Return the inline query that finds one post, or `""`."""
        return f"p_{post_id}" if self.has_inline else ""

    def url(self, post_id: int, public: str | None) -> str:
        """Return where Telegram asks for a chat to send a post's address to."""
        address = public or f"https://t.me/{self.bot_name}?start=p_{post_id}"
        return f"https://t.me/share/url?url={quote(address, safe='')}"
