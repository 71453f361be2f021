"""Deep links into the bot: what stands behind `?start=`."""

from __future__ import annotations

import re

ACCESS = "access"
"""Asks for access."""

_POST = re.compile(r"p_(\d{1,16})", re.ASCII)


def read_words(text: str) -> str:
    """Return what stands behind a command, or `""`."""
    return " ".join(text.split(maxsplit=1)[1:])


def read_target(words: str) -> int:
    """Return the post that `p_<post>` names, 0 where it names none."""
    match = _POST.fullmatch(words)
    return int(match[1]) if match else 0
