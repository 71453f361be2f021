"""Attachments of messages on web pages."""

from __future__ import annotations

import re

from bs4 import Tag

from ingest.web_preview.markup import line
from model.posts import Media, MediaKind, Poll, PollAnswer

_IS_DURATION = re.compile(r"_duration\b")
_DURATION = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d\d)")
_SIZE = re.compile(r"(\d{1,9}(?:\.\d+)?) (B|KB|MB|GB)")
_UNITS = {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}
_PLACE = re.compile(r"[?&](?:q|ll)=(-?[\d.]+),(-?[\d.]+)")
_COUNT = re.compile(r"(\d[\d ., ]*)([KMB]?)")
_THOUSANDS = {"": 1, "K": 1000, "M": 1000**2, "B": 1000**3}


def read_attachment(kind: MediaKind, tag: Tag) -> Media:
    """Read an attachment; file addresses expire and are not kept.

    A video without a duration is an animation.
    """
    if kind is MediaKind.FILE:
        return _read_document(tag)
    if kind is MediaKind.LOCATION:
        place = _PLACE.search(str(tag.get("href") or ""))
        return Media(kind=kind, title=f"{place[1]}, {place[2]}" if place else None)
    if kind in (MediaKind.VENUE, MediaKind.CONTACT):
        return Media(kind=kind, title=line(tag) or None)
    clock = tag.find(class_=_IS_DURATION)
    if kind is MediaKind.VIDEO and clock is None:
        return Media(kind=MediaKind.ANIMATION)
    return Media(kind=kind, duration=_parse_duration(line(clock)) if clock else None)


def _read_document(tag: Tag) -> Media:
    """Read a file, or a song, whose second line is the performer."""
    title = _line_inside(tag, "tgme_widget_message_document_title")
    extra = _line_inside(tag, "tgme_widget_message_document_extra")
    if tag.select_one(".tgme_widget_message_document_icon.audio"):
        words = filter(None, (extra, title))
        return Media(kind=MediaKind.AUDIO, title=" – ".join(words) or None)
    size = _SIZE.search(extra)
    return Media(
        kind=MediaKind.FILE,
        title=title or None,
        size=round(float(size[1]) * _UNITS[size[2]]) if size else None,
    )


def _line_inside(tag: Tag, token: str) -> str:
    found = tag.find(class_=token)
    return line(found) if isinstance(found, Tag) else ""


def _parse_duration(text: str) -> int | None:
    match = _DURATION.search(text)
    if match is None:
        return None
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])


def read_poll(tag: Tag, *, voters: Tag | None) -> Poll:
    """Read a poll; pages show only percentages for its answers."""
    kind = _line_inside(tag, "tgme_widget_message_poll_type")
    options = tag.find_all(class_="tgme_widget_message_poll_option_text")
    return Poll(
        question=_line_inside(tag, "tgme_widget_message_poll_question"),
        answers=tuple(PollAnswer(text=line(option)) for option in options),
        details=kind.capitalize(),
        total_voters=parse_count(line(voters)) if voters else None,
    )


def parse_count(text: str) -> int | None:
    """Parse `998`, `12 345`, `15.4K` or `1.48M`; the last two are rounded."""
    match = _COUNT.match(text)
    if match is None:
        return None
    digits = match[1].replace(" ", "").replace(",", ".").rstrip(".")
    try:
        return round(float(digits) * _THOUSANDS[match[2]])
    except (ValueError, OverflowError):
        return None
