"""The blocks of one message on a web page, by role."""

from __future__ import annotations

from dataclasses import dataclass, field

from bs4 import Tag

from ingest.web_preview.markup import classes
from model.posts import MediaKind

_PREFIX = "tgme_widget_message_"
_ROLES = {
    "user": "",  # the channel's picture
    "link_preview": "",
    "reply": "reply",
    "forwarded_from": "forwarded_from",
    "via_bot": "via_bot",
    "text": "text",
    "poll": "poll",
    "inline_keyboard": "keyboard",
    "reactions": "reactions",
    "voters": "voters",
    "views": "views",
    "from_author": "signature",
    "date": "date",
}
_ATTACHMENTS = {
    "photo_wrap": MediaKind.PHOTO,
    "video_player": MediaKind.VIDEO,
    "roundvideo_player": MediaKind.VIDEO_MESSAGE,
    "voice_player": MediaKind.VOICE,
    "document_wrap": MediaKind.FILE,
    "sticker_wrap": MediaKind.STICKER,
    "location_wrap": MediaKind.LOCATION,
    "venue_wrap": MediaKind.VENUE,
    "contact_wrap": MediaKind.CONTACT,
}


@dataclass(slots=True)
class Blocks:
    """The blocks of a message by role; `fallback` says what the page does not show."""

    found: dict[str, Tag] = field(default_factory=dict)
    attachments: list[tuple[MediaKind, Tag]] = field(default_factory=list)
    fallback: bool = False


def find_blocks(message: Tag) -> Blocks:
    """Sort the blocks of a message by role; nested blocks belong to the outer one.

    For example, the quoted text in a reply has the class of a text but is not the message's text.
    """
    blocks = Blocks()
    waiting = _tags_inside(message)
    while waiting:
        tag = waiting.pop()
        names = classes(tag)
        roles = [name.removeprefix(_PREFIX) for name in names if name.startswith(_PREFIX)]
        kind = next((_ATTACHMENTS[role] for role in roles if role in _ATTACHMENTS), None)
        role = next((_ROLES[role] for role in roles if role in _ROLES), None)
        if kind is not None:
            blocks.attachments.append((kind, tag))
        elif "message_media_not_supported_wrap" in names:
            blocks.fallback = True
        elif role == "text":
            blocks.found.setdefault("text", _innermost_text(tag))
        elif role:
            blocks.found.setdefault(role, tag)
        elif role is None and "tgme_widget_message" not in names:
            waiting += _tags_inside(tag)
    return blocks


def _tags_inside(tag: Tag) -> list[Tag]:
    """Return the child elements in reverse order."""
    return [child for child in reversed(tag.contents) if isinstance(child, Tag)]


def _innermost_text(tag: Tag) -> Tag:
    """Return the text of `<div class="js-message_text"><div class="js-message_text">…`."""
    inner = tag
    while (found := inner.find(class_="js-message_text")) is not None and isinstance(found, Tag):
        inner = found
    return inner
