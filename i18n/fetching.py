"""Texts on public channels that the bot fetches: the fields, and both languages."""

from __future__ import annotations

from dataclasses import dataclass

from i18n import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FetchingTexts:
    """Names in braces are filled in with `str.format`."""

    fetched: str
    """With {name}, and how many posts were {added} and {changed}."""
    failed: str
    """With {name} and {reason}."""


ENGLISH = FetchingTexts(
    fetched="📥 t.me/s/{name}: new posts {added}, with other words {changed}.",
    failed="⚠ @{name} is not fetched. {reason}",
)

RUSSIAN = FetchingTexts(
    fetched="📥 t.me/s/{name}: новых постов {added}, с другим текстом {changed}.",
    failed="⚠ Посты @{name} не получены. {reason}",
)


def fetching_texts(texts: Catalogue) -> FetchingTexts:
    """Return these texts in the language of a catalogue."""
    return RUSSIAN if texts.code == "ru" else ENGLISH
