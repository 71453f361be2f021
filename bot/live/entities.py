"""Text of live posts: Telegram's entities become spans over code points."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate

from telegram import Message, MessageEntity
from telegram.constants import MessageEntityType

from ingest.desktop.markup import read_anchor
from ingest.rich_text import with_hashtags
from model.rich_text import RichText, Span, SpanKind

_KINDS: Mapping[str, SpanKind] = {
    MessageEntityType.BOLD: SpanKind.BOLD,
    MessageEntityType.ITALIC: SpanKind.ITALIC,
    MessageEntityType.UNDERLINE: SpanKind.UNDERLINE,
    MessageEntityType.STRIKETHROUGH: SpanKind.STRIKE,
    MessageEntityType.SPOILER: SpanKind.SPOILER,
    MessageEntityType.CODE: SpanKind.CODE,
    MessageEntityType.HASHTAG: SpanKind.HASHTAG,
    MessageEntityType.CASHTAG: SpanKind.CASHTAG,
    MessageEntityType.BOT_COMMAND: SpanKind.COMMAND,
    MessageEntityType.MENTION: SpanKind.MENTION,
    MessageEntityType.TEXT_MENTION: SpanKind.MENTION_NAME,
    MessageEntityType.EMAIL: SpanKind.EMAIL,
    MessageEntityType.PHONE_NUMBER: SpanKind.PHONE,
    MessageEntityType.CUSTOM_EMOJI: SpanKind.CUSTOM_EMOJI,
}
# Exports replace these characters; that must not look like an edit.
_AS_EXPORTED = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\0": "\ufffd"})


def read_text(message: Message) -> RichText:
    """Read a message's text or caption, with its entities in the form of an export."""
    entities = message.entities or message.caption_entities
    text = (message.text or message.caption or "").translate(_AS_EXPORTED)
    offsets = _utf16_offsets(text)
    spans = [span for entity in entities if (span := _read_span(entity, text, offsets))]
    return with_hashtags(text, spans)


def _utf16_offsets(text: str) -> Sequence[int]:
    """Return the UTF-16 offset of each code point, and of the end."""
    return [0, *accumulate(2 if character > "\uffff" else 1 for character in text)]


def _read_span(entity: MessageEntity, text: str, offsets: Sequence[int]) -> Span | None:
    start = bisect_left(offsets, entity.offset)
    end = min(bisect_left(offsets, entity.offset + entity.length), len(text))
    if start >= end:
        return None
    kind, value = _read_kind(entity, text[start:end])
    return Span(kind=kind, start=start, end=end, value=value) if kind else None


def _read_kind(entity: MessageEntity, text: str) -> tuple[SpanKind | None, str]:
    """Return an entity's kind and value; addresses are read as in exports."""
    match entity.type:
        case MessageEntityType.URL:
            return read_anchor(href=text, onclick="", text=text)
        case MessageEntityType.TEXT_LINK:
            return read_anchor(href=entity.url or "", onclick="", text=text)
        case MessageEntityType.PRE:
            return SpanKind.PRE, entity.language or ""
        case MessageEntityType.BLOCKQUOTE:
            return SpanKind.QUOTE, ""
        case MessageEntityType.EXPANDABLE_BLOCKQUOTE:
            return SpanKind.QUOTE, "collapsed"
        case kind:
            return _KINDS.get(kind), ""
