"""Lays a chart out as boxes and texts, in pixels from the top left: pure, and of any format."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from charts.contents import Bars, Chart, Columns, Grid, Section

WIDTH = 1280
_MARGIN, _GAP, _SPACE = 48, 56, 40
_TITLE, _HEADING, _LABEL, _SMALL = 34, 24, 20, 17
_HEADING_HEIGHT, _LABELS_HEIGHT = 44, 30
_COLUMNS_HEIGHT, _BAR_ROW, _GRID_ROW = 300, 36, 30
_GRID_LINES = 4
_WIDEST_COLUMN = 120

Measure = Callable[[str, int], float]
"""Returns the width of a text of a size."""


class Tone(StrEnum):
    """A colour by its use."""

    PAPER = "paper"
    INK = "ink"
    FAINT = "faint"
    GRID = "grid"
    BAR = "bar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A filled rectangle; `strength` is its opacity."""

    left: float
    top: float
    right: float
    bottom: float
    tone: Tone = Tone.BAR
    strength: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text: its start or end is at `x`, the middle of its height at `y`."""

    x: float
    y: float
    text: str
    size: int = _LABEL
    tone: Tone = Tone.INK
    anchor: Literal["start", "end"] = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Shapes on a paper of `WIDTH` and a height, the later ones above."""

    height: int
    shapes: Sequence[Box | Line]


def lay_out(chart: Chart, measure: Measure) -> Drawing:
    """Return a chart's drawing: wide sections above, the others below them in two columns."""
    pen = _Pen(measure)
    pen.write(chart.title, _MARGIN, 56, size=_TITLE, room=WIDTH - 2 * _MARGIN)
    pen.write(chart.facts, _MARGIN, 102, tone=Tone.FAINT, room=WIDTH - 2 * _MARGIN)
    top = 102.0 + _SPACE
    narrow: list[Section] = []
    for section in chart.sections:
        if isinstance(section, Bars) or (isinstance(section, Grid) and not section.is_wide):
            narrow.append(section)
        else:
            top += pen.draw(section, _MARGIN, top, WIDTH - 2 * _MARGIN) + _SPACE
    width = (WIDTH - 2 * _MARGIN - _GAP) / 2
    ends = [top, top]
    for section in narrow:
        column = ends.index(min(ends))
        left = _MARGIN + column * (width + _GAP)
        ends[column] += pen.draw(section, left, ends[column], width) + _SPACE
    return Drawing(height=round(max(ends)), shapes=pen.shapes)


