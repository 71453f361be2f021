"""Makes a picture of an archive's statistics, as PNG or SVG."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from charts.composing import compose_chart
from charts.layout import lay_out
from charts.lettering import Lettering
from charts.png import draw_png
from charts.svg import draw_svg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db import ArchiveStats, Breakdown
    from i18n import Locale


class PictureFormat(StrEnum):
    """A format, named as its files end."""

    PNG = "png"
    SVG = "svg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file, and the characters that no font of this machine has, called by name in it."""

    content: bytes
    lacking: Sequence[str] = ()


def draw_stats(
    stats: ArchiveStats, breakdown: Breakdown, locale: Locale, form: PictureFormat
) -> Picture:
    """Draw the statistics of an archive with at least one post.

    An SVG has every text as it is: it is drawn with the fonts of whoever looks at it.
    """
    if form is PictureFormat.SVG:
        chart = compose_chart(stats, breakdown, locale)
        return Picture(content=draw_svg(lay_out(chart, Lettering(folders=()).measure)))
    lettering = Lettering()
    chart = compose_chart(stats, breakdown, locale, can_draw=lettering.can_draw)
    lettering.look_up(chart.texts())
    drawing = lay_out(chart, lambda text, size: lettering.measure(lettering.spell(text), size))
    return Picture(content=draw_png(drawing, lettering), lacking=sorted(lettering.lacking))
