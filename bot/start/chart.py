"""Draws bar charts as PNG: pure, with texts already in the reader's language.

The font is included, so Cyrillic works on machines without fonts.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_FONT = Path(__file__).with_name("DejaVuSans.ttf")
_LETTERS = (
    range(0x20, 0x7F),
    range(0xA0, 0x180),
    range(0x370, 0x530),
    range(0x2010, 0x2028),
)
"""Characters in the font; others would be drawn as empty boxes."""

_WIDTH, _HEIGHT, _MARGIN, _GAP = 1280, 970, 48, 40
_PAPER, _INK, _FAINT, _GRID, _BAR = "#ffffff", "#1f2933", "#6b7785", "#e3e8ee", "#2f7ac0"
_TITLE, _HEADING, _LABEL = 34, 24, 20
_COLUMN_TOP, _COLUMN_BOTTOM = 180, 480
_LIST_TOP, _ROW = 596, 42
_GRID_LINES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: label, length, and the number beside it."""

    label: str
    value: int
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A heading and its bars."""

    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Columns over time above, and two bar lists below; not all columns have a label."""

    title: str
    columns: Bars
    lists: Sequence[Bars]


def draw(picture: Picture) -> bytes:
    """Return a chart as a PNG file."""
    # Imported here: it takes a while, and is rarely needed.
    from PIL import Image, ImageDraw  # noqa: PLC0415

    image = Image.new("RGB", (_WIDTH, _HEIGHT), _PAPER)
    canvas = ImageDraw.Draw(image)
    _write(canvas, (_MARGIN, 36), picture.title, size=_TITLE, room=_WIDTH - 2 * _MARGIN)
    _draw_columns(canvas, picture.columns)
    width = (_WIDTH - 2 * _MARGIN - _GAP) // 2
    for place, bars in enumerate(picture.lists[:2]):
        _draw_list(canvas, bars, left=_MARGIN + place * (width + _GAP), width=width)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_columns(canvas: ImageDraw, columns: Bars) -> None:
    _write(canvas, (_MARGIN, 112), columns.title, size=_HEADING)
    step = _grid_step(max((bar.value for bar in columns.bars), default=0))
    left, right = _MARGIN + 76, _WIDTH - _MARGIN
    for line in range(_GRID_LINES + 1):
        y = _COLUMN_BOTTOM - line * (_COLUMN_BOTTOM - _COLUMN_TOP) // _GRID_LINES
        canvas.line((left, y, right, y), fill=_GRID, width=2)
        _write(canvas, (left - 12, y), str(line * step), ink=_FAINT, anchor="rm")
    each = (right - left) / max(len(columns.bars), 1)
    free = float(left)
    for place, bar in enumerate(columns.bars):
        start = left + place * each
        height = bar.value * (_COLUMN_BOTTOM - _COLUMN_TOP) / (step * _GRID_LINES)
        if bar.value:
            edges = (start + each * 0.1, start + max(each * 0.9, 1))
            canvas.rectangle(
                (edges[0], _COLUMN_BOTTOM - max(height, 2), edges[1], _COLUMN_BOTTOM), fill=_BAR
            )
        if bar.label and start >= free:
            _write(canvas, (start, _COLUMN_BOTTOM + 10), bar.label, ink=_FAINT)
            free = start + _font(_LABEL).getlength(bar.label) + 16


def _draw_list(canvas: ImageDraw, bars: Bars, *, left: int, width: int) -> None:
    _write(canvas, (left, _LIST_TOP - 44), bars.title, size=_HEADING, room=width)
    longest = max([1, *(bar.value for bar in bars.bars)])
    names, numbers = width * 2 // 5, 90
    for place, bar in enumerate(bars.bars):
        middle = _LIST_TOP + place * _ROW + _ROW // 2
        _write(canvas, (left, middle), bar.label, anchor="lm", room=names - 12)
        length = max((width - names - numbers) * bar.value // longest, 2)
        start = left + names
        canvas.rectangle((start, middle - 11, start + length, middle + 11), fill=_BAR)
        _write(canvas, (start + length + 10, middle), bar.shown, ink=_FAINT, anchor="lm")


def _grid_step(highest: int) -> int:
    """Return a round step for the grid lines up to the highest column."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * _GRID_LINES >= highest:
                return step
        power *= 10


def _write(
    canvas: ImageDraw,
    at: tuple[float, float],
    text: str,
    *,
    size: int = _LABEL,
    ink: str = _INK,
    anchor: str = "la",
    room: int | None = None,
) -> None:
    """Draw a line of text, cut with an ellipsis if too long."""
    font = _font(size)
    line = "".join(filter(_is_drawn, text)).strip() or "…"
    if room is not None and font.getlength(line) > room:
        while len(line) > 1 and font.getlength(f"{line}…") > room:
            line = line[:-1]
        line = f"{line.rstrip()}…"
    canvas.text(at, line, font=font, fill=ink, anchor=anchor)


def _is_drawn(character: str) -> bool:
    return any(ord(character) in letters for letters in _LETTERS)


@cache
def _font(size: int) -> FreeTypeFont:
    from PIL import ImageFont  # noqa: PLC0415

    return ImageFont.truetype(_FONT, size)
