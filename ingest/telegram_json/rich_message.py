"""Rich posts (2026): blocks of nested text instead of one flat text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ingest.desktop.markup import read_anchor
from ingest.rich_post import (
    ItemNumber,
    RichPost,
    RichPostBuilder,
    mark_button,
    number_items,
    task_marker,
)
from ingest.rich_text import TextBuilder, as_exported
from ingest.telegram_json.fields import (
    JsonObject,
    as_object,
    integer_of,
    object_of,
    objects_of,
    string_of,
)
from ingest.telegram_json.media import read_place
from ingest.telegram_json.rich_media import read_block_media
from model.rich_text import SpanKind

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
    "custom_emoji": SpanKind.CUSTOM_EMOJI,
}
# The order of the lines of a block in HTML exports.
_LINES = ("title", "text", "description", "author", "formula")
_PARTS = ("blocks", "items", "articles", "rows", "cells")
# The title of a channel without a name in HTML exports.
_NAMELESS_CHANNEL = "Channel"


def read_rich_message(message: JsonObject) -> RichPost:
    """Read the blocks, each on its own line."""
    post = RichPostBuilder()
    for block in objects_of(message, "blocks"):
        _add_block(post, block, depth=0)
    return post.build()


def _add_block(post: RichPostBuilder, block: JsonObject, *, depth: int) -> None:
    """Add a block, or anything containing blocks: a list item, a related article."""
    if depth > _DEEPEST:
        return
    add = _OWN_KINDS.get(string_of(block, "type") or "")
    if add is not None:
        add(post, block, depth)
        return
    post.media += read_block_media(block)
    _add_body(post, block, depth=depth)
    _add_caption(post, block)


def _add_body(post: RichPostBuilder, block: JsonObject, *, depth: int) -> None:
    for key in _LINES:
        _add_line(post, block.get(key))
    for button in objects_of(block, "buttons"):
        _add_line(post, button)
    post.write_address(string_of(block, "url"))
    inner = object_of(block, "block")
    if inner is not None:
        _add_block(post, inner, depth=depth + 1)
    for key in _PARTS:
        for each in objects_of(block, key):
            _add_block(post, each, depth=depth + 1)


def _add_caption(post: RichPostBuilder, block: JsonObject) -> None:
    """Add the source of a quote, or the caption and credit below a picture."""
    caption = object_of(block, "caption") or {}
    if "credit" not in caption:
        _add_line(post, caption)
        return
    _add_line(post, caption.get("text"))
    _add_line(post, caption.get("credit"))


def _add_marked(post: RichPostBuilder, block: JsonObject, depth: int) -> None:
    """Add code or a quote, followed by its source."""
    start = post.begin_block()
    _add_body(post, block, depth=depth)
    is_code = block.get("type") == "code"
    language = string_of(block, "language") or ""
    post.mark(SpanKind.PRE if is_code else SpanKind.QUOTE, start, value=language)
    _add_caption(post, block)


def _add_list(post: RichPostBuilder, block: JsonObject, depth: int) -> None:
    items = tuple(objects_of(block, "items"))
    for item, marker in zip(items, _markers(block, items), strict=True):
        task = string_of(item, "task_state")
        is_task = task in ("checked", "unchecked")
        post.begin_item(task_marker(done=task == "checked") if is_task else marker)
        _add_block(post, item, depth=depth + 1)
        post.end_item()


def _markers(block: JsonObject, items: tuple[JsonObject, ...]) -> Iterator[str]:
    """Yield the marker of each item, empty for bullets."""
    if block.get("kind") != "ordered":
        return iter([""] * len(items))
    return number_items(
        [
            ItemNumber(label=string_of(item, "num"), value=integer_of(item, "value"))
            for item in items
        ],
        start=integer_of(block, "start"),
        descending=block.get("reversed") is True,
        style=string_of(block, "list_type") or "",
    )


def _add_table(post: RichPostBuilder, block: JsonObject, _: int) -> None:
    _add_line(post, block.get("title"))
    for row in objects_of(block, "rows"):
        post.begin_block()
        for position, cell in enumerate(objects_of(row, "cells")):
            if position:
                post.begin_cell()
            _add_words(post, cell.get("text"))


def _add_channel(post: RichPostBuilder, block: JsonObject, _: int) -> None:
    channel = object_of(block, "channel") or {}
    username = string_of(channel, "username")
    post.write_link(
        as_exported(string_of(channel, "title") or _NAMELESS_CHANNEL),
        f"https://t.me/{username}" if username else None,
    )


def _add_map(post: RichPostBuilder, block: JsonObject, _: int) -> None:
    post.media.append(read_place(object_of(block, "geo") or {}))
    _add_caption(post, block)


def _add_line(post: RichPostBuilder, value: object) -> None:
    post.begin_block()
    _add_words(post, value)


def _add_words(post: RichPostBuilder, value: object) -> None:
    post.write(lambda text: _add_text(text, value, depth=0))


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
        if "old_text" in part:
            _add_old_text(builder, part["old_text"], depth=depth + 1)


def _add_old_text(builder: TextBuilder, value: object, *, depth: int) -> None:
    """Add the old text of a changed passage, worded as in an HTML export."""
    builder.add(" ")
    start = builder.length
    builder.add("Previous: ")
    _add_text(builder, value, depth=depth)
    builder.mark(SpanKind.STRIKE, start)


def _mark_text(builder: TextBuilder, part: JsonObject, start: int, *, text: str) -> None:
    kind = string_of(part, "type") or ""
    if (button := object_of(part, "button")) is not None:
        mark_button(builder, start, string_of(button, "url"))
    elif kind in _ADDRESSES:
        marked, value = read_anchor(href=_ADDRESSES[kind](part, text), onclick="", text=text)
        if marked is not None:
            builder.mark(marked, start, value=value)
    elif kind in _STYLES:
        builder.mark(_STYLES[kind], start)


_Add = Callable[[RichPostBuilder, JsonObject, int], None]

_OWN_KINDS: Mapping[str, _Add] = {
    "code": _add_marked,
    "quote": _add_marked,
    "list": _add_list,
    "table": _add_table,
    "channel": _add_channel,
    "map": _add_map,
    "input_map": _add_map,
}
_ADDRESSES: Mapping[str, Callable[[JsonObject, str], str]] = {
    "link": lambda _, text: text,
    "text_link": lambda part, _: string_of(part, "href") or "",
    "email": lambda part, text: f"mailto:{string_of(part, 'email') or text}",
    "phone": lambda part, text: f"tel:{string_of(part, 'phone') or text}",
}
