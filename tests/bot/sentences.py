"""What tests expect the bot to say, asked of the catalogue."""

from __future__ import annotations

from i18n import ENGLISH, RUSSIAN
from i18n.doctor import RUSSIAN as DOCTOR
from i18n.imports import RUSSIAN as UPLOADS
from i18n.live import RUSSIAN as LIVE

__all__ = [
    "DOCTOR",
    "ENGLISH",
    "LIVE",
    "RUSSIAN",
    "UPLOADS",
    "count",
    "imported",
    "opening",
    "posts",
]

count = RUSSIAN.count


def posts(number: int) -> str:
    """Return a number of posts in words, such as 13 постов."""
    return count(number, RUSSIAN.posts)


def opening(sentence: str) -> str:
    """Return how a sentence of the catalogue begins, up to the first name in braces."""
    return sentence.partition("{")[0]


def imported(new: int, changed: int, unchanged: int, *, missing: int | None = None) -> str:
    """Return what an import says that it did, or would do, with the posts of an export."""
    numbers = (new, changed, unchanged, *(() if missing is None else (missing,)))
    said = zip(UPLOADS.counts, numbers, strict=False)
    return " · ".join(each.format(number=RUSSIAN.number(number)) for each, number in said)
