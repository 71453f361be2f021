"""Turns one page of the macOS export into posts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.compose import compose_post
from ingest.desktop.dates import midday
from ingest.desktop.markup import read_markup
from ingest.desktop.media import read_attachment, read_media
from ingest.desktop.message import Unreadable, message_body, read_reactions, read_reply
from ingest.desktop.service import Entry, Separator, read_service
from ingest.dom import classes, find_child, find_inside, line
from ingest.macos.dates import parse_local, parse_local_day
from model.posts import BadMessage, Forward, Media, Post
from model.rich_text import RichText, SpanKind

_ID = re.compile(r"message(\d{1,10})")
_ATTACHMENTS = frozenset(
    {"media", "photo_wrap", "video_file_wrap", "animated_wrap", "sticker_wrap"}
)
# `Forwarded from Name`, localised.
_FORWARDED = re.compile(
    r"(?<!\s)\s*+(?:Forwarded from|Переслано (?:от|из)|Переслано)\s+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MacPage:
    """A page's title and its messages, in order."""

    title: str
    entries: Sequence[Entry]


def read_page(text: str, *, file: str, folder: str, zone: tzinfo | None) -> MacPage:
    """Read a page; `file` is its name and `folder` the absolute path of its folder."""
    tree = LexborHTMLParser(text)
    header = tree.css_first(".page_header .name")
    title = line(header) if header else ""
    return MacPage(
        title=title,
        entries=tuple(_read_elements(tree, title=title, file=file, folder=folder, zone=zone)),
    )


def _read_elements(
    tree: LexborHTMLParser, *, title: str, file: str, folder: str, zone: tzinfo | None
) -> Iterator[Entry]:
    sender = title
    for element in tree.css(".message"):
        anchor = element.id or ""
        number = _ID.fullmatch(anchor)
        try:
            body = message_body(element)
            if "service" in classes(element):
                day = parse_local_day(line(body))
                if day is not None:
                    yield Separator(day=day, noon=midday(day).in_utc(zone))
                elif number is not None:
                    yield read_service(element, int(number[1]), file=file)
            elif number is None:
                yield BadMessage(file=file, anchor=anchor, reason="The message has no number.")
            else:
                name = find_child(body, "from_name")
                sender = line(name) if name is not None else sender
                post = _read_message(body, int(number[1]), folder=folder, zone=zone)
                signed = post.author or sender
                yield replace(post, author=signed if signed != title else None)
        except Unreadable as exc:
            yield BadMessage(file=file, anchor=anchor, reason=str(exc))


def _read_message(body: LexborNode, message_id: int, *, folder: str, zone: tzinfo | None) -> Post:
    clock = find_child(body, "date")
    shown = (clock.attributes.get("title") or "") if clock is not None else ""
    moment = parse_local(shown)
    if not shown:
        raise Unreadable("The message has no date.")
    if moment is None:
        raise Unreadable(
            f"The date “{shown}” cannot be read: export again with the app in English or Russian."
        )
    text, reply = find_child(body, "text"), find_child(body, "reply_to")
    forward, reactions = find_child(body, "forwarded_from"), find_child(body, "reactions")
    signature = find_child(body, "signature")
    return compose_post(
        message_id=message_id,
        posted_at=moment.in_utc(zone),
        content=_mark_cashtags(read_markup(text)) if text is not None else RichText(),
        author=line(signature) or None if signature is not None else None,
        reply_to=read_reply(reply) if reply is not None else None,
        forward=Forward(name=_FORWARDED.sub("", line(forward))) if forward is not None else None,
        media=tuple(_read_media(body, folder=folder)),
        reactions=read_reactions(reactions) if reactions is not None else None,
        buttons=tuple(_read_preview(body)),
    )


def _mark_cashtags(content: RichText) -> RichText:
    """Mark cashtags, `<a onclick="return ShowHashtag('TON')" href="#">$TON</a>`, as such."""
    spans = (
        replace(span, kind=SpanKind.CASHTAG)
        if span.kind is SpanKind.HASHTAG and content.text_of(span).startswith("$")
        else span
        for span in content.spans
    )
    return RichText(content.text, tuple(spans))


def _read_media(body: LexborNode, *, folder: str) -> Iterator[Media]:
    """Read the attachments, in a wrapper as usual or directly in the body."""
    for child in body.iter():
        names = classes(child)
        if "media_wrap" in names:
            yield from read_media(child, folder=folder)
        elif not names.isdisjoint(_ATTACHMENTS):
            yield read_attachment(child, folder=folder)


def _read_preview(body: LexborNode) -> Iterator[tuple[str, str]]:
    """Yield the address of a link preview, which may be all that a message shows."""
    preview = find_child(body, "webpage_preview")
    address = preview.attributes.get("href") if preview is not None else None
    if preview is not None and address:
        title = find_inside(preview, "webpage_title")
        yield address, line(title) if title is not None else ""
