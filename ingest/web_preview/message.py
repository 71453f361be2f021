"""Turns one message of a web page into a post, an album into several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bs4 import Tag

from ingest.compose import compose_post
from ingest.rich_text import with_hashtags
from ingest.web_preview.blocks import Blocks, find_blocks
from ingest.web_preview.markup import classes, line, read_markup
from ingest.web_preview.media import parse_count, read_attachment, read_poll
from model.posts import WITHHELD, Forward, Media, MediaKind, Post, PostKind, Reaction
from model.rich_text import RichText

_POST_URL = re.compile(r"(?:https?:)?//t(?:elegram)?\.me/(?:s/)?(\w+)/(\d{1,10})(?!\d)")
_PAID_REACTION = "⭐"
# Service texts that pages and exports word differently; that must not look like an edit.
_SERVICES = (
    (re.compile(r"Channel name was changed to («.*»)", re.DOTALL), r"Channel title changed to \1"),
    (re.compile(r"Channel photo updated"), "Channel photo changed"),
    (re.compile(r"\A(?=.*»\Z)(.*) pinned «.*»", re.DOTALL), r"\1 pinned this message"),
)


class Unreadable(Exception):
    """A message cannot be read; `str()` is the reason, in one sentence."""


def read_message(element: Tag, *, username: str, message_id: int) -> Sequence[Post]:
    """Read a message; each part of an album is a separate post, as in exports.

    Raises:
        Unreadable: It has no date.
    """
    blocks = find_blocks(element)
    found = blocks.found
    posted_at = _read_date(found.get("date"))
    if "service_message" in classes(element):
        return (_read_service(blocks, message_id, posted_at=posted_at),)
    parts = list(_read_parts(blocks, message_id))
    post = compose_post(
        message_id=message_id,
        posted_at=posted_at,
        content=read_markup(found["text"]) if "text" in found else RichText(),
        author=line(found["signature"]).rstrip(",").strip() or None
        if "signature" in found
        else None,
        via_bot=line(found["via_bot"]).removeprefix("via ").removeprefix("@") or None
        if "via_bot" in found
        else None,
        reply_to=_read_reply(found.get("reply"), username=username),
        forward=_read_forward(found.get("forwarded_from")),
        media=tuple(media for part, media in parts if part == message_id),
        poll=read_poll(found["poll"], voters=found.get("voters")) if "poll" in found else None,
        reactions=_read_reactions(found["reactions"]) if "reactions" in found else None,
        buttons=tuple(_read_buttons(found["keyboard"])) if "keyboard" in found else (),
    )
    if blocks.fallback and not post.text and not parts and post.poll is None:
        post = replace(post, media=(Media(kind=MediaKind.OTHER, note=WITHHELD),))
    views = parse_count(line(found["views"])) if "views" in found else None
    others = {part: media for part, media in parts if part != message_id}
    album_id = str(message_id) if others else None
    return (
        replace(post, views=views, album_id=album_id),
        *(_other_part(post, part, media, album_id) for part, media in others.items()),
    )


def _read_date(tag: Tag | None) -> datetime:
    """Read the time in the message's own link; videos and songs have a `<time>` too."""
    clock = tag.find("time", attrs={"datetime": True}) if tag is not None else None
    if not isinstance(clock, Tag):
        raise Unreadable("The message has no date.")
    text = str(clock["datetime"])
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable(f"The date “{text}” cannot be read.") from None


def _read_service(blocks: Blocks, message_id: int, *, posted_at: datetime) -> Post:
    text = read_markup(blocks.found["text"]).text.strip() if "text" in blocks.found else ""
    for pattern, words in _SERVICES:
        match = pattern.fullmatch(text)
        if match is not None:
            text = match.expand(words)
            break
    return compose_post(
        message_id=message_id,
        posted_at=posted_at,
        kind=PostKind.SERVICE,
        content=with_hashtags(text, []),
    )


def _read_parts(blocks: Blocks, message_id: int) -> Iterator[tuple[int, Media]]:
    """Yield attachments with their message numbers; parts of an album name theirs.

    `<a class="tgme_widget_message_photo_wrap grouped_media_wrap"
    href="https://t.me/name/12?single">`
    """
    for kind, tag in blocks.attachments:
        address = _POST_URL.match(str(tag.get("href") or ""))
        grouped = address is not None and "grouped_media_wrap" in classes(tag)
        part = int(address[2]) if address is not None and grouped else message_id
        yield part, read_attachment(kind, tag)


def _other_part(first: Post, message_id: int, media: Media, album_id: str | None) -> Post:
    """Return a later part of an album; the text belongs to the first one."""
    return Post(
        message_id=message_id,
        posted_at=first.posted_at,
        author=first.author,
        forward=first.forward,
        media=(media,),
        album_id=album_id,
    )


def _read_reply(tag: Tag | None, *, username: str) -> int | None:
    """Return the message replied to, unless it is in another channel."""
    address = _POST_URL.match(str(tag.get("href") or "")) if tag is not None else None
    if address is None or address[1].casefold() != username.casefold():
        return None
    return int(address[2])


def _read_forward(tag: Tag | None) -> Forward | None:
    """Read `Forwarded from <a class="…_forwarded_from_name" href="https://t.me/source/55">`."""
    if tag is None:
        return None
    name = tag.find(class_="tgme_widget_message_forwarded_from_name")
    if not isinstance(name, Tag):
        return Forward(name=line(tag).removeprefix("Forwarded from").strip())
    address = _POST_URL.match(str(name.get("href") or ""))
    return Forward(
        name=line(name),
        username=address[1] if address else None,
        message_id=int(address[2]) if address else None,
    )


def _read_reactions(tag: Tag) -> tuple[Reaction, ...]:
    counts: dict[str, int] = {}
    for reaction in tag.find_all(class_="tgme_reaction", recursive=False):
        shown = reaction.find(["i", "tg-emoji"])
        emoji = line(shown).replace("\ufe0f", "") if isinstance(shown, Tag) else ""
        if "tgme_reaction_paid" in classes(reaction):
            emoji = _PAID_REACTION
        words = line(reaction)
        count = parse_count(words.removeprefix(line(shown)).strip() if shown else words)
        if emoji:
            counts[emoji] = counts.get(emoji, 0) + (count or 0)
    return tuple(Reaction(emoji=emoji, count=count) for emoji, count in counts.items())


def _read_buttons(tag: Tag) -> Iterator[tuple[str, str]]:
    for button in tag.find_all("a", href=True):
        yield str(button["href"]), line(button)
