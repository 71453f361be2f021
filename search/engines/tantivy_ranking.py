"""Ranks tantivy's matches: resolves ties, and shows posts with the same text once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from tantivy import DocAddress, Order, Query, Schema, Searcher, SearchResult

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
    """Takes the top matches of a result, orders ties, and can leave out repeats.

    `before` are matches to put before all others, excluded from them. With `wanted` of 0 matches
    are only counted, in half the time.
    """

    def __init__(
        self,
        searcher: Searcher,
        expression: Expression,
        query: Query,
        *,
        near: Callable[[Sequence[int]], Mapping[int, float]],
        wanted: int = 0,
        constant: float | None = None,
        before: Sequence[Row] = (),
    ) -> None:
        self.query = query
        self.searcher = searcher
        self._sort = expression.sort
        # If all matches have the same score, the newest are the best.
        self._constant = constant
        self._repeats = expression.repeats
        self._before = before
        self._near = near
        # So many matches are looked at before any is shown.
        self._least = len(before) + LOOKED_AT if expression.near and self._by_score else 0
        self._ranked: Sequence[_Values] = ()
        self._fetched = 0
        if wanted:
            least = min(wanted + len(before) + 1, searcher.num_docs)
            found = self._fetch(max(least, _LEAST_FETCHED), count=True)
        else:
            # tantivy panics with a limit of 0.
            found = searcher.search(Query.const_score_query(query, 0.0), limit=1)
        self.posts: int = found.count  # type: ignore[attr-defined]  # it is there

    @property
    def texts(self) -> int | None:
        """Return the number of different texts, if all matches were fetched."""
        return len({row[_TWIN] for row in self._ranked}) if self._fetched >= self.posts else None

    def rows(self, last: int, deadline: Deadline) -> Sequence[Row]:
        """Return the first matches, up to the last wanted, as if all were sorted.

        Of thousands of ties, only those returned first by the engine are sorted.
        """
        if len(self._before) >= last:
            return self._before[:last]
        depth = max(last, self._least)
        shown = self._shown(depth)
        # Ties with the last match may be missing: fetch until none is.
        while self._fetched < self.posts and (
            len(shown) < last
            or (
                self._fetched < _MOST_TIED
                and (len(shown) < depth or shown[-1].rank == Row._make(self._ranked[-1]).rank)
            )
        ):
            if deadline.passed():
                break
            self._fetch(self._fetched * _GROWTH, count=False)
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
        """Return the first matches; repeats of an earlier one only if all are wanted.

        No objects are created for the others: there may be thousands.
        """
        key = attrgetter("post_id" if self._repeats else "twin")
        first = {key(row): row for row in self._before}
        for row in map(Row._make, self._ranked):
            first.setdefault(key(row), row)
            if len(first) == last:
                break
        return list(first.values())

    def _fetch(self, limit: int, *, count: bool) -> SearchResult:
        if self._by_score:
            found = self.searcher.search(self.query, limit=limit, count=count)
        else:
            order = Order.Asc if self._sort is Sort.OLD else Order.Desc
            found = self.searcher.search(
                self.query, limit=limit, count=count, order_by_field="posted", order=order
            )
        self._fetched, self._ranked = limit, self._rows_of(found)
        return found

    @property
    def _by_score(self) -> bool:
        return self._sort is Sort.RELEVANCE and self._constant is None

    def _rows_of(self, found: SearchResult) -> Sequence[_Values]:
        """Return the matches in order, in few passes: there may be a hundred thousand."""
        addresses = [address for _, address in found.hits]
        sign = -1 if self._sort is Sort.OLD else 1
        posted = [sign * int(at or 0) for at in self._values("posted", addresses)]
        post_ids = [sign * int(key or 0) for key in self._values("post_id", addresses)]
        ranks, scores = posted, [self._plain_score] * len(addresses)
        if self._by_score:
            scores = [score for score, _ in found.hits]
            ranks = [int(score / SCORE_STEP) for score in scores]
        rows = zip(ranks, posted, post_ids, self._values(TWIN, addresses), scores, strict=True)
        return sorted(rows, reverse=True)

    @property
    def _plain_score(self) -> float:
        """Return the score of matches that are not sorted by it."""
        return (self._constant or 0.0) if self._sort is Sort.RELEVANCE else 0.0

    def _values(self, field: str, addresses: list[DocAddress]) -> Sequence[int]:
        return self.searcher.fast_field_values(field, addresses)  # type: ignore[return-value]  # of integers


_Values = tuple[int, int, int, int, float]
"""The sort key of a row."""
_TWIN = 3


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