class _Pen:
    """Collects shapes; each method that draws returns the height it took."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self.shapes: list[Box | Line] = []

    def write(
        self,
        text: str,
        x: float,
        y: float,
        *,
        size: int = _LABEL,
        tone: Tone = Tone.INK,
        anchor: Literal["start", "end"] = "start",
        room: float | None = None,
    ) -> None:
        """Add a line of text, cut with an ellipsis if it is longer than the room."""
        shown = text if room is None else self._cut(text, size, room)
        self.shapes.append(Line(x=x, y=y, text=shown, size=size, tone=tone, anchor=anchor))

    def draw(self, section: Section, left: float, top: float, width: float) -> float:
        """Add a section with its heading."""
        self.write(section.title, left, top + 12, size=_HEADING, room=width)
        below = top + _HEADING_HEIGHT
        if isinstance(section, Columns):
            return _HEADING_HEIGHT + self._draw_columns(section, left, below, width)
        if isinstance(section, Grid):
            return _HEADING_HEIGHT + self._draw_grid(section, left, below, width)
        return _HEADING_HEIGHT + self._draw_bars(section, left, below, width)

    def _draw_columns(self, columns: Columns, left: float, top: float, width: float) -> float:
        step = _grid_step(max(bar.value for bar in columns.bars))
        marks = [str(line * step) for line in range(_GRID_LINES + 1)]
        start = left + self._widest(marks, _SMALL) + 14
        bottom = top + _COLUMNS_HEIGHT
        for line, mark in enumerate(marks):
            y = bottom - line * _COLUMNS_HEIGHT / _GRID_LINES
            self.shapes.append(
                Box(left=start, top=y - 1, right=left + width, bottom=y + 1, tone=Tone.GRID)
            )
            self.write(mark, start - 12, y, size=_SMALL, tone=Tone.FAINT, anchor="end")
        each = min((left + width - start) / len(columns.bars), _WIDEST_COLUMN)
        for place, bar in enumerate(columns.bars):
            if bar.value:
                height = max(bar.value * _COLUMNS_HEIGHT / (step * _GRID_LINES), 2)
                x = start + place * each
                self.shapes.append(
                    Box(
                        left=x + each * 0.1,
                        top=bottom - height,
                        right=x + max(each * 0.9, 1),
                        bottom=bottom,
                    )
                )
        labels = [bar.label for bar in columns.bars]
        self._draw_labels(labels, start, bottom + 20, each, left + width)
        return _COLUMNS_HEIGHT + _LABELS_HEIGHT

    def _draw_grid(self, grid: Grid, left: float, top: float, width: float) -> float:
        names = min(self._widest([row.label for row in grid.rows], _LABEL), width * 0.25)
        numbers = self._widest([row.shown for row in grid.rows], _SMALL)
        start, end = left + names + 16, left + width - numbers - 12
        each = min((end - start) / len(grid.labels), _WIDEST_COLUMN)
        highest = max(max(row.values) for row in grid.rows)
        for place, row in enumerate(grid.rows):
            above = top + place * _GRID_ROW
            middle = above + _GRID_ROW / 2
            self.write(row.label, left, middle, room=names + 1)
            self.write(row.shown, left + width, middle, size=_SMALL, tone=Tone.FAINT, anchor="end")
            for column, value in enumerate(row.values):
                # The root, so that what is rare is seen beside what is frequent.
                strength = 0.15 + 0.85 * (value / highest) ** 0.5
                self.shapes.append(
                    Box(
                        left=start + column * each + 1,
                        top=above + 1,
                        right=start + (column + 1) * each - 1,
                        bottom=above + _GRID_ROW - 1,
                        tone=Tone.BAR if value else Tone.GRID,
                        strength=strength if value else 0.6,
                    )
                )
        bottom = top + len(grid.rows) * _GRID_ROW
        self._draw_labels(grid.labels, start, bottom + 16, each, end)
        return len(grid.rows) * _GRID_ROW + _LABELS_HEIGHT

    def _draw_bars(self, bars: Bars, left: float, top: float, width: float) -> float:
        longest = max(bar.value for bar in bars.bars) or 1
        names = min(self._widest([bar.label for bar in bars.bars], _LABEL), width * 0.45)
        numbers = self._widest([bar.shown for bar in bars.bars], _SMALL)
        start, room = left + names + 16, width - names - numbers - 28
        for place, bar in enumerate(bars.bars):
            middle = top + place * _BAR_ROW + _BAR_ROW / 2
            self.write(bar.label, left, middle, room=names + 1)
            end = start + max(room * bar.value / longest, 2)
            self.shapes.append(Box(left=start, top=middle - 11, right=end, bottom=middle + 11))
            self.write(bar.shown, end + 10, middle, size=_SMALL, tone=Tone.FAINT)
        return len(bars.bars) * _BAR_ROW

    def _draw_labels(
        self, labels: Sequence[str], left: float, y: float, each: float, end: float
    ) -> None:
        """Add the labels below columns; one that would run into another or out is left out."""
        free = left
        for place, label in enumerate(labels):
            x, length = left + place * each, self._measure(label, _SMALL)
            if label and x >= free and x + length <= end + 1:
                self.write(label, x, y, size=_SMALL, tone=Tone.FAINT)
                free = x + length + 14

    def _widest(self, texts: Sequence[str], size: int) -> float:
        return max(self._measure(text, size) for text in texts)

    def _cut(self, text: str, size: int, room: float) -> str:
        if self._measure(text, size) <= room:
            return text
        lengths = range(1, len(text))
        fits = bisect_right(lengths, room, key=lambda end: self._measure(f"{text[:end]}…", size))
        text = text[: max(fits, 1)]
        # A joiner at the end would join the ellipsis.
        return text.rstrip(" \u200d\ufe0f") + "…"


def _grid_step(highest: int) -> int:
    """Return a round step for the grid lines up to the highest column."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * _GRID_LINES >= highest:
                return step
        power *= 10
