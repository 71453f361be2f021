"""The functions of Letopis that a person's SQL may call."""

from __future__ import annotations


def stem(text: str) -> str:
    """Return an FTS5 expression that matches posts with all these words, in any form."""
    from search import match_stems

    return match_stems(text)


def fold(text: str) -> str:
    """Return a text in lower case, with ё as е, to compare with another."""
    from search import fold as folded

    return folded(text)


SQL_FUNCTIONS = {"stem": stem, "fold": fold}
