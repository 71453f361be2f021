"""Parses the Bot API's HTML as the server does: the inverse of `bot.message.html`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from bot.message.compose import cut
from model.rich_text import RichText, Span, SpanKind
from model.text import utf16_length

_TAGS = {
    "b": SpanKind.BOLD,
    "i": SpanKind.ITALIC,
    "u": SpanKind.UNDERLINE,
    "s": SpanKind.STRIKE,
    "tg-spoiler": SpanKind.SPOILER,
    "code": SpanKind.CODE,
    "pre": SpanKind.PRE,
    "a": SpanKind.TEXT_LINK,
    "blockquote": SpanKind.QUOTE,
}
_TYPES = {kind: str(kind) for kind in _TAGS.values()} | {
    SpanKind.STRIKE: "strikethrough",
    SpanKind.QUOTE: "blockquote",
}
_FOLDED_QUOTE = "expandable_blockquote"
_KINDS = {name: kind for kind, name in _TYPES.items()} | {_FOLDED_QUOTE: SpanKind.QUOTE}
_FOLDED = "collapsed"


def read_html(html: str) -> RichText:
    """Parse HTML into a text and its spans."""
    locale = _Reader()
    locale.feed(html)
    locale.close()
    spans = sorted(locale.spans, key=lambda span: (span.start, -span.end))
    return RichText("".join(locale.texts), tuple(spans))


def trim(rich: RichText) -> RichText:
    """Strip whitespace from both ends, as the server does."""
    start = len(rich.text) - len(rich.text.lstrip())
    return cut(rich, start, max(len(rich.text.rstrip()), start))


def to_entities(rich: RichText) -> list[dict[str, Any]]:
    """Return the spans as Telegram's entities, in UTF-16 units."""
    return [_entity(rich, span) for span in rich.spans]


def _entity(rich: RichText, span: Span) -> dict[str, Any]:
    entity: dict[str, Any] = {
        "type": _TYPES[span.kind],
        "offset": utf16_length(rich.text[: span.start]),
        "length": utf16_length(rich.text_of(span)),
    }
    match span.kind:
        case SpanKind.TEXT_LINK:
            entity["url"] = span.value
        case SpanKind.PRE if span.value:
            entity["language"] = span.value
        case SpanKind.QUOTE if span.value:
            entity["type"] = _FOLDED_QUOTE
    return entity


def from_entities(text: str, entities: Sequence[Mapping[str, Any]]) -> RichText:
    """Return a text with the spans of Telegram's formatting entities."""
    units = text.encode("utf-16-le", "surrogatepass")

    def characters(length: int) -> int:
        return len(units[: 2 * length].decode("utf-16-le", "surrogatepass"))

    spans = (
        Span(
            kind=_KINDS[entity["type"]],
            start=characters(entity["offset"]),
            end=characters(entity["offset"] + entity["length"]),
            value=entity.get("url")
            or entity.get("language")
            or (_FOLDED if entity["type"] == _FOLDED_QUOTE else ""),
        )
        for entity in entities
        if entity["type"] in _KINDS
    )
    return RichText(text, tuple(spans))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.spans: list[Span] = []
        self._length = 0
        self._open: list[Span] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        self._length += len(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        value = given.get("href") or (_FOLDED if "expandable" in given else "")
        language = given.get("class") or ""
        if tag == "code" and language:
            # <pre><code class="language-python"> is one span, that of the block.
            value = language.removeprefix("language-")
        self._open.append(Span(kind=_TAGS[tag], start=self._length, end=self._length, value=value))

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  # required by the base class
        span = self._open.pop()
        if span.kind is SpanKind.CODE and span.value:
            outer = self._open.pop()
            self._open.append(Span(kind=outer.kind, start=outer.start, end=0, value=span.value))
            return
        self.spans.append(
            Span(kind=span.kind, start=span.start, end=self._length, value=span.value)
        )
