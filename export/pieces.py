"""Divides rich text into lines and pieces of one style, whatever its spans overlap."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from model.rich_text import RichText, Span, SpanKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LINKS = frozenset({SpanKind.TEXT_LINK, SpanKind.URL, SpanKind.EMAIL, SpanKind.PHONE})
_LINE_BREAK = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Part of a line with the same styles throughout; `address` is where it leads, `""` nowhere."""

    text: str
    styles: frozenset[SpanKind] = frozenset()
    address: str = ""


def lines_of(content: RichText, start: int, end: int) -> Sequence[Sequence[Piece]]:
    """Return the lines of a part of a text, each as its pieces; empty lines have none."""
    lines: list[list[Piece]] = [[]]
    for piece in _pieces(content, start, end):
        for number, text in enumerate(_LINE_BREAK.split(piece.text)):
            if number:
                lines.append([])
            if text:
                lines[-1].append(replace(piece, text=text))
    return lines


def _pieces(content: RichText, start: int, end: int) -> Iterator[Piece]:
    """Yield the pieces of a part of a text; the time grows with the number of spans only."""
    spans = [span for span in content.spans if span.start < end and span.end > start]
    begun: dict[int, list[Span]] = {}
    ended: dict[int, list[Span]] = {}
    for span in spans:
        begun.setdefault(max(span.start, start), []).append(span)
        ended.setdefault(min(span.end, end), []).append(span)
    styles: Counter[SpanKind] = Counter()
    links: dict[int, str] = {}
    edges = sorted({start, end, *begun, *ended})
    for edge, following in pairwise(edges):
        for span in ended.get(edge, ()):
            styles[span.kind] -= 1
            links.pop(id(span), None)
        for span in begun.get(edge, ()):
            styles[span.kind] += 1
            if span.kind in _LINKS:
                links[id(span)] = _address(span, content.text_of(span))
        yield Piece(
            text=content.text[edge:following],
            styles=frozenset(kind for kind, number in styles.items() if number > 0),
            address=next(reversed(links.values()), ""),
        )


def _address(link: Span, text: str) -> str:
    """Return where a link with this text leads; a telephone number may lead nowhere."""
    if link.kind is SpanKind.EMAIL:
        return f"mailto:{link.value or text}"
    if link.kind is SpanKind.PHONE:
        return f"tel:{link.value}" if link.value else ""
    return link.value or text
