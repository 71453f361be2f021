"""Charts of an archive's statistics: composed once, drawn as PNG and SVG or in a terminal."""

from charts.composing import MOST, archive_title, compose_chart
from charts.contents import Bar, Bars, Chart, Columns, Grid, Row, Section
from charts.pictures import Picture, PictureFormat, draw_stats

__all__ = [
    "MOST",
    "Bar",
    "Bars",
    "Chart",
    "Columns",
    "Grid",
    "Picture",
    "PictureFormat",
    "Row",
    "Section",
    "archive_title",
    "compose_chart",
    "draw_stats",
]
