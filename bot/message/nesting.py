"""Brings spans into an order that Telegram shows as it stands.

The server drops or splits what it does not allow: nothing lies inside code, code lies inside
nothing but a quotation, a quotation does not lie inside another, a link not inside a link. Spans
that overlap without nesting cannot be written as HTML at all.
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
"""What a message can be given, outermost first; Telegram finds tags and bare addresses itself."""

_ADDRESS = re.compile(r"(?:https?|tg)://[^\s\x00-\x20]{1,2000}", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z0-9+#._-]{1,32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A stretch of text over which the same spans lie, outermost first."""

    start: int
    end: int
    stack: tuple[Span, ...]


def nest(content: RichText) -> RichText:
    """Return the same text with spans that nest, in order, none of them empty or blank."""
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
    """Return the spans of one kind without overlaps: of two, the later begins where the other ends.

    Styles that touch become one span.
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
    """Return what the span says beside its text, or `None` where it is no use without it."""
    if span.kind is SpanKind.TEXT_LINK:
        return span.value if _ADDRESS.fullmatch(span.value) else None
    if span.kind is SpanKind.PRE:
        return span.value if _LANGUAGE.fullmatch(span.value) else ""
    return span.value if span.kind is SpanKind.QUOTE else ""


def _walk(lanes: Sequence[Sequence[Span]], edges: Sequence[int]) -> Iterator[_Step]:
    """Yield the stretches between edges, with the spans over each, outermost first."""
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
    """Drop what the server does not allow together."""
    is_code = any(span.kind in {SpanKind.PRE, SpanKind.CODE} for span in found)
    if not is_code:
        return tuple(found)
    kept = [span for span in found if span.kind is SpanKind.QUOTE]
    kept.append(next(span for span in found if span.kind in {SpanKind.PRE, SpanKind.CODE}))
    return tuple(kept)


def _runs(steps: Sequence[_Step], level: int) -> Iterator[Span]:
    """Yield the spans of neighbouring steps that share one, then those inside it."""
    for shared, run in groupby(steps, key=lambda step: step.stack[level : level + 1]):
        inner = list(run)
        if shared:
            yield replace(shared[0], start=inner[0].start, end=inner[-1].end)
            yield from _runs(inner, level + 1)
