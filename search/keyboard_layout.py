"""Converts words typed on the wrong keyboard layout: QWERTY to ЙЦУКЕН and back."""

from __future__ import annotations

import re

_QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_JCUKEN = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_RUSSIAN_KEYS = str.maketrans(_QWERTY, _JCUKEN)
_TO_LATIN_KEYS = str.maketrans(_JCUKEN, _QWERTY)

_ONE_WORD = re.compile(r"[^\W_]+(?:[-._][^\W_]+)*\Z")


def other_layout(typed: str) -> str | None:
    """Return the word on the other keyboard layout."""
    folded = typed.casefold()
    if any("а" <= char <= "я" or char == "ё" for char in folded):
        meant = folded.translate(_TO_LATIN_KEYS)
        return meant if meant.isascii() and _ONE_WORD.match(meant) else None
    meant = folded.translate(_TO_RUSSIAN_KEYS)
    return meant.replace("ё", "е") if meant.isalpha() and not meant.isascii() else None
