"""Additional texts of searches in the terminal: the fields, and both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from i18n import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTexts:
    """Names in braces are filled in with `str.format`."""

    with_same_text: str
    """The {number} of posts, including repeats."""
    none_after: str
    """If a page lies beyond the last hit, with {offset}."""
    took: str
    """With {number}, in milliseconds."""
    narrow: str
    """Before {conditions} that would narrow the search."""
    more_lines: str
    """With {lines} of code that are not shown."""


_RUSSIAN = SearchTexts(
    with_same_text="с повторами {number}",
    none_after="после {offset} ничего нет",
    took="{number} мс",
    narrow="Уточнить: {conditions}",
    more_lines="… ещё {lines}",
)

_ENGLISH = SearchTexts(
    with_same_text="{number} with those of the same text",
    none_after="none after {offset}",
    took="{number} ms",
    narrow="Narrow it down: {conditions}",
    more_lines="… {lines} more",
)


def search_texts(texts: Catalogue) -> SearchTexts:
    """Return these texts in the language of a catalogue."""
    return _RUSSIAN if texts.code == "ru" else _ENGLISH
