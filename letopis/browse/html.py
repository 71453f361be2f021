"""Writes texts, code and matches as HTML; whatever comes from the archive is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import unescape

from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_by_name
from pygments.util import ClassNotFound

from bot.message.html import to_html
from model.rich_text import RichText, Span, SpanKind

# Nothing is nested in code, and angle brackets of the code are escaped.
_BLOCK = re.compile(r'<pre>(?:<code class="language-([^"]*)">)?([^<]*)(?:</code>)?</pre>')


def text_html(content: RichText) -> Markup:
    """Return a post's text with its formatting, links and coloured code.

    Only addresses of http, https and tg become links.
    """
    spans = tuple(map(_as_link, content.spans, _texts(content)))
    written = to_html(replace(content, spans=spans))
    # Angle brackets of the text itself are escaped, so these are all tags.
    written = written.replace("<a href=", '<a rel="noreferrer" href=')
    return Markup(_BLOCK.sub(_coloured, written))  # noqa: S704  # escaped by to_html


def code_html(code: str, language: str | None) -> Markup:
    """Return coloured code; an unknown language has no colours."""
    try:
        lexer = get_lexer_by_name(language or "text", stripnl=False, ensurenl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False, ensurenl=False)
    coloured = highlight(code, lexer, HtmlFormatter(nowrap=True))
    return Markup('<pre class="code"><code>{}</code></pre>').format(
        Markup(coloured.removesuffix("\n"))  # noqa: S704  # escaped by Pygments
    )


def marked_html(text: str, marks: Iterable[tuple[int, int]]) -> Markup:
    """Return a text with its matches marked; they are in order and apart."""
    return Markup("").join(_marked(text, marks))


def _marked(text: str, marks: Iterable[tuple[int, int]]) -> Iterator[Markup]:
    at = 0
    for start, end in marks:
        yield escape(text[at:start])
        yield Markup("<mark>{}</mark>").format(text[start:end])
        at = end
    yield escape(text[at:])


def _texts(content: RichText) -> Iterator[str]:
    return map(content.text_of, content.spans)


def _as_link(span: Span, text: str) -> Span:
    """Return a bare address or a mention as a link, which Telegram finds by itself."""
    match span.kind:
        case SpanKind.URL:
            return replace(span, kind=SpanKind.TEXT_LINK, value=span.value or text)
        case SpanKind.MENTION:
            address = f"https://t.me/{text.removeprefix('@')}"
            return replace(span, kind=SpanKind.TEXT_LINK, value=address)
        case _:
            return span


def _coloured(block: re.Match[str]) -> str:
    return str(code_html(unescape(block[2]), block[1] and unescape(block[1])))
