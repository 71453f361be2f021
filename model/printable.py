"""Makes untrusted text safe to print on a terminal."""

from __future__ import annotations

import re

# C0 and C1 controls except tab and newline, and bidirectional overrides.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that a terminal acts on instead of displaying."""


def printable(text: str) -> str:
    """Replace every character that a terminal would act on with U+FFFD."""
    return OBEYED.sub("\ufffd", text.replace("\r\n", "\n"))
