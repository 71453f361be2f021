"""Derivations: Russian words of one root that differ in the suffix of verb, noun or adjective."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_CACHED = 1 << 12
_SHORTEST_ROOT = 4

# Suffixes as left by the stemmer: `обуча|ть` and `обучен|ие`, `квантова|ть` and `квантизац|ия`,
# `вероятн|ый` and `вероятност|ный`.
_SUFFIXES = (
    *("изирован", "изирова", "ирован", "ирова", "изац", "ован", "ова", "ыван", "ыва", "иван"),
    *("ива", "ан", "ян", "ен", "яц", "ац", "енн", "анн", "ност", "ост", "н", "а", "я", "е", "и"),
    "у",
)
_SUFFIX = re.compile(rf"(?:{'|'.join(sorted(_SUFFIXES, key=len, reverse=True))})\Z")


@lru_cache(maxsize=_CACHED)
def root_of(term: str) -> str:
    """Return what a Russian term shares with its derivations; any other term is its own root."""
    if term.isascii():
        return term
    root = term
    for _ in range(2):
        shorter = _SUFFIX.sub("", root)
        if len(shorter) < _SHORTEST_ROOT:
            break
        root = shorter
    return root


def derivations_of(term: str) -> Sequence[str]:
    """Return possible derivations of a term; most of them are not words."""
    root = root_of(term)
    if term.isascii() or len(root) < _SHORTEST_ROOT:
        return ()
    return tuple(kin for suffix in ("", *_SUFFIXES) if (kin := root + suffix) != term)
