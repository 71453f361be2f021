"""Suggests queries: with corrected words, or with a part left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from search import Remark

if TYPE_CHECKING:
    from search import Note

_QUOTES = re.compile('["«»“”„]')
_PARTS = re.compile(r'[^\s"«“„]*(?:"[^"]*"|«[^»]*»|[“„][^“”]*[“”])|\S+')
"""A word or quoted phrase, with its operator."""
_MOST_SHORTER = 8


def suggested_queries(query: str, notes: Iterable[Note]) -> Sequence[str]:
    """Return the query once per suggestion, with the suggested word or the other reading."""
    found = (
        _replace(query, *note.values) if note.code is Remark.DID_YOU_MEAN else note.instead
        for note in notes
    )
    return [suggested for suggested in dict.fromkeys(found) if suggested not in ("", query)]


def query_parts(query: str) -> Sequence[str]:
    """Return the words and quoted phrases of a query, with their operators."""
    return [match[0] for match in _PARTS.finditer(query)]


def shorter_queries(query: str) -> Sequence[str]:
    """Return the query without quotation marks, then without each of its parts in turn."""
    parts = query_parts(query)
    others = [_QUOTES.sub("", query)]
    if len(parts) > 1:
        others += [
            " ".join(part for place, part in enumerate(parts) if place != left_out)
            for left_out in range(len(parts))
        ]
    tidy = (" ".join(other.split()) for other in others)
    return [other for other in dict.fromkeys(tidy) if other and other != query][:_MOST_SHORTER]


def _replace(query: str, form: str, other: str) -> str:
    # The form is folded: ё became е.
    letters = "".join("[её]" if letter == "е" else re.escape(letter) for letter in form)
    return re.sub(rf"(?<!\w){letters}(?!\w)", lambda _: other, query, flags=re.IGNORECASE)
