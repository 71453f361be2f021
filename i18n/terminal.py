"""What a search in the terminal says beyond the bot's words: the form, and both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from i18n import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTexts:
    """Names in braces are filled in by `str.format`."""

    with_same_text: str
    """The {number} of posts, those that say the same counted too."""
    none_after: str
    """Where a page lies behind the last of the hits, with {offset}."""
    took: str
    """With {number} of milliseconds."""
    narrow: str
    """Before the {conditions} that would leave fewer posts."""
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
    """Return these words in the language of a catalogue."""
    return _RUSSIAN if texts.code == "ru" else _ENGLISH
