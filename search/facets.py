"""Counts properties of a search's matches, each with the condition that filters by it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from model.posts import Channel
from search.deadline import Deadline
from search.documents import fact
from search.engines import TermCount
from search.expression import Expression
from search.operators import HAS_VALUES
from search.query import Facet
from search.reader import IndexReader

# More than any archive has months.
_MOST_MONTHS = 2400
_TIMES = frozenset({Facet.MONTH, Facet.YEAR})
_PLAIN = re.compile(r"[\w.+#@·-]+")
_TAG = re.compile(r"[\w·]+")
_QUOTES = re.compile(r'[",«»“”„]+')


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetCount:
    """A property of matches, and how many posts have it.

    `value` is a year, month, tag, language, thing, source, site, or a channel's key, and `label`
    its display name. `condition` filters by it in the query language, as in `lang:python`. Posts
    with the same text are counted separately. `about` means that there may be some more.
    """

    value: str
    label: str
    posts: int
    condition: str
    about: bool = False


def count_facets(
    reader: IndexReader,
    expression: Expression,
    facets: Collection[Facet],
    *,
    limit: int,
    channels: Mapping[int, Channel],
    deadline: Deadline | None = None,
) -> Mapping[Facet, tuple[FacetCount, ...]]:
    """Count the matches of an expression by properties: most first, for times the latest first.

    Past the deadline the last facets may be left out.
    """
    limits = {_prefix(by): _MOST_MONTHS if by in _TIMES else limit for by in facets}
    counts = reader.facets(expression, limits, deadline=deadline)
    return {
        by: tuple(
            FacetCount(
                value=value,
                label=channels[int(value)].title if by is Facet.CHANNEL else value,
                posts=posts,
                condition=condition_for(by, value),
                about=any(count.about for count in counts[_prefix(by)]),
            )
            for value, posts in _values(counts[_prefix(by)], by, limit=limit)
        )
        for by in facets
        if _prefix(by) in counts
    }


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


def _prefix(by: Facet) -> str:
    """Return the prefix of the facts for a facet; years are derived from months."""
    return fact(Facet.MONTH if by is Facet.YEAR else by, "")


def _values(counts: Sequence[TermCount], by: Facet, *, limit: int) -> Sequence[tuple[str, int]]:
    found = [(count.text.removeprefix(_prefix(by)), count.documents) for count in counts]
    if by in _TIMES:
        return sorted(_by_year(found) if by is Facet.YEAR else found, reverse=True)[:limit]
    # Only offer what the query language knows.
    return [value for value in found if by is not Facet.HAS or value[0] in HAS_VALUES]


def _by_year(months: Sequence[tuple[str, int]]) -> Sequence[tuple[str, int]]:
    years: Counter[str] = Counter()
    for month, posts in months:
        years[month.partition("-")[0]] += posts
    return list(years.items())


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    return f'"{" ".join(_QUOTES.sub(" ", value).split())}"'
