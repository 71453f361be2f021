"""The language of the person at the terminal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from i18n import ENGLISH, RUSSIAN, Catalogue
from i18n.messages import say

if TYPE_CHECKING:
    from model.messages import Message


def terminal_language(*, default: str = "en") -> str:
    """Return the code of the terminal's language, from `LETOPIS_LANG` or the locale."""
    for name in ("LETOPIS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").partition("_")[0].partition(".")[0]
        if value:
            return default if value in {"C", "POSIX"} else value
    return default


def terminal_texts() -> Catalogue:
    """Return the catalogue of the command line."""
    return RUSSIAN if terminal_language() == "ru" else ENGLISH


def worded(message: Message) -> str:
    """Return a message in the terminal's language."""
    return say(message, terminal_texts())
