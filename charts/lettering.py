"""Text in a picture: each part in a font that has it, and what none has called by its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from charts.fonts import FONT_FOLDERS, can_shape, find_fonts, load_font

if TYPE_CHECKING:
    from PIL.Image import Image

_Direction = Literal["ltr", "rtl"]

_ISOLATED = re.compile("\u2068([^\u2069]*)\u2069?")
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)


class Lettering:
    """Measures and draws text; `lacking` are the characters so far that no font has."""

    def __init__(
        self, folders: Iterable[Path] = FONT_FOLDERS, *, shapes: bool | None = None
    ) -> None:
        self._folders = tuple(folders)
        self._shapes = can_shape() if shapes is None else shapes
        self._fonts: dict[str, Path] = {}
        self.lacking: set[str] = set()

    def can_draw(self, text: str) -> bool:
        """Tell whether there is a font for every character of a text."""
        self.look_up([text])
        return all(cluster[0] in self._fonts for cluster in _clusters(text))

    def look_up(self, texts: Iterable[str]) -> None:
        """Find fonts for all characters of texts at once, which is quicker than one by one."""
        characters = {cluster[0] for text in texts for cluster in _clusters(text)}
        unknown = characters - self._fonts.keys() - self.lacking
        found = find_fonts(unknown, self._folders, shapes=self._shapes)
        self._fonts |= found
        self.lacking |= unknown - found.keys()

    def spell(self, text: str) -> str:
        """Return a text with what cannot be drawn in words, as `[cjk]` or `[thumbs up sign]`."""
        self.look_up([text])
        parts = groupby(_clusters(text), key=lambda each: each[0] in self._fonts)
        return "".join(
            part for has_font, run in parts for part in (run if has_font else _names_of(run))
        )

    def measure(self, text: str, size: int) -> float:
        """Return the width of a text; what cannot be drawn counts as square."""
        return sum(self._width(run, size) for run in self._runs(text))

    def draw(self, image: Image, text: str, at: tuple[float, float], size: int, ink: str) -> None:
        """Draw a text that can be drawn, from its left edge and its base line."""
        left, base = at
        for run in self._runs(text):
            _draw(image, run, (left, base), size, ink)
            left += self._width(run, size)

    def _width(self, run: _Run, size: int) -> float:
        if run.path is None:
            return len(run.text) * size
        font, scale = load_font(run.path, size)
        return font.getlength(run.text, direction=run.direction) * scale

    def _runs(self, text: str) -> Sequence[_Run]:
        """Return the parts of a text with their fonts, from left to right."""
        self.look_up([text])
        base = _direction(text)
        # Every other passage was isolated and has a direction of its own.
        passages = [
            self._passage_runs(passage, _direction(passage) if place % 2 else base)
            for place, passage in enumerate(_ISOLATED.split(text))
        ]
        ordered = passages if base == "ltr" else passages[::-1]
        return [run for runs in ordered for run in runs]

    def _passage_runs(self, passage: str, base: _Direction) -> Sequence[_Run]:
        """Return the parts of a passage from left to right, for one direction of its lines."""
        clusters = _clusters(passage)
        directed = zip(clusters, _resolved(clusters, base), strict=True)
        passages: list[Sequence[_Run]] = []
        for direction, part in groupby(directed, key=itemgetter(1)):
            fonts = groupby((each for each, _ in part), key=lambda each: self._fonts.get(each[0]))
            runs = [
                _Run(path, "".join(run), direction if self._shapes else None) for path, run in fonts
            ]
            passages.append(runs if direction == "ltr" else runs[::-1])
        ordered = passages if base == "ltr" else passages[::-1]
        return [run for runs in ordered for run in runs]


class _Run(NamedTuple):
    """A part of a text in one font and one direction."""

    path: Path | None
    text: str
    direction: _Direction | None


def _draw(image: Image, run: _Run, at: tuple[float, float], size: int, ink: str) -> None:
    from PIL import Image as Images  # noqa: PLC0415  # loaded to draw
    from PIL import ImageDraw  # noqa: PLC0415  # loaded to draw

    assert run.path
    font, scale = load_font(run.path, size)
    style: dict[str, Any] = {"font": font, "anchor": "ls", "direction": run.direction}
    if scale == 1:
        return ImageDraw.Draw(image).text(at, run.text, **style, fill=ink, embedded_color=True)
    left, top, right, bottom = ImageDraw.Draw(image).textbbox((0, 0), run.text, **style)
    stamp = Images.new("RGBA", (round(right - left), round(bottom - top)))
    ImageDraw.Draw(stamp).text((-left, -top), run.text, **style, fill=ink, embedded_color=True)
    width, height = (max(round(side * scale), 1) for side in stamp.size)
    small = stamp.resize((width, height), Images.Resampling.LANCZOS)
    place = round(at[0] + left * scale), round(at[1] + top * scale)
    return image.paste(small, place, small)


def isolate(text: str) -> str:
    """Keep a name from changing the order of the words around it, if it is written leftwards."""
    is_needed = any(unicodedata.bidirectional(each) in {"R", "AL"} for each in text)
    return f"\u2068{text}\u2069" if is_needed else text


def is_right_to_left(text: str) -> bool:
    """Tell whether a text begins at the right: its first letter is Hebrew, Arabic or the like."""
    return _direction(text) == "rtl"


def _direction(text: str) -> _Direction:
    return next(filter(None, map(_strong_direction, text)), "ltr")


def _strong_direction(character: str) -> _Direction | None:
    kind = unicodedata.bidirectional(character)
    return "ltr" if kind == "L" else "rtl" if kind in {"R", "AL"} else None


def _resolved(clusters: Sequence[str], base: _Direction) -> Sequence[_Direction]:
    """Return the direction of each character by the Unicode algorithm, as far as names need it.

    Numbers follow the letters before them. Other signs have the direction of the letters around
    them, or that of the line if these differ.
    """
    strong: list[_Direction | None] = []
    last = base
    for cluster in clusters:
        found = _strong_direction(cluster[0])
        last = found or last
        is_number = unicodedata.bidirectional(cluster[0]) in {"EN", "AN"}
        strong.append(last if is_number else found)
    before = _known(strong, base)
    after = _known(strong[::-1], base)[::-1]
    return [
        found or (left if left == right else base)
        for found, left, right in zip(strong, before[:-1], after[1:], strict=True)
    ]


def _known(found: Iterable[_Direction | None], base: _Direction) -> Sequence[_Direction]:
    """Return the latest direction before each place and at the end."""
    known = [base]
    for each in found:
        known.append(each or known[-1])
    return known


def _clusters(text: str) -> Sequence[str]:
    """Split a text into characters with the marks, tones and joined characters that follow."""
    clusters: list[str] = []
    for character in text:
        is_mark = unicodedata.category(character) in {"Mn", "Me", "Mc", "Cf"}
        if clusters and (
            is_mark or ord(character) in _SKIN_TONES or clusters[-1].endswith(_JOINER)
        ):
            clusters[-1] += character
        else:
            clusters.append(" " if character.isspace() else character)
    return clusters


def _names_of(clusters: Iterable[str]) -> Iterator[str]:
    """Yield the script of a word, and the names of other characters."""
    for is_word, part in groupby(clusters, key=lambda each: each[0].isalpha()):
        for cluster in islice(part, 1 if is_word else None):
            name = unicodedata.name(cluster[0], f"U+{ord(cluster[0]):04X}").lower()
            yield f"[{name.split()[0] if is_word else name}]"
