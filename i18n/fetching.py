"""Texts on channels and folders that the bot reads by itself: the fields, and both languages."""

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
    watched: str
    """With {name} of an export, and how many posts were {added} and {changed}."""
    waits: str
    """With {name} of an export, or the folder, and {reason}."""


ENGLISH = FetchingTexts(
    fetched="📥 t.me/s/{name}: new posts: {added}, edited: {changed}.",
    failed="⚠ @{name} is not fetched. {reason}",
    watched="📥 {name}: new posts: {added}, edited: {changed}.",
    waits="⚠ {name} was not imported from the watched folder; it stays there. {reason}",
)

RUSSIAN = FetchingTexts(
    fetched="📥 t.me/s/{name}: новых постов {added}, с другим текстом {changed}.",
    failed="⚠ Посты @{name} не получены. {reason}",
    watched="📥 {name}: новых постов {added}, с другим текстом {changed}.",
    waits="⚠ {name} из папки, за которой я слежу, не импортируется и остаётся там. {reason}",
)


def fetching_texts(texts: Catalogue) -> FetchingTexts:
    """Return these texts in the language of a catalogue."""
    return RUSSIAN if texts.code == "ru" else ENGLISH
