"""Text of web pages: HTML tags, which may nest, become spans."""

from __future__ import annotations

import re
from urllib.parse import unquote

from bs4 import Tag
from bs4.element import NavigableString

from ingest.links import is_mention
from ingest.rich_text import TextBuilder, as_exported
from model.rich_text import RichText, SpanKind

# Real posts never nest deeper; text below that depth loses only its formatting.
_DEEPEST = 16
_LANGUAGE = "language-"
_STYLES = {
    "b": SpanKind.BOLD,
    "strong": SpanKind.BOLD,
    "i": SpanKind.ITALIC,
    "em": SpanKind.ITALIC,
    "u": SpanKind.UNDERLINE,
    "ins": SpanKind.UNDERLINE,
    "s": SpanKind.STRIKE,
    "del": SpanKind.STRIKE,
    "strike": SpanKind.STRIKE,
    "code": SpanKind.CODE,
    "tg-spoiler": SpanKind.SPOILER,
    "tg-emoji": SpanKind.CUSTOM_EMOJI,
}
# The author's line breaks are `<br>`; those in the source were added when saving.
_SOURCE_BREAK = re.compile(r"(?<![ \t\r\n])[ \t\r]*+\n[ \t\r\n]*+")
_SOURCE_BREAK_FIRST = re.compile(rf"\A{_SOURCE_BREAK.pattern}")
_SOURCE_BREAK_LAST = re.compile(rf"{_SOURCE_BREAK.pattern}\Z")
_SCHEME = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]*:(?://)?")
_HASHTAG = re.compile(r"\?q=(?:%23|#)", re.IGNORECASE)


def classes(tag: Tag) -> frozenset[str]:
    """Return an element's class tokens."""
    value = tag.get("class") or ()
    return frozenset(value.split() if isinstance(value, str) else value)


def line(tag: Tag) -> str:
    """Return the text of a one-line element."""
    return " ".join(tag.get_text().replace("\xa0", " ").split())


def read_markup(block: Tag) -> RichText:
    """Read a block such as `div.js-message_text` exactly as its author wrote it."""
    builder = TextBuilder()
    _read_children(block, builder, depth=0, verbatim=False)
    return builder.build()


def _read_children(tag: Tag, builder: TextBuilder, *, depth: int, verbatim: bool) -> None:
    for child in tag.children:
        if isinstance(child, Tag):
            _read_element(child, builder, depth=depth, verbatim=verbatim)
        elif type(child) is NavigableString:  # subclasses are comments and the like
            text = str(child) if verbatim else _without_source_breaks(child, at_edge=depth == 0)
            builder.add(as_exported(text))


def _without_source_breaks(text: NavigableString, *, at_edge: bool) -> str:
    """Undo the indentation of a page that was saved pretty-printed."""
    if "\n" not in text:
        return str(text)
    words = str(text)
    if _is_break(text.previous_sibling) or (at_edge and text.previous_sibling is None):
        words = _SOURCE_BREAK_FIRST.sub("", words)
    if at_edge and text.next_sibling is None:
        words = _SOURCE_BREAK_LAST.sub("", words)
    return _SOURCE_BREAK.sub(" ", words)


def _is_break(sibling: object) -> bool:
    return isinstance(sibling, Tag) and sibling.name == "br"


def _read_element(tag: Tag, builder: TextBuilder, *, depth: int, verbatim: bool) -> None:
    if tag.name == "br":
        builder.add("\n")
        return
    # `<i class="emoji" style="…"><b>🎨</b></i>` is neither italic nor bold.
    if depth >= _DEEPEST or "emoji" in classes(tag):
        builder.add(as_exported(tag.get_text()))
        return
    start, first_part = builder.length, len(builder.parts)
    verbatim = verbatim or tag.name in ("pre", "code")
    _read_children(tag, builder, depth=depth + 1, verbatim=verbatim)
    kind, value = _read_kind(tag, "".join(builder.parts[first_part:]))
    if kind is not None:
        builder.mark(kind, start, value=value)


def _read_kind(tag: Tag, text: str) -> tuple[SpanKind | None, str]:
    if tag.name == "a":
        return _read_anchor(_attribute(tag, "href"), text)
    if tag.name == "blockquote":
        return SpanKind.QUOTE, "collapsed" if tag.has_attr("expandable") else ""
    if tag.name == "span" and any("spoiler" in name for name in classes(tag)):
        return SpanKind.SPOILER, ""
    if tag.name == "pre":
        return SpanKind.PRE, _read_label(tag)
    if tag.name == "code" and tag.parent is not None and tag.parent.name == "pre":
        return None, ""
    return _STYLES.get(tag.name), ""


def _read_label(pre: Tag) -> str:
    """Return the language of `<pre><code class="language-python">`; pages rarely name one."""
    names = classes(pre.code) if pre.code is not None else ()
    return next((name[len(_LANGUAGE) :] for name in names if name.startswith(_LANGUAGE)), "")


def _attribute(tag: Tag, name: str) -> str:
    value = tag.get(name) or ""
    return value if isinstance(value, str) else " ".join(value)


def _read_anchor(href: str, text: str) -> tuple[SpanKind | None, str]:
    """Return the kind of a link and its address.

    A hashtag links to a search, `<a href="?q=%23tag">#tag</a>`; a mention links to its channel; an
    address without a scheme gets one: `<a href="http://a.org/">a.org</a>`.
    """
    scheme = _SCHEME.match(href)
    if text.startswith("#") and _HASHTAG.search(href):
        return SpanKind.HASHTAG, ""
    if scheme is None:
        return None, ""
    if is_mention(href, text):
        return SpanKind.MENTION, ""
    if _bare(href) != _bare(text) and href != text:
        return SpanKind.TEXT_LINK, href
    return SpanKind.URL, text if _SCHEME.match(text) else f"https://{text}"


def _bare(address: str) -> str:
    return unquote(_SCHEME.sub("", address, count=1)).rstrip("/")
