"""Turns one message of a Telegram Desktop page into a post."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from selectolax.lexbor import LexborNode

from ingest.compose import compose_post
from ingest.desktop.dates import Moment, parse_moment
from ingest.desktop.markup import read_markup
from ingest.desktop.media import read_media, read_poll
from ingest.desktop.rich_message import read_rich_message
from ingest.dom import classes, find_child, line, split_classes
from ingest.rich_post import RichPost
from model.posts import Forward, Media, Post, Reaction

# A wrapper without a class may contain a block; real pages never nest more of them.
_DEEPEST = 10
_DELETED = "Deleted Account"
_REPLY = re.compile(r"go_to_message(-?\d{1,12})")
_COUNT = re.compile(r"[0-9]{1,12}")
_ROLES = (
    ("message", "message"),
    ("userpic_wrap", ""),  # also that of a forward, which is `forwarded` too
    ("forwarded", "forwarded"),
    ("date", "date"),
    ("from_name", "from_name"),
    ("reply_to", "reply_to"),
    ("media_wrap", "media_wrap"),
    ("text", "text"),
    ("bot_buttons_table", "buttons"),
    ("signature", "signature"),
    ("reactions", "reactions"),
)


UNDATED = datetime.min.replace(tzinfo=UTC)
"""In place of a time of posting that cannot be read."""


class Unreadable(Exception):
    """A message cannot be read; `str()` is the reason, in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The author and origin that a joined message inherits; it shows neither itself."""

    name: str | None = None
    via_bot: str | None = None
    forward: Forward | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """What all messages of a page share.

    `zone` was given by the caller; `local_zone` is the page's own, used if none was given.
    """

    file: str
    folder: str
    title: str
    zone: tzinfo | None
    local_zone: tzinfo | None


@dataclass(slots=True)
class _Parts:
    """The blocks of one message by role; a forward nests its blocks one level deeper."""

    found: dict[str, LexborNode] = field(default_factory=dict)
    media: list[LexborNode] = field(default_factory=list)
    forwarded: bool = False
    origin: LexborNode | None = None


@lru_cache(maxsize=1024)
def _role(value: str | None) -> str | None:
    names = split_classes(value)
    if not names:
        return None
    return next((role for token, role in _ROLES if token in names), "")


def message_body(element: LexborNode) -> LexborNode:
    """Return `div.body` of a message element."""
    body = find_child(element, "body")
    if body is not None:
        return body
    raise Unreadable("The message has no body.")


def read_reply(node: LexborNode) -> int | None:
    """Read `<a href="messages2.html#go_to_message123">`; replies to another chat have no link."""
    for anchor in node.iter():
        match = _REPLY.search(anchor.attributes.get("href") or "")
        if match:
            return int(match[1])
    return None


def read_message(
    element: LexborNode, message_id: int, *, page: PageContext, before: Sender
) -> tuple[Post, Sender]:
    """Read a message; `before` is the speaker of the preceding message on the page.

    Its time is `UNDATED` if its date cannot be read.
    """
    parts = _Parts()
    _collect(message_body(element), parts)
    moment = _find_moment(parts.found.get("date"))
    sender = _read_sender(parts, page=page, before=before)
    found = parts.found
    media: list[Media] = []
    poll = None
    for wrap in parts.media:
        media += read_media(wrap, folder=page.folder)
        poll = poll or read_poll(wrap)
    text = _read_text(found.get("text"), folder=page.folder)
    post = compose_post(
        message_id=message_id,
        posted_at=moment.in_utc(page.zone) if moment else UNDATED,
        content=text.content,
        author=_read_author(found, sender, page=page),
        via_bot=sender.via_bot,
        reply_to=read_reply(found["reply_to"]) if "reply_to" in found else None,
        forward=sender.forward,
        media=(*media, *text.media),
        poll=poll,
        reactions=read_reactions(found["reactions"]) if "reactions" in found else None,
        buttons=tuple(_read_buttons(found["buttons"])) if "buttons" in found else (),
    )
    return post, sender


def _read_text(node: LexborNode | None, *, folder: str) -> RichPost:
    """Read the text of a message; since 2026 it may consist of blocks with media."""
    if node is None:
        return RichPost()
    if "rich_message" in classes(node):
        return read_rich_message(node, folder=folder)
    return RichPost(content=read_markup(node))


def _collect(node: LexborNode, parts: _Parts, *, depth: int = 0) -> None:
    """Sort the blocks directly inside a body by role; a nested message is a separate message.

    Versions 4.15.1 to 5.8 leave an element open after a keyboard of buttons, so all following
    messages of the page are nested in that message.
    """
    for child in node.iter():
        role = _role(child.attributes.get("class"))
        if role == "from_name" and parts.forwarded:
            parts.origin = child
        elif role == "media_wrap":
            parts.media.append(child)
        elif role == "forwarded":
            parts.forwarded = True
            _collect(child, parts, depth=depth + 1)
        elif role:
            parts.found.setdefault(role, child)
        elif role is None and depth < _DEEPEST:
            _collect(child, parts, depth=depth + 1)


def _find_moment(node: LexborNode | None) -> Moment | None:
    """Read the message's own date, not the date of a forwarded original."""
    return None if node is None else parse_moment(node.attributes.get("title") or "")


