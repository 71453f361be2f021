"""What the bot says, in Russian and in English."""

from __future__ import annotations

from bot.texts.catalogue import Catalogue
from bot.texts.english import ENGLISH
from bot.texts.reader import Reader
from bot.texts.russian import RUSSIAN

__all__ = ["ENGLISH", "RUSSIAN", "Catalogue", "Reader", "texts_for"]

_READ_RUSSIAN = {"ru", "be", "uk", "kk"}


def texts_for(language_code: str | None) -> Catalogue:
    """Return the catalogue for a person whose Telegram speaks this language."""
    language = (language_code or "").replace("_", "-").partition("-")[0].casefold()
    return RUSSIAN if language in _READ_RUSSIAN else ENGLISH
