"""Names of files, made of titles by anyone: they lead nowhere, and every file system takes them."""

from __future__ import annotations

import re
import unicodedata

from model.text import shorten

_LONGEST = 60
"""UTF-16 units, at most 180 bytes of UTF-8."""
# Not allowed in names on Windows, or with a meaning in links of Obsidian and Logseq.
_RESERVED = re.compile(r"[\\/:*?\"<>|#^\[\]%]")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)


def safe_name(text: str) -> str:
    """Return a text as a name without a suffix, `""` if nothing of it is left.

    A device of Windows, such as `con`, gets a bracket.
    """
    visible = (each for each in _RESERVED.sub(" ", text) if unicodedata.category(each)[0] != "C")
    name = shorten("".join(visible), _LONGEST).strip(" .")
    return f"({name})" if _DEVICE.match(name) else name
