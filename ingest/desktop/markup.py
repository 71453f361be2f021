"""Text of Telegram Desktop pages: HTML tags become spans."""

from __future__ import annotations

import re
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from ingest.dom import split_classes
from ingest.links import is_mention
from ingest.rich_post import mark_button
from ingest.rich_text import TextBuilder
from model.rich_text import RichText, SpanKind

_STYLES = {
    "strong": SpanKind.BOLD,
    "b": SpanKind.BOLD,
    "em": SpanKind.ITALIC,
    "i": SpanKind.ITALIC,
    "u": SpanKind.UNDERLINE,
    "ins": SpanKind.UNDERLINE,
    "s": SpanKind.STRIKE,
    "code": SpanKind.CODE,
    "blockquote": SpanKind.QUOTE,
}
# `<a href="" onclick="return ShowHashtag(&quot;tag&quot;)">#tag</a>`: the link text is the tag.
_HANDLERS = {
    "ShowHashtag": SpanKind.HASHTAG,
    "ShowCashtag": SpanKind.CASHTAG,
    "ShowBotCommand": SpanKind.COMMAND,
    "ShowMentionName": SpanKind.MENTION_NAME,
    "ShowNotLoadedEmoji": SpanKind.CUSTOM_EMOJI,
    "ShowNotAvailableEmoji": SpanKind.CUSTOM_EMOJI,
}
_HANDLER = re.compile(r"\s*(?:return\s+)?(\w+)\(")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|tg:|mailto:|tel:", re.IGNORECASE)
# Service messages link to their subject: `<a href="messages2.html#go_to_message7">`.
_IN_EXPORT = re.compile(r"[^/:]*#go_to_message")
_STICKER_FILE = re.compile(
    r"(?:\.\./)*(?:chats/\w+/)?stickers/.+|[^?#]*\.(?:tgs|webp|webm)", re.IGNORECASE
)
_BARE_ADDRESS = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[:/?#]\S*)?")
# Authors nest a few tags; a page that nests hundreds is an attack on parsers.
_DEEPEST = 100


def read_markup(block: LexborNode) -> RichText:
    """Read a block such as `div.text` exactly as its author wrote it.

    The exporter puts every block tag on its own line, so one line break after the opening tag, and
    one with indentation before the closing tag, are not the author's. No other line breaks need
    care: the author's own are `<br>`.
    """
    first, last = block.first_child, block.last_child
    if first is None or last is None:
        return RichText()
    wrapped = first.is_text_node and (first.text_content or "").startswith("\n")
    builder = TextBuilder(hidden=1 if wrapped else 0)
    _read_children(block, builder)
    return builder.build(unwrap_end=last.is_text_node)


def read_text(block: LexborNode) -> str:
    """Read a block of which only the words are kept, such as a poll answer."""
    return read_markup(block).text


def _read_children(node: LexborNode, builder: TextBuilder, *, depth: int = 0) -> None:
    parts = builder.parts
    for child in node.iter(include_text=True):
        tag = child.tag
        if tag == "-text":
            text = child.text_content or ""
            parts.append(text)
            builder.length += len(text)
        elif tag == "br":
            builder.add("\n")
        elif tag is not None and depth < _DEEPEST:
            read_inline(child, tag, builder, depth=depth + 1)


def read_inline(node: LexborNode, tag: str, builder: TextBuilder, *, depth: int = 0) -> None:
    """Read an inline element, and add its span."""
    start = builder.length
    if tag in _STYLES:
        _read_children(node, builder, depth=depth)
        builder.mark(_STYLES[tag], start)
        return
    if tag == "pre":
        _read_pre(node, builder, depth=depth)
        return
    attributes = node.attributes
    first_part = len(builder.parts)
    if "data-button-url" in attributes:
        _read_children(node, builder, depth=depth)
        mark_button(builder, start, unquote(attributes["data-button-url"] or ""))
    elif tag == "a":
        _read_children(node, builder, depth=depth)
        kind, value = read_anchor(
            href=attributes.get("href") or "",
            onclick=attributes.get("onclick") or "",
            text="".join(builder.parts[first_part:]),
        )
        if kind is not None:
            builder.mark(kind, start, value=value)
    else:
        _read_span(node, split_classes(attributes.get("class")), builder, depth=depth)


def _read_span(
    node: LexborNode, names: frozenset[str], builder: TextBuilder, *, depth: int
) -> None:
    """Read an element identified by its class; `rich_` classes date from 2026."""
    if "message" in names:
        return  # nested by mistake: read as a message of its own
    if "rich_inline_fallback" in names:
        return  # the exporter's placeholder for what it cannot show: "Inline image"
    if "rich_diff_previous" in names:
        builder.add(" ")
    start, first_part = builder.length, len(builder.parts)
    if "rich_custom_emoji" in names:
        builder.add(node.text(deep=True))
        builder.mark(SpanKind.CUSTOM_EMOJI, start)
        return
    _read_children(node, builder, depth=depth)
    if "spoiler" in names:
        builder.mark(SpanKind.SPOILER, start)
    elif node.tag == "del":
        builder.mark(SpanKind.STRIKE, start)
    elif "rich_inert_link" in names:
        _mark_bare_address(builder, start, text="".join(builder.parts[first_part:]))


def _mark_bare_address(builder: TextBuilder, start: int, *, text: str) -> None:
    """Mark `<span class="rich_inert_link">example.org/x</span>`.

    In rich posts the exporter does not link addresses without `https://`.
    """
    if _BARE_ADDRESS.fullmatch(text):
        builder.mark(SpanKind.URL, start, value="https://" + text)


def _read_pre(node: LexborNode, builder: TextBuilder, *, depth: int) -> None:
    """Read `<pre>a<br>b<br></pre>`, or `<pre data-language="python"><code>…` of version 7.

    Only the latter names a language; its inner `<code>` is not marked a second time.
    """
    start = builder.length
    inner = node.first_child
    if inner is not None and inner.tag == "code" and inner.next is None:
        node, label = inner, node.attributes.get("data-language")
    else:
        label = node.attributes.get("data-language")
    _read_children(node, builder, depth=depth)
    builder.mark(SpanKind.PRE, start, value=label or "")


def read_anchor(*, href: str, onclick: str, text: str) -> tuple[SpanKind | None, str]:
    """Return the kind of a link and its address."""
    if onclick:
        handler = _HANDLER.match(onclick)
        return (_HANDLERS.get(handler[1]) if handler else None), ""
    # `<a href="messages2.html#go_to_message12">this message</a>` leads to another page, and
    # `<a href="#rich-message-5-anchor-c2Vj">` to another place of the post.
    if not href or href.startswith("#") or _IN_EXPORT.match(href):
        return None, ""
    if _SCHEME.match(href):
        return _read_address(href, text)
    return _read_bare_address(href, text)


def _read_address(href: str, text: str) -> tuple[SpanKind, str]:
    lowered = href.lower()
    if lowered.startswith("mailto:"):
        return SpanKind.EMAIL, _other_than(text, href[len("mailto:") :])
    if lowered.startswith("tel:"):
        return SpanKind.PHONE, _other_than(text, href[len("tel:") :])
    if text == href:
        return SpanKind.URL, href
    if is_mention(href, text):
        return SpanKind.MENTION, ""
    return SpanKind.TEXT_LINK, href


def _other_than(text: str, address: str) -> str:
    """Return the address of a link, unless the link text is the address itself."""
    return "" if address == text else address


def _read_bare_address(href: str, text: str) -> tuple[SpanKind, str]:
    """Distinguish `<a href="example.org/x">example.org/x</a>` from the file of a custom emoji.

    The latter is written with spaces: `<a href = "stickers/AnimatedSticker.tgs">❤️</a>`.
    """
    if text == href:
        return SpanKind.URL, "https://" + href
    if _STICKER_FILE.fullmatch(href):
        return SpanKind.CUSTOM_EMOJI, ""
    return SpanKind.TEXT_LINK, "https://" + href
