"""What a chart shows: a title and sections of bars, columns and grids, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: its label, its length, and the number beside it."""

    label: str
    value: int
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A list of bars, one below the other."""

    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Bars over time, side by side; few have a label."""

    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a grid: its label, a value for each column, and the number at its end."""

    label: str
    values: Sequence[int]
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows of cells that are darker the more they count; `labels` has `""` for most columns."""

    title: str
    labels: Sequence[str]
    rows: Sequence[Row]
    is_wide: bool


Section = Bars | Columns | Grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A whole picture: what it is of, the main numbers, and the sections in reading order."""

    title: str
    facts: str
    sections: Sequence[Section]

    def texts(self) -> Iterator[str]:
        """Yield everything that is written."""
        yield from (self.title, self.facts)
        for section in self.sections:
            yield section.title
            if isinstance(section, Grid):
                yield from section.labels
            for each in section.rows if isinstance(section, Grid) else section.bars:
                yield from (each.label, each.shown)
