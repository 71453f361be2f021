"""Counts properties of a search's matches, each with the condition that filters by it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from model.posts import Channel
from search.documents import fact
from search.engines import TermCount
from search.expression import Expression
from search.operators import HAS_VALUES
from search.query import Facet

# More than any archive has months.
_MOST_MONTHS = 2400
_TIMES = frozenset({Facet.MONTH, Facet.YEAR})
_PLAIN = re.compile(r"[\w.+#@·-]+")
_TAG = re.compile(r"[\w·]+")
_QUOTES = re.compile(r'[",«»“”„]+')


class Counting(Protocol):
    """What counting needs from an index."""

    def facets(self, expression: Expression, prefix: str, *, limit: int) -> Sequence[TermCount]:
        """Return the facts with a prefix, and the number of matches for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetCount:
    """A property of matches, and how many posts have it.

    `value` is a year, month, tag, language, thing, source, site, or a channel's key, and `label`
    its display name. `condition` filters by it in the query language, as in `lang:python`. Posts
    with the same text are counted separately.
    """

    value: str
    label: str
    posts: int
    condition: str


def count_facet(
    index: Counting,
    expression: Expression,
    *,
    by: Facet,
    limit: int,
    channels: Mapping[int, Channel],
) -> tuple[FacetCount, ...]:
    """Count the matches of an expression by a property: most first, for times the latest first."""
    return tuple(
        FacetCount(
            value=value,
            label=channels[int(value)].title if by is Facet.CHANNEL else value,
            posts=posts,
            condition=condition_for(by, value),
        )
        for value, posts in _counts(index, expression, by=by, limit=limit)
    )


def condition_for(by: Facet, value: str) -> str:
    """Return the query language's condition for a value."""
    match by:
        case Facet.YEAR | Facet.MONTH:
            return f"on:{value}"
        case Facet.SOURCE:
            return f"from:{_quoted(value)}"
        case Facet.TAG if _TAG.fullmatch(value):
            return f"#{value}"
    return f"{by}:{_quoted(value)}"


def _counts(
    index: Counting, expression: Expression, *, by: Facet, limit: int
) -> Sequence[tuple[str, int]]:
    if by in _TIMES:
        months = _read_counts(index, expression, Facet.MONTH, limit=_MOST_MONTHS)
        return sorted(_by_year(months) if by is Facet.YEAR else months, reverse=True)[:limit]
    counts = _read_counts(index, expression, by, limit=limit)
    # Only offer what the query language knows.
    return [count for count in counts if by is not Facet.HAS or count[0] in HAS_VALUES]


def _read_counts(
    index: Counting, expression: Expression, by: Facet, *, limit: int
) -> Sequence[tuple[str, int]]:
    prefix = fact(by, "")
    counts = index.facets(expression, prefix, limit=limit)
    return [(count.text.removeprefix(prefix), count.documents) for count in counts]


def _by_year(months: Sequence[tuple[str, int]]) -> Sequence[tuple[str, int]]:
    years: Counter[str] = Counter()
    for month, posts in months:
        years[month.partition("-")[0]] += posts
    return list(years.items())


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    return f'"{" ".join(_QUOTES.sub(" ", value).split())}"'
