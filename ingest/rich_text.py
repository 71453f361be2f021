"""Builds rich text: text and spans are added in reading order."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from model.rich_text import RichText, Span, SpanKind
from model.tags import find_tags

# Nothing inside these is a hashtag: code, and the fragments of addresses.
_OPAQUE = (SpanKind.CODE, SpanKind.PRE, SpanKind.URL, SpanKind.EMAIL)
# An HTML export turns these two into line breaks; that must not look like an edit.
_AS_EXPORTED = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\0": "\ufffd"})


def as_exported(text: str) -> str:
    """Return a text with the characters an HTML export would have."""
    return text.translate(_AS_EXPORTED)


class TextBuilder:
    """Collects a text and its spans.

    `parts` and `length` are public for readers that add many small pieces; `length` counts visible
    characters, so it starts below zero if the first `hidden` characters are to be dropped.
    """

    __slots__ = ("_hidden", "_spans", "length", "parts")

    def __init__(self, *, hidden: int = 0) -> None:
        self._hidden = hidden
        self._spans: list[Span] = []
        self.parts: list[str] = []
        self.length = -hidden

    def add(self, text: str) -> None:
        """Append plain text."""
        self.parts.append(text)
        self.length += len(text)

    def mark(self, kind: SpanKind, start: int, *, value: str = "") -> None:
        """Add a span from `start` to the current end, unless it is empty."""
        if start < self.length:
            self._spans.append(Span(kind=kind, start=start, end=self.length, value=value))

    @property
    def at_line_start(self) -> bool:
        """Return whether the next character begins a line."""
        return next((part for part in reversed(self.parts) if part), "\n").endswith("\n")

    def build(self, *, unwrap_end: bool = False) -> RichText:
        """Return the text with its spans in order, including hashtags that were not marked.

        Args:
            unwrap_end: Drop the page's own line break and indentation at the end.
        """
        text = "".join(self.parts)[self._hidden :]
        if unwrap_end:
            bare = text.rstrip(" ")
            text = bare[:-1] if bare.endswith("\n") else text
        return with_hashtags(text, self._spans)


def with_hashtags(text: str, spans: list[Span]) -> RichText:
    """Return a text with the given spans and a span for every hashtag.

    Exporters write flat markup: a hashtag inside bold or a quote is not marked.
    """
    found = spans
    marks = text.count("#")
    if marks and marks > sum(map(partial(_is_marked, text), spans)):
        found = [*spans, *_unmarked_hashtags(text, spans)]
    if len(found) > 1 and any(after.start <= before.start for before, after in pairwise(found)):
        found = sorted(found, key=_reading_order)
    return RichText(text, tuple(found))


def _is_marked(text: str, span: Span) -> bool:
    """Return whether a span starts at this `#`; exporters mark most hashtags themselves."""
    return span.kind is SpanKind.HASHTAG and text[span.start] == "#"


def _reading_order(span: Span) -> tuple[int, int]:
    return span.start, -span.end


def _unmarked_hashtags(text: str, spans: list[Span]) -> list[Span]:
    return [
        Span(kind=SpanKind.HASHTAG, start=start, end=end)
        for start, end in find_tags(text)
        if not any(_excludes(span, start, end) for span in spans)
    ]


def _excludes(span: Span, start: int, end: int) -> bool:
    """Return whether `span` prevents `[start, end)` from being a hashtag."""
    if span.end <= start or end <= span.start:
        return False
    if span.kind in _OPAQUE or span.kind is SpanKind.HASHTAG:
        return True
    crosses_start = span.start < start < span.end < end
    crosses_end = start < span.start < end < span.end
    return crosses_start or crosses_end
