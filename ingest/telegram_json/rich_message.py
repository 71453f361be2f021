"""Rich posts (2026): blocks of nested text instead of one flat text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ingest.desktop.markup import read_anchor
from ingest.rich_text import TextBuilder, as_exported
from ingest.telegram_json.fields import JsonObject, as_object, list_of, string_of
from model.rich_text import RichText, SpanKind

# Real posts never nest deeper; anything deeper is left out.
_DEEPEST = 20
_STYLES = {
    "bold": SpanKind.BOLD,
    "italic": SpanKind.ITALIC,
    "underline": SpanKind.UNDERLINE,
    "strikethrough": SpanKind.STRIKE,
    "code": SpanKind.CODE,
    "spoiler": SpanKind.SPOILER,
    "mention": SpanKind.MENTION,
    "mention_name": SpanKind.MENTION_NAME,
    "hashtag": SpanKind.HASHTAG,
    "cashtag": SpanKind.CASHTAG,
    "bot_command": SpanKind.COMMAND,
    "email": SpanKind.EMAIL,
    "phone": SpanKind.PHONE,
    "custom_emoji": SpanKind.CUSTOM_EMOJI,
}
_BLOCK_SPANS = {"code": SpanKind.PRE, "quote": SpanKind.QUOTE}


def read_rich_message(message: JsonObject) -> RichText:
    """Read the blocks, each on its own line."""
    builder = TextBuilder()
    for block in list_of(message, "blocks"):
        _add_block(builder, block, depth=0)
    return builder.build()


def _add_block(builder: TextBuilder, value: object, *, depth: int) -> None:
    """Add a block, or anything containing blocks: a list item, a table row."""
    block = as_object(value)
    if block is None or depth > _DEEPEST:
        return
    mark = _BLOCK_SPANS.get(string_of(block, "type") or "")
    if mark is not None:
        builder.start_line()
    start = builder.length
    for key in ("title", "text", "formula"):
        _add_line(builder, block.get(key))
    _add_block(builder, block.get("block"), depth=depth + 1)
    for key in ("blocks", "items", "rows", "cells"):
        for each in list_of(block, key):
            _add_block(builder, each, depth=depth + 1)
    if mark is not None:
        builder.mark(mark, start, value=string_of(block, "language") or "")
    _add_line(builder, block.get("caption"))


def _add_line(builder: TextBuilder, text: object) -> None:
    line = TextBuilder()
    _add_text(line, text, depth=0)
    if line.length:
        builder.start_line()
        _add_text(builder, text, depth=0)


def _add_text(builder: TextBuilder, value: object, *, depth: int) -> None:
    """Add a text: a string, a list, or `{"type": "bold", "text": …}` around one."""
    if isinstance(value, str):
        builder.add(as_exported(value))
    elif isinstance(value, list):
        for each in value if depth <= _DEEPEST else ():
            _add_text(builder, each, depth=depth + 1)
    elif (part := as_object(value)) is not None and depth <= _DEEPEST:
        start, first_part = builder.length, len(builder.parts)
        _add_text(builder, part.get("text", part.get("source")), depth=depth + 1)
        _mark_text(builder, part, start, text="".join(builder.parts[first_part:]))


def _mark_text(builder: TextBuilder, part: JsonObject, start: int, *, text: str) -> None:
    kind = string_of(part, "type") or ""
    if kind in _ADDRESSES:
        marked, value = read_anchor(href=_ADDRESSES[kind](part, text), onclick="", text=text)
        if marked is not None:
            builder.mark(marked, start, value=value)
    elif kind in _STYLES:
        builder.mark(_STYLES[kind], start)


_ADDRESSES: Mapping[str, Callable[[JsonObject, str], str]] = {
    "link": lambda _, text: text,
    "text_link": lambda part, _: string_of(part, "href") or "",
}
