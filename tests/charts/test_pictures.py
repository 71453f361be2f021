"""Pictures of statistics: PNG and SVG, whatever the numbers and however long the names."""

from __future__ import annotations

import io
from datetime import UTC
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from charts import PictureFormat, draw_stats
from charts.contents import Bar, Bars, Chart, Columns, Grid, Row
from charts.layout import WIDTH, Box, Drawing, Line, Tone, lay_out
from charts.svg import draw_svg
from db import ArchiveStats, Breakdown, Count
from i18n import ENGLISH, RUSSIAN, Locale
from tests.charts.statistics import several, some_breakdown, some_stats

_READER = Locale(texts=RUSSIAN, zone=UTC)
_SVG = "{http://www.w3.org/2000/svg}"


def measured(text: str, size: int) -> float:
    """Return the width of a text whose letters are half as wide as they are high."""
    return len(text) * size / 2


def laid_out(*sections: Bars | Columns | Grid, title: str = "Архив") -> Drawing:
    """Return the drawing of a chart."""
    return lay_out(Chart(title=title, facts="", sections=sections), measured)


def boxes(drawing: Drawing, tone: Tone = Tone.BAR) -> list[Box]:
    """Return the boxes of a colour."""
    return [each for each in drawing.shapes if isinstance(each, Box) and each.tone is tone]


def lines(drawing: Drawing) -> list[Line]:
    """Return what is written."""
    return [each for each in drawing.shapes if isinstance(each, Line) and each.text]


@pytest.mark.parametrize(
    ("stats", "breakdown"),
    [
        pytest.param(some_stats(), some_breakdown(), id="some"),
        pytest.param(some_stats({"2024-01": 1}), some_breakdown(tags=()), id="one post"),
        pytest.param(
            some_stats(
                {f"{year}-0{month}": 10**6 for year in range(1900, 2027) for month in (1, 9)}
            ),
            some_breakdown(),
            id="a long time",
        ),
        pytest.param(
            some_stats(channels=several(*("Длинное имя " * 9 for _ in range(60)))),
            some_breakdown(hosts=[Count(name="host" * 99, number=10**9)] * 8),
            id="long names",
        ),
    ],
)
def test_picture_is_one_that_telegram_takes(stats: ArchiveStats, breakdown: Breakdown) -> None:
    """A PNG is not large, and its sides together have at most 10,000 pixels."""
    picture = draw_stats(stats, breakdown, _READER, PictureFormat.PNG)

    with Image.open(io.BytesIO(picture.content)) as image:
        assert image.format == "PNG"
        assert image.width == WIDTH
        assert image.width + image.height <= 10_000
    assert len(picture.content) < 400_000
    assert not picture.lacking


def test_picture_tells_what_it_could_not_draw() -> None:
    """A character that no font has is named, in the picture and to the caller."""
    breakdown = some_breakdown(hosts=(Count(name="a\ue000", number=1),))

    assert draw_stats(some_stats(), breakdown, _READER, PictureFormat.PNG).lacking == ["\ue000"]


def test_svg_has_the_texts_as_they_are() -> None:
    """An SVG is drawn with its reader's fonts, in the colours of his screen."""
    stats = some_stats(channels=several("数据 <&> \x01", "قناة", username="data"))
    breakdown = some_breakdown(hosts=(Count(name="👍", number=1),))

    picture = draw_stats(stats, breakdown, Locale(texts=ENGLISH, zone=UTC), PictureFormat.SVG)

    root = ET.fromstring(picture.content)
    texts = {text.text: text for text in root.iter(f"{_SVG}text")}
    assert "The archive of “数据 <&> \ufffd”, “\u2068قناة\u2069”" in texts
    assert {"👍", "قناة"} <= set(texts)
    style = root.findtext(f"{_SVG}style")
    assert style
    assert "prefers-color-scheme: dark" in style
    assert picture.lacking == ()


def test_svg_places_texts_that_are_written_leftwards() -> None:
    """Their start is at the right, so they end where others begin."""
    shapes = [
        Line(x=10, y=9, text="אב"),
        Line(x=90, y=9, text="אב", anchor="end"),
        Line(x=10, y=9, text="ab"),
    ]

    root = ET.fromstring(draw_svg(Drawing(height=20, shapes=shapes)))

    found = [(text.get("direction"), text.get("text-anchor")) for text in root.iter(f"{_SVG}text")]
    assert found == [("rtl", "end"), ("rtl", "start"), (None, "start")]


def test_columns_stand_on_a_grid_of_round_numbers() -> None:
    """The grid's top is above the highest; a month without a post has no column."""
    bars = [Bar(label="", value=value) for value in (7, 0, 30)]
    drawing = laid_out(Columns(title="Месяцы", bars=bars))

    assert [line.text for line in lines(drawing)[2:]] == ["0", "10", "20", "30", "40"]
    low, high = boxes(drawing)
    assert low.bottom == high.bottom
    assert (high.bottom - high.top) / (low.bottom - low.top) == pytest.approx(30 / 7)


def test_labels_do_not_run_into_each_other() -> None:
    """Of labels that would overlap, or leave the picture, the later one is left out."""
    bars = [Bar(label=f"{year}", value=1) for year in range(1900, 2026)]
    drawing = laid_out(Columns(title="", bars=bars))

    years = [line for line in lines(drawing) if line.text.startswith(("19", "20"))]
    assert 20 < len(years) < 60
    for one, other in pairwise(years):
        assert one.x + measured(one.text, one.size) < other.x
    assert years[-1].x + measured(years[-1].text, years[-1].size) <= WIDTH


def test_cells_are_stronger_the_more_they_count() -> None:
    """A cell of nothing is a part of the grid."""
    row = Row(label="пн", values=(0, 1, 25, 100), shown="126")
    drawing = laid_out(Grid(title="", labels=("",) * 4, rows=[row], is_wide=False))

    weak, middle, strong = (box.strength for box in boxes(drawing))
    assert weak < middle < strong == 1
    assert len(boxes(drawing, Tone.GRID)) == 1


def test_long_texts_are_cut() -> None:
    """A name leaves room for its bar, and nothing leaves the picture."""
    bars = Bars(title="Заголовок " * 30, bars=[Bar(label="имя\u200d" * 50, value=0, shown="0")])
    drawing = laid_out(bars, title="Архив " * 99)

    for line in lines(drawing):
        assert line.x + measured(line.text, line.size) <= WIDTH
        assert line.text == "0" or line.text.endswith("…")
    assert not any(line.text.endswith("\u200d…") for line in lines(drawing))
    assert boxes(drawing)[0].left < WIDTH / 2


def test_narrow_sections_fill_two_columns() -> None:
    """Each goes where there is more room, and no two overlap."""
    long, short = (
        Bars(title=name, bars=[Bar(label=f"{name}{number}", value=1) for number in range(size)])
        for name, size in (("long", 9), ("short", 2))
    )
    drawing = laid_out(long, short, short)

    left, *right = (line for line in lines(drawing) if line.text in {"long", "short"})
    assert left.x < right[0].x == right[1].x
    assert left.y == right[0].y < right[1].y
    assert drawing.height > max(box.bottom for box in boxes(drawing))
