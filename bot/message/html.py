"""Writes rich text as the Bot API's HTML: the only place where text is escaped."""

from __future__ import annotations

from html import escape

from bot.message.nesting import nest
from model.rich_text import RichText, Span, SpanKind

_TAGS = {
    SpanKind.BOLD: "b",
    SpanKind.ITALIC: "i",
    SpanKind.UNDERLINE: "u",
    SpanKind.STRIKE: "s",
    SpanKind.SPOILER: "tg-spoiler",
    SpanKind.CODE: "code",
}


def to_html(content: RichText) -> str:
    """Return HTML that Telegram parses into the same text and spans."""
    rich = nest(content)
    out: list[str] = []
    open_spans: list[Span] = []
    position = 0

    def write_to(end: int) -> None:
        nonlocal position
        out.append(escape(rich.text[position:end], quote=False))
        position = end

    def close_until(start: int) -> None:
        while open_spans and open_spans[-1].end <= start:
            span = open_spans.pop()
            write_to(span.end)
            out.append(_closing(span))

    for span in rich.spans:
        close_until(span.start)
        write_to(span.start)
        out.append(_opening(span))
        open_spans.append(span)
    close_until(len(rich.text))
    write_to(len(rich.text))
    return "".join(out)


def _opening(span: Span) -> str:
    match span.kind:
        case SpanKind.TEXT_LINK:
            return f'<a href="{escape(span.value)}">'
        case SpanKind.QUOTE:
            return "<blockquote expandable>" if span.value else "<blockquote>"
        case SpanKind.PRE if span.value:
            return f'<pre><code class="language-{escape(span.value)}">'
        case SpanKind.PRE:
            return "<pre>"
        case kind:
            return f"<{_TAGS[kind]}>"


def _closing(span: Span) -> str:
    match span.kind:
        case SpanKind.TEXT_LINK:
            return "</a>"
        case SpanKind.QUOTE:
            return "</blockquote>"
        case SpanKind.PRE:
            return "</code></pre>" if span.value else "</pre>"
        case kind:
            return f"</{_TAGS[kind]}>"
