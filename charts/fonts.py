"""Fonts: the included one, and those of this machine for what it lacks.

The included DejaVu Sans has Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic letters.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

INCLUDED = Path(__file__).with_name("DejaVuSans.ttf")
FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
    Path("/System/Library/Fonts"),
    Path("/Library/Fonts"),
    Path.home() / "Library/Fonts",
    Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
)
_SUFFIXES = {".ttf", ".otf", ".ttc"}
_PLACEHOLDERS = ("lastresort", "blank", "notdef")
"""Fonts that draw a box, or nothing, for every character."""
_BITMAP_SIZES = (109, 160, 136, 96)
"""Of Google's, Apple's and others' emoji."""
_NO_CHARACTER = "\U0010fffe"
# Scripts whose letters join or change places, see `can_shape`.
_SHAPED = (
    *(range(0x590, 0xE00), range(0xF00, 0x10A0), range(0x1780, 0x18B0)),
    *(range(0xFB1D, 0xFE00), range(0xFE70, 0xFF00), range(0x10800, 0x11A00)),
)


def find_fonts(
    characters: Iterable[str], folders: Iterable[Path], *, shapes: bool
) -> Mapping[str, Path]:
    """Return a font for each character that any can draw, the included one first.

    Looks into the folders only for what that one lacks, which may take a second for thousands of
    fonts. Unless `shapes`, letters that must be joined or written leftwards have none.
    """
    sought = {each for each in characters if shapes or not _is_shaped(each)}
    found = dict.fromkeys(sought & {" "}, INCLUDED)
    sought -= found.keys()
    fonts = _candidates(folders)
    while sought and (path := next(fonts, None)):
        drawn = _drawn_by(path, sought)
        found |= dict.fromkeys(drawn, path)
        sought -= drawn
    return found


@cache
def can_shape() -> bool:
    """Tell whether letters can be joined and written leftwards, which takes FriBidi."""
    from PIL import features  # noqa: PLC0415  # loaded to draw

    return bool(features.check_feature("raqm"))


@cache
def load_font(path: Path, size: int) -> tuple[FreeTypeFont, float]:
    """Open a font in a size; return it and the factor by which its drawings must be scaled.

    Raises:
        OSError: It cannot be read.
    """
    from PIL import ImageFont  # noqa: PLC0415  # loaded to draw

    try:
        return ImageFont.truetype(path, size), 1.0
    except OSError:
        # A bitmap font, such as those of emoji, has one size.
        for tried in _BITMAP_SIZES:
            with suppress(OSError):
                return ImageFont.truetype(path, tried), size / tried
        raise


def _is_shaped(character: str) -> bool:
    return any(ord(character) in letters for letters in _SHAPED)


def _candidates(folders: Iterable[Path]) -> Iterator[Path]:
    yield INCLUDED
    paths = (
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix.lower() in _SUFFIXES
        and not any(word in path.name.lower() for word in _PLACEHOLDERS)
    )
    yield from sorted(paths, key=_rank)


def _rank(path: Path) -> tuple[bool, bool, bool, str]:
    name = path.stem.lower()
    is_plain = "bold" not in name and "italic" not in name and "oblique" not in name
    return "emoji" not in name, not is_plain, "sans" not in name, path.name


def _drawn_by(path: Path, characters: Iterable[str]) -> set[str]:
    try:
        font, _ = load_font.__wrapped__(path, 20)
        nothing = bytes(font.getmask(_NO_CHARACTER))
        masks = {each: font.getmask(each) for each in characters}
    except (OSError, ValueError):
        return set()
    return {each for each, mask in masks.items() if mask.getbbox() and bytes(mask) != nothing}
