"""The language of the person at the terminal."""

from __future__ import annotations

import os


def terminal_language() -> str:
    """Return the code of the terminal's language, `ru` where none is set."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").partition("_")[0].partition(".")[0]
        if value:
            return "ru" if value in {"C", "POSIX"} else value
    return "ru"
