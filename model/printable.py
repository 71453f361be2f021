"""Text of others, made fit for a terminal."""

from __future__ import annotations

import re

# C0 and C1 but for tab and line break, and what turns the direction of all that follows.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Each character that a terminal obeys instead of showing it."""


def printable(text: str) -> str:
    """Return a text with U+FFFD for every character that a terminal would obey."""
    return OBEYED.sub("\ufffd", text.replace("\r\n", "\n"))
