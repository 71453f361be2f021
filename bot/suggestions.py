"""Puts the words that a search suggests in the place of those that may be slips."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from search import Remark

if TYPE_CHECKING:
    from search import Note


def suggested_queries(query: str, notes: Iterable[Note]) -> Sequence[str]:
    """Return the query once for each suggestion, with the suggested word in it."""
    found = (_replace(query, *note.values) for note in notes if note.code is Remark.DID_YOU_MEAN)
    return [suggested for suggested in found if suggested != query]


def _replace(query: str, form: str, other: str) -> str:
    # The form is folded: ё has become е in it.
    letters = "".join("[её]" if letter == "е" else re.escape(letter) for letter in form)
    return re.sub(rf"(?<!\w){letters}(?!\w)", lambda _: other, query, flags=re.IGNORECASE)
