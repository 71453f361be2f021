"""Links into the bot: the parameter of `?start=`, and sharing of posts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

ACCESS = "access"
"""Asks for access."""

_POST = re.compile(r"p_(\d{1,16})", re.ASCII)


def read_words(text: str) -> str:
    """Return the text after a command, or `""`."""
    return " ".join(text.split(maxsplit=1)[1:])


def read_target(words: str) -> int:
    """Return the post named by `p_<post>`, 0 if none."""
    match = _POST.fullmatch(words)
    return int(match[1]) if match else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLinks:
    """How posts are shared: through inline mode in another chat, if that is on."""

    bot_name: str
    has_inline: bool

    def query(self, post_id: int) -> str:
        """Return the inline query that finds one post, or `""`."""
        return f"p_{post_id}" if self.has_inline else ""

    def url(self, post_id: int, public: str | None) -> str:
        """Return the address of Telegram's dialog for sharing a post's link."""
        address = public or f"https://t.me/{self.bot_name}?start=p_{post_id}"
        return f"https://t.me/share/url?url={quote(address, safe='')}"
