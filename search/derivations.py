"""Derivations: Russian terms of one root that differ by the suffix of a verb, noun or adjective."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_CACHED = 1 << 12
_SHORTEST_ROOT = 4

# What is left of suffixes when the stemmer has taken the endings: `обуча|ть` and `обучен|ие`,
# `квантова|ть` and `квантизац|ия`, `вероятн|ый` and `вероятност|ный`.
_SUFFIXES = (
    *("изирован", "изирова", "ирован", "ирова", "изац", "ован", "ова", "ыван", "ыва", "иван"),
    *("ива", "ан", "ян", "ен", "яц", "ац", "енн", "анн", "ност", "ост", "н", "а", "я", "е", "и"),
    "у",
)
_SUFFIX = re.compile(rf"(?:{'|'.join(sorted(_SUFFIXES, key=len, reverse=True))})\Z")


@lru_cache(maxsize=_CACHED)
def root_of(term: str) -> str:
    """Return what a Russian term has in common with its family; any other term is its own root."""
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
    """Return the terms that may be of a term's family; most of them are no words."""
    root = root_of(term)
    if term.isascii() or len(root) < _SHORTEST_ROOT:
        return ()
    return tuple(kin for suffix in ("", *_SUFFIXES) if (kin := root + suffix) != term)
