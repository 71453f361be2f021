"""Ranks tantivy's matches: resolves ties, and shows posts with the same text once."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from operator import attrgetter
from typing import NamedTuple

from tantivy import DocAddress, Order, Query, Schema, Searcher

from search.deadline import Deadline
from search.documents import Document
from search.engines import LOOKED_AT, SCORE_STEP, Match
from search.expression import (
    Best,
    Between,
    Every,
    Expression,
    Field,
    Node,
    OneOf,
    Sort,
    Term,
)

TWIN = "twin"
# Repeats the twin in all but one of the documents that share it.
REPEAT = "repeat"

# Of written twins, each searched from end to end: with a million, two kilobytes.
_PARTS = 1 << 12
_LEAST_FETCHED = 64
# With more ties than this, the newest are not searched for: for a word in most posts, all of them
# tie.
_MOST_TIED = 4096
# More are fetched in steps of this factor, because the engine scans all matches each time.
_GROWTH = 8


class Ranking:
    """Takes the top matches of a query, orders ties, and can leave out repeats.

    `before` are matches to put before all others, excluded from them; `wanted` of both are going to
    be shown. `posts` is the number of matches, or a greater one.
    """

    def __init__(
        self,
        searcher: Searcher,
        expression: Expression,
        query: Query,
        *,
        near: Callable[[Sequence[int]], Mapping[int, float]],
        posts: int,
        wanted: int,
        constant: float | None = None,
        before: Sequence[Row] = (),
    ) -> None:
        self._query = query
        self._searcher = searcher
        self._sort = expression.sort
        # If all matches have the same score, the newest are the best.
        self._constant = constant
        self._repeats = expression.repeats
        self._before = before
        self._near = near
        self._posts = posts
        # So many matches are looked at before any is shown.
        self._least = len(before) + LOOKED_AT if expression.near and self._by_score else 0
        least = min(wanted + len(before), searcher.num_docs) + 1
        self._hits: Sequence[tuple[float, DocAddress]] = ()
        self._fetched = 0
        self._fetch(max(least, _LEAST_FETCHED))

    @property
    def texts(self) -> int | None:
        """Return the number of different texts, if all matches were fetched."""
        return len({row.twin for row in self._rows()}) if self._is_all else None

    def rows(self, last: int, deadline: Deadline) -> Sequence[Row]:
        """Return the first matches, up to the last wanted, as if all were sorted.

        Of thousands of ties, only those returned first by the engine are sorted.
        """
        if len(self._before) >= last:
            return self._before[:last]
        depth = max(last, self._least)
        shown = self._shown(depth)
        # Ties with the last match may be missing: fetch until none is.
        while not self._is_all and (
            len(shown) < last
            or (
                self._fetched < _MOST_TIED
                and (len(shown) < depth or shown[-1].rank == self._rank(self._hits[-1][0]))
            )
        ):
            if deadline.passed():
                break
            # To scan a hundred matches takes as long as to fetch another one.
            self._fetch(max(self._fetched * _GROWTH, min(self._posts // 100, _MOST_TIED)))
            shown = self._shown(depth)
        return (self._looked_at(shown) if self._least else shown)[:last]

    def _looked_at(self, shown: Sequence[Row]) -> Sequence[Row]:
        """Order the first matches anew, with what they score for terms near each other."""
        start, end = len(self._before), self._least
        if len(shown) - start < 2:
            return shown
        found = self._near([row.post_id for row in shown[start:end]])
        rows = [
            row._replace(rank=int(score / SCORE_STEP), score=score)
            for row in shown[start:end]
            for score in [row.score + found.get(row.post_id, 0.0)]
        ]
        return [*shown[:start], *sorted(rows, reverse=True), *shown[end:]]

    def _shown(self, last: int) -> Sequence[Row]:
        """Return the first matches; repeats of an earlier one only if all are wanted."""
        key = attrgetter("post_id" if self._repeats else "twin")
        first = {key(row): row for row in self._before}
        for row in self._rows():
            first.setdefault(key(row), row)
            if len(first) == last:
                break
        return list(first.values())

    def _fetch(self, limit: int) -> None:
        if self._by_score:
            found = self._searcher.search(self._query, limit=limit, count=False)
        else:
            order = Order.Asc if self._sort is Sort.OLD else Order.Desc
            found = self._searcher.search(
                self._query, limit=limit, count=False, order_by_field="posted", order=order
            )
        self._fetched, self._hits = limit, found.hits

    @property
    def _is_all(self) -> bool:
        return len(self._hits) < self._fetched

    @property
    def _by_score(self) -> bool:
        return self._sort is Sort.RELEVANCE and self._constant is None

    def _rows(self) -> Iterator[Row]:
        """Yield the matches in order; little is read of those after the last one taken."""
        start = 0
        while start < len(self._hits):
            end = self._end_of_ties(start + _LEAST_FETCHED)
            yield from map(Row._make, sorted(self._read(start, end), reverse=True))
            start = end

    def _end_of_ties(self, least: int) -> int:
        """Return the number of matches, at least so many, that do not tie with any other."""
        if least >= len(self._hits):
            return len(self._hits)
        rank = self._rank(self._hits[least - 1][0])
        return bisect_right(self._hits, -rank, lo=least, key=lambda hit: -self._rank(hit[0]))

    def _read(self, start: int, end: int) -> Iterable[_Values]:
        """Return some matches in few passes: there may be a hundred thousand."""
        hits = self._hits[start:end]
        addresses = [address for _, address in hits]
        sign = self._sign
        return zip(
            [self._rank(value) for value, _ in hits],
            [sign * posted for posted in self._values("posted", addresses)],
            [sign * post_id for post_id in self._values("post_id", addresses)],
            self._values(TWIN, addresses),
            [value for value, _ in hits] if self._by_score else repeat(self._plain_score),
            strict=False,
        )

    def _rank(self, value: float) -> int:
        """Return the rank of what the engine sorted a match by."""
        return int(value / SCORE_STEP) if self._by_score else self._sign * int(value)

    @property
    def _sign(self) -> int:
        return -1 if self._sort is Sort.OLD else 1

    @property
    def _plain_score(self) -> float:
        """Return the score of matches that are not sorted by it."""
        return (self._constant or 0.0) if self._sort is Sort.RELEVANCE else 0.0

    def _values(self, field: str, addresses: list[DocAddress]) -> Sequence[int]:
        return self._searcher.fast_field_values(field, addresses)  # type: ignore[return-value]  # of integers


_Values = tuple[int, int, int, int, float]
"""The sort key of a row."""


class Row(NamedTuple):
    """A sortable match, greatest first; for oldest first, all values are negative.

    Matches of equal `rank` are unordered by the engine.
    """

    rank: int
    posted: int
    post_id: int
    twin: int
    score: float

    @property
    def match(self) -> Match:
        """Return the public form of the match."""
        return Match(post_id=abs(self.post_id), score=self.score, twin=self.twin)


def constant_score(expression: Expression) -> float | None:
    """Return the score of every match of all the words, if it is constant, as for prefixes."""
    words = [node.score for node in expression.words if isinstance(node, OneOf)]
    if words and len(words) == len(expression.words) and all(map(_is_fact, expression.required)):
        return sum(words)
    return None


def _is_fact(node: Node) -> bool:
    match node:
        case Between() | Term(field=Field.FACTS) | OneOf(field=Field.FACTS, score=0.0):
            return True
        case Best(options=options):
            return all(_is_fact(option.node) for option in options)
        case Every(nodes=nodes):
            return all(map(_is_fact, nodes))
    return False


class Repeats:
    """Finds documents whose text another one has, in the index or among those just written."""

    def __init__(self, schema: Schema, searcher: Searcher) -> None:
        self._schema = schema
        self._searcher = searcher
        # By their last bits, eight bytes each: a set of integers takes seven times as much memory.
        self._written: defaultdict[int, bytearray] = defaultdict(bytearray)

    def has(self, document: Document) -> bool:
        """Return whether a document about to be written repeats another one."""
        if document.twin < 0:
            return False
        written, twin = self._written[document.twin % _PARTS], document.twin.to_bytes(8)
        if twin in written:
            return True
        written += twin
        return self._is_kept(document)

    def _is_kept(self, document: Document) -> bool:
        """Return whether another document of the index has the text."""
        if not self._searcher.num_docs:
            return False
        alike = Query.term_query(self._schema, TWIN, document.twin)
        found = self._searcher.search(alike, limit=2, count=False)
        addresses = [address for _, address in found.hits]
        others = self._searcher.fast_field_values("post_id", addresses)
        return any(other != document.post_id for other in others)
