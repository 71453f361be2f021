"""Russian in Latin letters: the Cyrillic words that a Latin one may stand for."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Russian as typed on a Latin keyboard, all customs combined.
_LETTERS = {
    **dict(zip("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопкрстуввхыз", strict=True)),
    "x": "кс",
    "shch": "щ",
    "sch": "щ",
    "zh": "ж",
    "kh": "х",
    "ts": "ц",
    "cz": "ц",
    "ch": "ч",
    "sh": "ш",
    "yu": "ю",
    "ju": "ю",
    "iu": "ю",
    "ya": "я",
    "ja": "я",
    "yo": "е",
    "jo": "е",
    "ye": "е",
    "je": "е",
    "'": "ь",
    "shh": "щ",
    "ia": "я",
}

_LETTER_READER = re.compile("|".join(sorted(_LETTERS, key=len, reverse=True)))
# `novye` is `новые`, while `yest` is `есть`.
_SHORT_I = re.compile(r"(?<=[аеиоуыэюя])ы(?![аеиоуыэюя]{0,8}хз)")
_FINAL_SHORT_I = re.compile(r"(?<=[аеиоуыэюя])и(?=\Z|[^аеиоуыэюя])")
_PLURAL_YE = re.compile(r"(?<=[^aeiouy])ye\Z")


def in_cyrillic(word: str) -> str:
    """Return the most likely Russian word for a word in Latin letters, such as `zadacha`."""
    read = _PLURAL_YE.sub("ые", word)
    written = _LETTER_READER.sub(lambda match: _LETTERS[match[0]], read)
    return _SHORT_I.sub("й", written)


def cyrillic_readings(word: str) -> Sequence[str]:
    """Return the Russian words that a word in Latin letters may stand for, most likely first.

    `i` after a vowel may be й or и, `x` кс or х, `e` е or э: customs differ.
    """
    if not (word.isascii() and word.replace("'", "").isalpha()):
        return ()
    main = in_cyrillic(word)
    readings = [main]
    if "x" in word:
        readings.append(in_cyrillic(word.replace("x", "h")))
    readings += [_FINAL_SHORT_I.sub("й", reading) for reading in readings]
    readings += [reading.replace("ие", "ье") for reading in readings]
    return tuple(dict.fromkeys(readings))
