"""Extracts the addresses in a text."""

from __future__ import annotations

import re

from model.posts import Link, LinkKind
from model.rich_text import RichText, Span, SpanKind

# A tuple of few kinds is searched by identity; a set would hash first.
_ADDRESSED = (SpanKind.URL, SpanKind.TEXT_LINK, SpanKind.MENTION, SpanKind.EMAIL)
_TELEGRAM_HOSTS = frozenset({"t.me", "telegram.me", "telegram.dog"})
_OPENS = re.compile(r"(?:https?|tg)://", re.IGNORECASE)
_INVITE = re.compile(r"://[^/]+/(?:\+|joinchat/)[\w-]")
_NAME = re.compile(r"https?://(?:t\.me|telegram\.(?:me|dog))/(\w+)/?", re.IGNORECASE)
# Host names as authors type them; `urlsplit` is stricter, raises, and takes ten times as long.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)")


def read_links(content: RichText) -> tuple[Link, ...]:
    """Return the links of a text in order: addresses, link texts, mentions, mail addresses."""
    return tuple(
        _read_link(span, content.text_of(span))
        for span in content.spans
        if span.kind in _ADDRESSED or (span.value and span.kind is SpanKind.PHONE)
    )


def button_link(url: str, label: str) -> Link | None:
    """Return the link of a button if it opens an address."""
    return _web_link(url, label) if _OPENS.match(url) else None


def is_mention(url: str, text: str) -> bool:
    """Return whether a link text is `@name` and leads to that name in Telegram.

    Authors also link names on other sites: `<a href="https://gab.com/name">@name</a>`.
    """
    name = _NAME.fullmatch(url)
    return name is not None and text.casefold() == f"@{name[1]}".casefold()


def _read_link(span: Span, text: str) -> Link:
    if span.kind is SpanKind.MENTION:
        name = text.removeprefix("@")
        return Link(url=f"https://t.me/{name}", host="t.me", text=text, kind=LinkKind.MENTION)
    if span.kind is SpanKind.EMAIL:
        address = span.value or text
        host = address.rpartition("@")[2].lower()
        return Link(url=f"mailto:{address}", host=host, text=text, kind=LinkKind.MAIL)
    if span.kind is SpanKind.PHONE:
        return Link(url=f"tel:{span.value}", host="", text=text)
    return _web_link(span.value or text, text)


def _web_link(url: str, text: str) -> Link:
    match = _ADDRESS.match(url)
    host = match[1].lower().removeprefix("www.") if match else ""
    invites = host in _TELEGRAM_HOSTS and _INVITE.search(url) is not None
    return Link(url=url, host=host, text=text, kind=LinkKind.INVITE if invites else LinkKind.WEB)
