"""Text of JSON messages: their parts become one text with spans."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.desktop.markup import read_anchor
from ingest.rich_text import TextBuilder, as_exported
from ingest.telegram_json.fields import JsonObject, as_object, list_of, string_of
from model.rich_text import RichText, SpanKind

_KINDS = {
    "mention": SpanKind.MENTION,
    "hashtag": SpanKind.HASHTAG,
    "cashtag": SpanKind.CASHTAG,
    "bot_command": SpanKind.COMMAND,
    "email": SpanKind.EMAIL,
    "phone": SpanKind.PHONE,
    "bold": SpanKind.BOLD,
    "italic": SpanKind.ITALIC,
    "underline": SpanKind.UNDERLINE,
    "strikethrough": SpanKind.STRIKE,
    "code": SpanKind.CODE,
    "spoiler": SpanKind.SPOILER,
    "mention_name": SpanKind.MENTION_NAME,
    "custom_emoji": SpanKind.CUSTOM_EMOJI,
}


def read_content(message: JsonObject) -> RichText:
    """Read a message's text from `text_entities` (since 4.1.2) or else from `text`."""
    return read_parts(list_of(message, "text_entities") or message.get("text"))


def read_parts(value: object) -> RichText:
    """Read a string, or a list of strings and objects like `{"type": "bold", "text": "…"}`."""
    builder = TextBuilder()
    for part in _as_parts(value):
        if isinstance(part, str):
            builder.add(as_exported(part))
        elif (entity := as_object(part)) is not None:
            _add_entity(builder, entity)
    return builder.build()


def _as_parts(value: object) -> Iterable[object]:
    if isinstance(value, list):
        return value
    return (value,)


def _add_entity(builder: TextBuilder, entity: JsonObject) -> None:
    text = as_exported(string_of(entity, "text") or "")
    start = builder.length
    builder.add(text)
    kind, value = _read_kind(entity, text)
    if kind is not None:
        builder.mark(kind, start, value=value)


def _read_kind(entity: JsonObject, text: str) -> tuple[SpanKind | None, str]:
    """Return an entity's kind and value; addresses are read as in HTML exports."""
    kind = string_of(entity, "type") or ""
    if kind == "link":
        return read_anchor(href=text, onclick="", text=text)
    if kind == "text_link":
        return read_anchor(href=string_of(entity, "href") or "", onclick="", text=text)
    if kind == "pre":
        return SpanKind.PRE, string_of(entity, "language") or ""
    if kind == "blockquote":
        return SpanKind.QUOTE, "collapsed" if entity.get("collapsed") is True else ""
    return _KINDS.get(kind), ""
