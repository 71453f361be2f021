"""Draws a conversation as SVG, for the README: what Telegram would show of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from model.rich_text import RichText

_WIDTH, _BUBBLE, _PAD, _LINE, _GAP = 620, 480, 12, 20, 14
_COLUMNS = 54
_FILLS = {"bot": "#ffffff", "me": "#e1fec6", "channel": "#fff8e1"}
_WORD = re.compile(r"\S+\s*")
_HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" role="img">
<title>{title}</title>
<style>
text {{ font: 14px -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: #111; }}
.pre, .code {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 12px; }}
.bold, .name {{ font-weight: 600; }} .name {{ fill: #b36b00; }}
.text_link {{ fill: #2678b6; }} .event, .button {{ text-anchor: middle; font-size: 13px; }}
.event {{ fill: #fff; }} .button {{ fill: #2678b6; }}
</style>
<rect width="{width}" height="{height}" rx="12" fill="#9fc3de"/>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """A message of the `bot`, of `me`, or of a `channel`, or an `event` between messages."""

    side: str
    body: RichText
    rows: Sequence[Sequence[str]] = ()
    name: str = ""


def draw(bubbles: Sequence[Bubble], title: str) -> str:
    """Return the picture of a conversation."""
    top, parts = _GAP, []
    for bubble in bubbles:
        drawn, height = _event(bubble, top) if bubble.side == "event" else _bubble(bubble, top)
        parts += drawn
        top += height + _GAP
    head = _HEAD.format(width=_WIDTH, height=top, title=escape(title))
    return head + "\n".join(parts) + "\n</svg>\n"


def _event(bubble: Bubble, top: int) -> tuple[list[str], int]:
    width = 9 * len(bubble.body.text) + 2 * _PAD
    left = (_WIDTH - width) // 2
    return [
        _box(left, top, width, _LINE + 4, fill="#6f97b5", radius=12),
        f'<text class="event" x="{_WIDTH // 2}" y="{top + 17}">{escape(bubble.body.text)}</text>',
    ], _LINE + 4


def _bubble(bubble: Bubble, top: int) -> tuple[list[str], int]:
    lines = list(_lines(bubble.body))
    named = [f'<tspan class="name">{escape(bubble.name)}</tspan>'] if bubble.name else []
    shown = named + [_styled(bubble.body, start, end) for start, end in lines]
    longest = max(len(bubble.name), *(end - start for start, end in lines))
    width = _BUBBLE if bubble.rows else min(_BUBBLE, 9 * longest + 2 * _PAD)
    left = _WIDTH - width - _GAP if bubble.side == "me" else _GAP
    height = _LINE * len(shown) + 2 * _PAD - 4
    parts = [_box(left, top, width, height, fill=_FILLS[bubble.side], radius=10)]
    for number, line in enumerate(shown, 1):
        y = top + _PAD + _LINE * number - 7
        parts.append(f'<text x="{left + _PAD}" y="{y}" xml:space="preserve">{line}</text>')
    for row in bubble.rows:
        height += 4
        each = (width - 4 * (len(row) - 1)) // len(row)
        for place, label in enumerate(row):
            x, y = left + place * (each + 4), top + height
            middle = f'x="{x + each // 2}" y="{y + 19}"'
            parts += [
                _box(x, y, each, 28, fill="#ffffffcc", radius=7),
                f'<text class="button" {middle}>{escape(label)}</text>',
            ]
        height += 28
    return parts, height


def _box(left: int, top: int, width: int, height: int, *, fill: str, radius: int) -> str:
    return (
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="{radius}" '
        f'fill="{fill}"/>'
    )


def _lines(body: RichText) -> Iterator[tuple[int, int]]:
    """Yield where each line begins and ends, long ones wrapped at spaces."""
    begin = 0
    for line in body.text.split("\n"):
        start = end = begin
        for word in _WORD.finditer(line):
            if begin + word.end() - start > _COLUMNS and end > start:
                yield start, end
                start = begin + word.start()
            end = begin + word.end()
        yield start, begin + len(line)
        begin += len(line) + 1


def _styled(body: RichText, start: int, end: int) -> str:
    """Return a stretch of a text with its styles."""
    spans = [span for span in body.spans if span.start < end and start < span.end]
    edges = {start, end} | {edge for s in spans for edge in (s.start, s.end)}
    places = sorted(edge for edge in edges if start <= edge <= end)
    parts = []
    for first, last in pairwise(places):
        kinds = " ".join(span.kind for span in spans if span.start <= first and last <= span.end)
        parts.append(f'<tspan class="{kinds}">{escape(body.text[first:last])}</tspan>')
    return "".join(parts)
