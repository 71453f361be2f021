"""What Telegram makes of HTML: TDLib's own parser, called synchronously, without a client."""

from __future__ import annotations

import json
from typing import Any

from tdjson import td_execute

from model.rich_text import RichText, Span, SpanKind
from model.text import utf16_length

Entity = tuple[str, int, int, str]
"""A span as TDLib says it: type, offset and length in UTF-16 units, language or address."""

_TYPES = {
    SpanKind.BOLD: "Bold",
    SpanKind.ITALIC: "Italic",
    SpanKind.UNDERLINE: "Underline",
    SpanKind.STRIKE: "Strikethrough",
    SpanKind.SPOILER: "Spoiler",
    SpanKind.CODE: "Code",
    SpanKind.TEXT_LINK: "TextUrl",
}


class Refused(AssertionError):
    """TDLib does not accept the HTML."""


def parse_html(html: str) -> tuple[str, list[Entity]]:
    """Return the text and the spans that Telegram reads from HTML."""
    answer = _execute("parseTextEntities", text=html, parse_mode={"@type": "textParseModeHTML"})
    if answer["@type"] == "error":
        raise Refused(f"{answer['message']}: {html[:300]!r}")
    return answer["text"], sorted(_read_entity(entity) for entity in answer["entities"])


def expected_entities(rich: RichText) -> list[Entity]:
    """Return the spans of a text as TDLib would say them."""
    return sorted(_expect(rich, span) for span in rich.spans)


def _expect(rich: RichText, span: Span) -> Entity:
    offset, length = utf16_length(rich.text[: span.start]), utf16_length(rich.text_of(span))
    match span.kind:
        case SpanKind.PRE:
            return ("PreCode" if span.value else "Pre", offset, length, span.value)
        case SpanKind.QUOTE:
            return ("ExpandableBlockQuote" if span.value else "BlockQuote", offset, length, "")
        case kind:
            return (_TYPES[kind], offset, length, span.value)


def _read_entity(entity: dict[str, Any]) -> Entity:
    kind = entity["type"]
    value = kind.get("language") or kind.get("url") or ""
    return (
        kind["@type"].removeprefix("textEntityType"),
        entity["offset"],
        entity["length"],
        value,
    )


def _execute(kind: str, **arguments: object) -> dict[str, Any]:
    raw = td_execute(json.dumps({"@type": kind, **arguments}).encode())
    assert raw is not None
    answer: dict[str, Any] = json.loads(raw)
    return answer


_execute("setLogVerbosityLevel", new_verbosity_level=0)
