"""Compares the positions of terms in documents of a Whoosh index."""

from __future__ import annotations

from array import array
from bisect import bisect, bisect_left
from collections.abc import Collection, Sequence

from whoosh.matching.mcore import Matcher

from search.engines import NEAR_AFTER, NEAR_BEFORE

# The value of a posting without positions.
NO_PLACES = b"\0"


def are_in_a_row(matchers: Sequence[Matcher], doc: int) -> bool:
    """Return whether the terms are at successive positions in a document with all of them."""
    begun: Collection[int] = _places(matchers[0], doc)
    for step, matcher in enumerate(matchers[1:], start=1):
        if not begun:
            return False
        places = _places(matcher, doc)
        begun = [place for place in begun if place + step in places]
    return bool(begun)


def are_near(matchers: Sequence[Matcher], doc: int) -> bool:
    """Return whether two terms are near each other in a document with both."""
    one, other = (sorted(_places(matcher, doc)) for matcher in matchers)
    return any(
        bisect_left(other, place - NEAR_BEFORE) < bisect(other, place + NEAR_AFTER) for place in one
    )


def _places(matcher: Matcher, doc: int) -> Collection[int]:
    # Usually it is there already: the words of slow phrases are everywhere.
    if matcher.id() != doc:
        matcher.skip_to(doc)
    value = matcher.value()
    matcher.next()
    return () if value == NO_PLACES else array("I", value)
