"""Everything said to people, in Russian and English."""

from __future__ import annotations

from i18n.catalogue import Catalogue
from i18n.english import ENGLISH
from i18n.locale import Locale
from i18n.russian import RUSSIAN

__all__ = ["ENGLISH", "READ_RUSSIAN", "RUSSIAN", "Catalogue", "Locale", "texts_for"]

READ_RUSSIAN = ("ru", "be", "kk", "uk")
"""Telegram's language codes of people who are answered in Russian."""


def texts_for(language_code: str | None) -> Catalogue:
    """Return the catalogue for a Telegram language code."""
    language = (language_code or "").replace("_", "-").partition("-")[0].casefold()
    return RUSSIAN if language in READ_RUSSIAN else ENGLISH
