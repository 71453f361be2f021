"""Turns one page of a Telegram Desktop export into posts; pages are parsed independently."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from datetime import tzinfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.complexity import TOO_COMPLEX, is_too_complex
from ingest.desktop.dates import midday, parse_day, parse_moment
from ingest.desktop.message import (
    UNDATED,
    PageContext,
    Sender,
    Unreadable,
    message_body,
    read_message,
)
from ingest.desktop.pages import MIGRATED_BELOW
from ingest.desktop.rewritten import as_exported
from ingest.desktop.service import Entry, Separator, UndatedPost, read_service, say_words
from ingest.dom import classes, find_child, line
from model.posts import BadMessage

_ID = re.compile(r"message(-?\d{1,10})")
# The exporter replaces U+2028 and U+2029 by a line break but leaves their last two bytes.
_BROKEN_SEPARATOR = re.compile(rb"<br>\x80[\xa8\xa9]")
_NOT_UTF_8 = "The page is not UTF-8 text; export it again and do not let an editor re-save it."
_NO_NUMBER = "The message has no number."
_CUT = "The page breaks off here; export it again to get the rest."


def read_page(content: bytes, *, file: str, folder: str, zone: tzinfo | None) -> Iterator[Entry]:
    """Read a page; `file` is its name and `folder` the absolute path of its folder."""
    content = as_exported(_without_broken_separators(content))
    try:
        text = content.decode()
    except UnicodeDecodeError:
        yield BadMessage(file=file, anchor="", reason=_NOT_UTF_8, rest_lost=True)
        return
    markup = _with_plain_breaks(content)
    if is_too_complex(markup):
        yield BadMessage(file=file, anchor="", reason=TOO_COMPLEX, rest_lost=True)
        return
    tree = LexborHTMLParser(markup)
    header = tree.css_first(".page_header .text")
    shown = parse_moment(text)
    page = PageContext(
        file=file,
        folder=folder,
        title=line(header) if header else "",
        zone=zone,
        local_zone=zone or (shown.offset if shown else None),
    )
    half = _find_half_message(text)
    elements = tree.css(".message")
    if half and elements and elements[-1].id == half:
        del elements[-1]
    before = Sender()
    for element in elements:
        entry, before = _read_element(element, page=page, before=before)
        yield entry
    if half is not None:
        yield BadMessage(file=file, anchor=half, reason=_CUT, rest_lost=True)


def _without_broken_separators(content: bytes) -> bytes:
    if b"<br>\x80" in content:
        content = _BROKEN_SEPARATOR.sub(b"<br>", content)
    return content.removeprefix(BOM_UTF8)


def _with_plain_breaks(content: bytes) -> bytes:
    """Replace the author's `<br>` by newlines, so that a post's text is few nodes, not hundreds.

    The exporter never breaks lines inside a text, so the two cannot be confused. `<br>` within
    attributes (`title="a<br>b"`) is the author's as well. Blocks of rich posts (2026) are on lines
    of their own, where tags separate them. HTML parsers drop a newline right after the opening tag
    of code.
    """
    if b"rich_message" not in content:
        content = content.replace(b"<br>", b"\n")
    return content.replace(b"<pre>\n", b"<pre>\n\n")


def _find_half_message(text: str) -> str | None:
    """Return the last message of a page that is cut off within it, `""` if it is cut off after it.

    A complete message ends with a closing tag at the indentation of its opening tag.
    """
    if "</html>" in text[-100:]:
        return None
    start = text.rfind('id="message')
    if start < 0:
        return ""
    begin = text.rfind("\n", 0, start) + 1
    indent = text[begin : text.find("<", begin)]
    if f"\n{indent}</div>" in text[start:]:
        return ""
    match = _ID.match(text, start + len('id="'))
    return match[0] if match else ""


def _read_element(
    element: LexborNode, *, page: PageContext, before: Sender
) -> tuple[Entry, Sender]:
    """Read a message, or say why it cannot be read; also return the speaker."""
    anchor = element.id or ""
    match = _ID.fullmatch(anchor)
    if match is None:
        reason = f"{_NO_NUMBER}{say_words(element.text(deep=True))}"
        return BadMessage(file=page.file, anchor=anchor, reason=reason), before
    message_id = int(match[1])
    try:
        if "service" not in classes(element):
            post, sender = read_message(element, message_id, page=page, before=before)
            is_dated = post.posted_at is not UNDATED
            return post if is_dated else UndatedPost(file=page.file, post=post), sender
        if MIGRATED_BELOW < message_id < 0:
            return _read_separator(element, page=page), before
        return read_service(element, message_id, file=page.file), before
    except Unreadable as exc:
        return BadMessage(
            file=page.file, anchor=anchor, reason=f"{exc}{say_words(element.text(deep=True))}"
        ), before


def _read_separator(element: LexborNode, *, page: PageContext) -> Separator:
    day = parse_day(line(find_child(element, "body") or element)) or parse_day(
        line(message_body(element))
    )
    return Separator(day=day, noon=midday(day).in_utc(page.local_zone) if day else None)
