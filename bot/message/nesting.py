"""Normalises spans so that Telegram displays them as given.

The server drops or splits what it does not allow: nothing may be inside code, code may be inside
nothing but a quotation, quotations do not nest, links do not nest. Spans that overlap without
nesting cannot be written as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from bot.message.compose import clean
from model.rich_text import RichText, Span, SpanKind

_STYLES = (
    SpanKind.BOLD,
    SpanKind.ITALIC,
    SpanKind.UNDERLINE,
    SpanKind.STRIKE,
    SpanKind.SPOILER,
)
_LEVELS = (SpanKind.QUOTE, SpanKind.PRE, SpanKind.CODE, SpanKind.TEXT_LINK, *_STYLES)
"""Spans we send, outermost first; Telegram finds tags and bare addresses itself."""

_ADDRESS = re.compile(r"(?:https?|tg)://[^\s\x00-\x20]{1,2000}", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z0-9+#._-]{1,32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A stretch of text with the same spans throughout, outermost first."""

    start: int
    end: int
    stack: tuple[Span, ...]


def nest(content: RichText) -> RichText:
    """Return the text with spans that nest, in order, none empty or blank."""
    rich = clean(content)
    lanes = {kind: _lane(rich, kind) for kind in _LEVELS}
    edges = {0, len(rich.text)}
    edges.update(
        edge for lane in lanes.values() for span in lane for edge in (span.start, span.end)
    )
    steps = tuple(_walk(tuple(lanes.values()), sorted(edges)))
    spans = [span for span in _runs(steps, 0) if not rich.text_of(span).isspace()]
    return RichText(rich.text, tuple(spans))


def _lane(rich: RichText, kind: SpanKind) -> Sequence[Span]:
    """Return spans of one kind without overlaps: the later one begins where the other ends.

    Adjacent styles become one span.
    """
    lane: list[Span] = []
    for span in sorted(
        (span for span in rich.spans if span.kind is kind), key=lambda span: (span.start, -span.end)
    ):
        value = _value(span)
        end = min(span.end, len(rich.text))
        if value is None or span.start < 0:
            continue
        if lane and span.start <= lane[-1].end and kind in _STYLES:
            lane[-1] = replace(lane[-1], end=max(lane[-1].end, end))
            continue
        start = max(span.start, lane[-1].end) if lane else span.start
        if start < end:
            lane.append(Span(kind=kind, start=start, end=end, value=value))
    return lane


def _value(span: Span) -> str | None:
    """Return a span's value, or `None` if the span is useless without it."""
    if span.kind is SpanKind.TEXT_LINK:
        return span.value if _ADDRESS.fullmatch(span.value) else None
    if span.kind is SpanKind.PRE:
        return span.value if _LANGUAGE.fullmatch(span.value) else ""
    return span.value if span.kind is SpanKind.QUOTE else ""


def _walk(lanes: Sequence[Sequence[Span]], edges: Sequence[int]) -> Iterator[_Step]:
    """Yield the stretches between edges with their spans, outermost first."""
    places = [0] * len(lanes)
    for start, end in pairwise(edges):
        found = []
        for number, lane in enumerate(lanes):
            while places[number] < len(lane) and lane[places[number]].end <= start:
                places[number] += 1
            if places[number] < len(lane) and lane[places[number]].start <= start:
                found.append(lane[places[number]])
        yield _Step(start=start, end=end, stack=_stack(found))


def _stack(found: Sequence[Span]) -> tuple[Span, ...]:
    """Drop combinations that the server does not allow."""
    is_code = any(span.kind in {SpanKind.PRE, SpanKind.CODE} for span in found)
    if not is_code:
        return tuple(found)
    kept = [span for span in found if span.kind is SpanKind.QUOTE]
    kept.append(next(span for span in found if span.kind in {SpanKind.PRE, SpanKind.CODE}))
    return tuple(kept)


def _runs(steps: Sequence[_Step], level: int) -> Iterator[Span]:
    """Yield the spans shared by neighbouring steps, then those inside them."""
    for shared, run in groupby(steps, key=lambda step: step.stack[level : level + 1]):
        inner = list(run)
        if shared:
            yield replace(shared[0], start=inner[0].start, end=inner[-1].end)
            yield from _runs(inner, level + 1)