def _read_sender(parts: _Parts, *, page: PageContext, before: Sender) -> Sender:
    own = parts.found.get("from_name")
    sender = _name_sender(line(own)) if own is not None else before
    if not parts.forwarded:
        return replace(sender, forward=None) if sender.forward else sender
    if parts.origin is None:
        return replace(sender, forward=before.forward or Forward(name=_DELETED))
    forward, via_bot = _read_origin(parts.origin, page=page)
    return Sender(name=sender.name, via_bot=via_bot or sender.via_bot, forward=forward)


@lru_cache(maxsize=256)  # nearly always the channel itself
def _name_sender(text: str) -> Sender:
    name, via_bot = _split_via(text)
    return Sender(name=name, via_bot=via_bot)


def _read_origin(node: LexborNode, *, page: PageContext) -> tuple[Forward, str | None]:
    """Read `Origin <span class="date details" title="…"> 11.03.2018 10:02:03</span>`.

    Before 3.7.6 the span has no title, and its text is the date.
    """
    span = next((child for child in node.iter() if "details" in classes(child)), None)
    text, moment = line(node), None
    if span is not None:
        shown = line(span)
        text = text.removesuffix(shown)
        moment = parse_moment(span.attributes.get("title") or shown)
    name, via_bot = _split_via(text)
    posted_at = moment.in_utc(page.zone) if moment else None
    return Forward(name=name or _DELETED, posted_at=posted_at), via_bot


def _split_via(text: str) -> tuple[str, str | None]:
    """Split `Name via @bot` at the last ` via @`, since a name may contain one too."""
    name, separator, bot = text.rpartition(" via @")
    if separator:
        return name.strip(), bot.strip() or None
    return text.strip(), None


def _read_author(found: dict[str, LexborNode], sender: Sender, *, page: PageContext) -> str | None:
    """Return the signature, or the sender if it is not the channel itself."""
    if "signature" in found:
        return line(found["signature"]) or None
    if sender.name and sender.name != page.title:
        return sender.name
    return None


def read_reactions(node: LexborNode) -> tuple[Reaction, ...]:
    """Count reactions by emoji; a custom emoji counts as the plain one it stands for."""
    counts: dict[str, int] = {}
    for reaction in node.iter():
        emoji, count = _read_reaction(reaction)
        if emoji:
            counts[emoji] = counts.get(emoji, 0) + count
    return tuple(Reaction(emoji=emoji, count=count) for emoji, count in counts.items())


def _read_reaction(node: LexborNode) -> tuple[str, int]:
    """Read one kind of reaction.

    If the list of recent reactors is complete, it is shown instead of the count.
    """
    emoji, count, reactors = "", "", 0
    for child in node.iter():
        role = child.attributes.get("class")
        if role == "emoji":
            emoji = line(child).replace("\ufe0f", "")
        elif role == "count":
            count = line(child)
        elif role == "userpics":
            reactors = sum("userpic" in classes(pic) for pic in child.iter())
    return emoji, int(count) if _COUNT.fullmatch(count) else reactors


def _read_buttons(node: LexborNode) -> Iterator[tuple[str, str]]:
    """Yield the address and label of every button that opens a page.

    They are written `<a ="" href="https://…"><div>Label</div></a>`.
    """
    for anchor in node.css("a"):
        href = anchor.attributes.get("href")
        if href:
            yield href, line(anchor)
