"""Rich text in the markup of a channel's web preview: nested tags, emoji as pictures."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from model.rich_text import RichText, Span, SpanKind
from tests.mirror.text_strategies import EMOJI

_TAGS = {
    SpanKind.BOLD: "b",
    SpanKind.ITALIC: "i",
    SpanKind.UNDERLINE: "u",
    SpanKind.STRIKE: "s",
    SpanKind.SPOILER: "tg-spoiler",
    SpanKind.QUOTE: "blockquote",
    SpanKind.CODE: "code",
    SpanKind.PRE: "pre",
}
_EMOJI = re.compile("|".join(sorted(map(re.escape, EMOJI), key=len, reverse=True)))
_CONFIRM = r"return confirm('Open this link?\n\n'+this.href);"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebDialect:
    """How a page was got: `saved` by a browser from its live form, or raw from the server."""

    saved: bool = False

    @property
    def line_break(self) -> str:
        """Return a line break in its spelling."""
        return "<br>" if self.saved else "<br/>"


def escape(text: str) -> str:
    """Return text as the server escapes it."""
    escaped = html.escape(text).replace("&#x27;", "&#39;").replace("!", "&#33;")
    return escaped.replace("$", "&#036;").replace("\u00a0", "&nbsp;")


def format_web_text(content: RichText, *, username: str, dialect: WebDialect) -> str:
    """Return the content of a `div.js-message_text`."""
    writer = _Writer(content.text, username, dialect)
    return writer.write(0, len(content.text), list(content.spans))


class _Writer:
    def __init__(self, text: str, username: str, dialect: WebDialect) -> None:
        self._text = text
        self._username = username
        self._dialect = dialect

    def write(self, start: int, end: int, spans: Sequence[Span]) -> str:
        """Write a stretch of text and the spans in it; the first one holds those that it covers."""
        parts = []
        while spans:
            span, *others = spans
            inner = [each for each in others if each.end <= span.end]
            spans = [each for each in others if each.end > span.end]
            parts.append(self._plain(start, span.start))
            parts.append(self._wrap(span, self.write(span.start, span.end, inner)))
            start = span.end
        return "".join([*parts, self._plain(start, end)])

    def _plain(self, start: int, end: int) -> str:
        parts, done = [], start
        for match in _EMOJI.finditer(self._text, start, end):
            parts.append(self._words(self._text[done : match.start()]))
            parts.append(emoji_markup(match[0]))
            done = match.end()
        return "".join([*parts, self._words(self._text[done:end])])

    def _words(self, text: str) -> str:
        return escape(text).replace("\n", self._dialect.line_break)

    def _wrap(self, span: Span, inner: str) -> str:
        if span.kind in _TAGS:
            name = _TAGS[span.kind]
            attribute = " expandable" if span.value and span.kind is SpanKind.QUOTE else ""
            return f"<{name}{attribute}>{inner}</{name}>"
        if span.kind is SpanKind.CUSTOM_EMOJI:
            return f'<tg-emoji emoji-id="5368324170671202286">{inner}</tg-emoji>'
        attributes = self._link(span, self._text[span.start : span.end])
        return f"<a {attributes}>{inner}</a>" if attributes else inner

    def _link(self, span: Span, text: str) -> str:
        """Return the attributes of an address; other entities have none."""
        if span.kind is SpanKind.HASHTAG:
            page = f"https://t.me/s/{self._username}" if self._dialect.saved else ""
            return f'href="{page}?q=%23{quote(text[1:])}"'
        if span.kind is SpanKind.MENTION:
            return f'href="https://t.me/{text[1:]}" target="_blank"'
        if span.kind is SpanKind.URL:
            address = text if ":" in text.partition("/")[0] else f"http://{text}"
            return f'href="{escape(address)}" target="_blank" rel="noopener"'
        if span.kind is SpanKind.TEXT_LINK:
            opened = f'href="{escape(span.value)}" target="_blank" rel="noopener"'
            return f'{opened} onclick="{escape(_CONFIRM)}"'
        return ""


def emoji_markup(emoji: str) -> str:
    """Return an emoji as a picture with the emoji itself inside."""
    picture = f"//telegram.org/img/emoji/40/{emoji.encode().hex().upper()}.png"
    return f'<i class="emoji" style="background-image:url(\'{picture}\')"><b>{emoji}</b></i>'
