"""Writes a laid-out chart as SVG; its colours follow the reader's screen, light or dark."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from charts.colours import DARK, LIGHT
from charts.layout import WIDTH, Box, Drawing, Line, Tone
from charts.lettering import is_right_to_left

_FONTS = "DejaVu Sans, Verdana, Noto Sans, Arial, sans-serif"
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OPPOSITE = {"start": "end", "end": "start"}


def draw_svg(drawing: Drawing) -> bytes:
    """Return an SVG file."""
    size = {"width": f"{WIDTH}", "height": f"{drawing.height}"}
    root = ET.Element(
        "svg",
        {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {WIDTH} {drawing.height}", **size},
    )
    dark = f"@media (prefers-color-scheme: dark) {{ {_rules(DARK)} }}"
    style = f"text {{ font-family: {_FONTS}; dominant-baseline: central }}"
    ET.SubElement(root, "style").text = f"{style} {_rules(LIGHT)} {dark}"
    ET.SubElement(root, "rect", {"class": Tone.PAPER, **size})
    for shape in drawing.shapes:
        if isinstance(shape, Box):
            _add_box(root, shape)
        else:
            _add_line(root, shape)
    return b"%b\n" % ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _rules(colours: dict[Tone, str]) -> str:
    return " ".join(f".{tone} {{ fill: {colour} }}" for tone, colour in colours.items())


def _add_box(root: ET.Element, box: Box) -> None:
    attributes = {
        "class": box.tone,
        "x": f"{box.left:.1f}",
        "y": f"{box.top:.1f}",
        "width": f"{box.right - box.left:.1f}",
        "height": f"{box.bottom - box.top:.1f}",
    }
    if box.strength < 1:
        attributes["fill-opacity"] = f"{box.strength:.2f}"
    ET.SubElement(root, "rect", attributes)


def _add_line(root: ET.Element, line: Line) -> None:
    attributes = {
        "class": line.tone,
        "x": f"{line.x:.1f}",
        "y": f"{line.y:.1f}",
        "font-size": f"{line.size}",
        "text-anchor": line.anchor,
    }
    if is_right_to_left(line.text):
        # Its start is at the right, but it stands where other texts do.
        attributes |= {"direction": "rtl", "text-anchor": _OPPOSITE[line.anchor]}
    ET.SubElement(root, "text", attributes).text = _NOT_IN_XML.sub("\ufffd", line.text)
