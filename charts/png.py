"""Draws a laid-out chart as PNG, with Pillow."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from charts.colours import DARK
from charts.layout import WIDTH, Box, Drawing, Line, Tone

if TYPE_CHECKING:
    from PIL.Image import Image

    from charts.lettering import Lettering

_BASE_LINE = 0.36
"""How far the base line is below the middle of a line of text, in its size."""


def draw_png(drawing: Drawing, lettering: Lettering) -> bytes:
    """Return a PNG file.

    Its paper is dark: it does not dazzle on a dark screen, and on a light one it reads as well.
    """
    # Imported here: it takes a while, and is rarely needed.
    from PIL import Image as Images  # noqa: PLC0415  # loaded to draw
    from PIL import ImageColor, ImageDraw  # noqa: PLC0415  # loaded to draw

    image = Images.new("RGB", (WIDTH, drawing.height), DARK[Tone.PAPER])
    canvas = ImageDraw.Draw(image)
    colours = {tone: ImageColor.getrgb(colour) for tone, colour in DARK.items()}

    def mixed(box: Box) -> tuple[int, ...]:
        pairs = zip(colours[Tone.PAPER], colours[box.tone], strict=True)
        return tuple(round(paper + (tone - paper) * box.strength) for paper, tone in pairs)

    for shape in drawing.shapes:
        if isinstance(shape, Box):
            # Pillow includes the right and the bottom edge.
            corners = (shape.left, shape.top, shape.right - 1, shape.bottom - 1)
            left, top, right, bottom = map(round, corners)
            canvas.rectangle((left, top, max(left, right), max(top, bottom)), fill=mixed(shape))
        else:
            _write(image, shape, lettering)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _write(image: Image, line: Line, lettering: Lettering) -> None:
    text = lettering.spell(line.text)
    left = line.x
    if line.anchor == "end":
        left -= lettering.measure(text, line.size)
    base = line.y + line.size * _BASE_LINE
    lettering.draw(image, text, (left, base), line.size, DARK[line.tone])
