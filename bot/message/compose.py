"""Combines texts and spans; the only place where offsets are computed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import accumulate

from model.rich_text import RichText, Span, SpanKind

Piece = str | RichText
"""Anything that can be put into a message: a plain or a rich text."""

# Characters that a message cannot contain (NUL, lone surrogates), or that the server removes,
# shifting all later offsets (carriage returns, bidirectional overrides).
_DROPPED = "\x00\r\ud800-\udfff\u202a-\u202e"
_DIRTY = re.compile(f"[{_DROPPED}\x01-\x09\x0b-\x1f\u2028\u2029]")
# The server turns it into one space, which would lose the indentation of code.
_TAB = "    "
_IS_DROPPED = re.compile(f"[{_DROPPED}]")


def clean(content: Piece) -> RichText:
    """Remove what no message can contain, and shift the spans accordingly."""
    rich = content if isinstance(content, RichText) else RichText(content)
    if not _DIRTY.search(rich.text):
        return rich
    kept = [_clean_character(character) for character in rich.text]
    offsets = [0, *accumulate(map(len, kept))]
    last = len(rich.text)
    spans = (
        replace(span, start=offsets[min(span.start, last)], end=offsets[min(span.end, last)])
        for span in rich.spans
    )
    return RichText("".join(kept), tuple(spans))


def join(pieces: Iterable[Piece], *, by: Piece = "") -> RichText:
    """Concatenate pieces with a separator."""
    texts: list[str] = []
    spans: list[Span] = []
    length = 0
    separator = clean(by)
    for number, piece in enumerate(pieces):
        for part in (separator, clean(piece)) if number else (clean(piece),):
            texts.append(part.text)
            spans += (_move(span, length) for span in part.spans)
            length += len(part.text)
    return RichText("".join(texts), tuple(spans))


def wrap(kind: SpanKind, content: Piece, value: str = "") -> RichText:
    """Put one span over a whole piece."""
    inner = clean(content)
    return RichText(
        inner.text, (Span(kind=kind, start=0, end=len(inner.text), value=value), *inner.spans)
    )


def bold(content: Piece) -> RichText:
    """Make a piece bold."""
    return wrap(SpanKind.BOLD, content)


def code(content: Piece) -> RichText:
    """Make a piece inline code."""
    return wrap(SpanKind.CODE, content)


def block(content: Piece, language: str | None) -> RichText:
    """Make a piece a code block."""
    return wrap(SpanKind.PRE, content, language or "")


def quote(content: Piece, *, collapsed: bool = False) -> RichText:
    """Make a piece a quotation, folded if it is long and `collapsed`."""
    return wrap(SpanKind.QUOTE, content, "collapsed" if collapsed else "")


def link(content: Piece, url: str | None) -> RichText:
    """Make a piece a link, or bold if there is no address."""
    return wrap(SpanKind.TEXT_LINK, content, url) if url else bold(content)


def plain_link(content: Piece, url: str | None) -> RichText:
    """Make a piece a link, or leave it as it is if there is no address."""
    return wrap(SpanKind.TEXT_LINK, content, url) if url else clean(content)


def cut(rich: RichText, start: int, end: int) -> RichText:
    """Return part of a rich text, with its spans clipped."""
    spans = (
        replace(span, start=max(span.start, start) - start, end=min(span.end, end) - start)
        for span in rich.spans
        if span.start < end and span.end > start
    )
    return RichText(rich.text[start:end], tuple(spans))


def _clean_character(character: str) -> str:
    if not _DIRTY.match(character):
        return character
    if _IS_DROPPED.match(character):
        return ""
    if character == "\t":
        return _TAB
    return "\n" if character in "\u2028\u2029" else " "


def _move(span: Span, by: int) -> Span:
    return replace(span, start=span.start + by, end=span.end + by)
