"""Turns one saved page into posts of the channels it shows."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from ingest.web_preview.markup import line
from ingest.web_preview.message import Unreadable, read_message
from model.posts import BadMessage, Channel, Post

_NUMBERED = re.compile(r"&#0*(0|[1-9][0-9]{0,8})[0-9]*")
_DATA_POST = re.compile(r"(\w{1,64})/(\d{1,10})(?!\d)")
_TITLES = (
    ".tgme_channel_info_header_title",
    ".tgme_header_title",
    ".tgme_widget_message_owner_name",
)
# The Bot API puts this prefix before a channel's number.
_BOT_API_PREFIX = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """A message of a page, and its channel."""

    channel: Channel
    message_id: int
    items: Sequence[Post | BadMessage]


def read_page(text: str, *, file: str) -> Sequence[PageEntry]:
    """Read the messages of a page in order."""
    return read_entries(parse_page(text), file=file)


def parse_page(text: str) -> BeautifulSoup:
    """Parse a page leniently."""
    # Whitespace between entities is the author's; outside of these elements it is collapsed.
    kept = {"div", "pre"}
    legible = _with_short_numbers(_without_sections(text))
    return BeautifulSoup(legible, "html.parser", preserve_whitespace_tags=kept)


def read_entries(page: BeautifulSoup, *, file: str) -> Sequence[PageEntry]:
    """Read the messages of a parsed page in order."""
    title = _find_title(page)
    return tuple(
        entry
        for element in page.select(".tgme_widget_message[data-post]")
        if (entry := _read_entry(element, title=title, file=file)) is not None
    )


def _without_sections(text: str) -> str:
    """Turn `<![if x]>` into `<! [if x]>`, a comment to every parser.

    Browsers treat it so; Python's parser, depending on the release, refuses the whole page or shows
    the contents of `<![CDATA[x]]>` as text.
    """
    return text.replace("<![", "<! [")


def _with_short_numbers(text: str) -> str:
    """Truncate numeric character references to nine digits, more than any character has.

    Python refuses to convert numbers of thousands of digits.
    """
    return _NUMBERED.sub(r"&#\1", text)


def _find_title(page: Tag) -> str:
    for selector in _TITLES:
        found = page.select_one(selector)
        if found is not None and line(found):
            return line(found)
    return ""


def _read_entry(element: Tag, *, title: str, file: str) -> PageEntry | None:
    match = _DATA_POST.match(str(element["data-post"]))
    if match is None:
        return None
    username, message_id = match[1], int(match[2])
    channel = Channel(
        title=title or username, username=username, telegram_id=_read_channel_id(element)
    )
    return PageEntry(
        channel=channel,
        message_id=message_id,
        items=tuple(_read_items(element, channel, message_id, file=file)),
    )


def _read_items(
    element: Tag, channel: Channel, message_id: int, *, file: str
) -> Iterator[Post | BadMessage]:
    try:
        yield from read_message(element, username=channel.username or "", message_id=message_id)
    except Unreadable as exc:
        yield BadMessage(file=file, anchor=f"message{message_id}", reason=str(exc))


def _read_channel_id(element: Tag) -> int | None:
    """Read the channel's number from `data-view`, Base64 of `{"c":-1234567890,"p":12,…}`.

    Pages saved by a browser no longer have it.
    """
    view = str(element.get("data-view") or "")
    try:
        facts = json.loads(base64.urlsafe_b64decode(view + "=" * (-len(view) % 4)))
    except (ValueError, RecursionError):
        return None
    number = facts.get("c") if isinstance(facts, dict) else None
    if not isinstance(number, int) or isinstance(number, bool) or number >= 0:
        return None
    return -number % _BOT_API_PREFIX
