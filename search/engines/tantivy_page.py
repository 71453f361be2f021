"""A page of tantivy's matches: ties are settled, and posts with the same text shown once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from tantivy import DocAddress, Order, Query, Schema, Searcher, SearchResult

from search.deadline import Deadline
from search.documents import Document
from search.engines import SCORE_STEP, Match
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
# Holds the twin again, in all but one of the documents that share it.
REPEAT = "repeat"

# What a document that has all the words scores above all others.
COMPLETE = 4096.0
_COMPLETE_RANK = 1 << 30
_LEAST_FETCHED = 64
# Of more matches that tie than these, the newest of all are not looked for: for a word that most
# posts have, all of them tie.
_MOST_TIED = 4096


class Page:
    """Takes matches off the top of a result, orders those that tie, may leave out repeats."""

    def __init__(
        self, searcher: Searcher, query: Query, expression: Expression, *, offset: int, limit: int
    ) -> None:
        self._searcher = searcher
        self._query = query
        self._sort = expression.sort
        # Where all matches score the same, the newest are best, and need not be looked for.
        self._constant = _constant_score(expression)
        self._repeats = expression.repeats
        self._offset = offset
        self._limit = limit
        self._fetched = max(min(offset + limit + 1, searcher.num_docs), _LEAST_FETCHED)
        found = self._search(self._fetched, count=True)
        self._ranked = self._rows(found)
        self.posts: int = found.count  # type: ignore[attr-defined]  # it is there

    def matches(self, *, total: int, deadline: Deadline) -> Sequence[Match]:
        """Return the matches of the page, as if all of them had been put in order.

        Of thousands that tie, those that the engine gave first are put in order.
        `total` is the number of all matches, less those that are left out.
        """
        last = min(self._offset + self._limit, total)
        if last <= self._offset:
            return ()
        shown = self._shown(last)
        # Those that tie with the page's last may have been left behind: fetch until none is.
        while self._fetched < self.posts and (
            len(shown) < last
            or (self._fetched < _MOST_TIED and shown[-1].rank == _Row._make(self._ranked[-1]).rank)
        ):
            if deadline.passed():
                break
            self._fetched *= 4
            self._ranked = self._rows(self._search(self._fetched, count=False))
            shown = self._shown(last)
        return [
            Match(post_id=abs(row.post_id), score=row.score, twin=row.twin)
            for row in shown[self._offset :]
        ]

    def _shown(self, last: int) -> Sequence[_Row]:
        """Return the first matches; those with the text of an earlier one only if all are wanted.

        Nothing is made of the others: there may be thousands.
        """
        ranked = map(_Row._make, self._ranked)
        if self._repeats:
            return list(islice(ranked, last))
        first: dict[int, _Row] = {}
        for row in ranked:
            first.setdefault(row.twin, row)
            if len(first) == last:
                break
        return list(first.values())

    def _search(self, limit: int, *, count: bool) -> SearchResult:
        if self._by_score:
            return self._searcher.search(self._query, limit=limit, count=count)
        order = Order.Asc if self._sort is Sort.OLD else Order.Desc
        return self._searcher.search(
            self._query, limit=limit, count=count, order_by_field="posted", order=order
        )

    @property
    def _by_score(self) -> bool:
        return self._sort is Sort.RELEVANCE and self._constant is None

    def _rows(self, found: SearchResult) -> Sequence[_Values]:
        """Return the matches in order, all of it in few passes: there may be a hundred thousand."""
        addresses = [address for _, address in found.hits]
        sign = -1 if self._sort is Sort.OLD else 1
        posted = [sign * int(at or 0) for at in self._values("posted", addresses)]
        post_ids = [sign * int(key or 0) for key in self._values("post_id", addresses)]
        ranks, scores = posted, [self._plain_score] * len(addresses)
        if self._by_score:
            ranks = [_score_rank(score) for score, _ in found.hits]
            scores = [score - COMPLETE if score >= COMPLETE else score for score, _ in found.hits]
        rows = zip(ranks, posted, post_ids, self._values(TWIN, addresses), scores, strict=True)
        return sorted(rows, reverse=True)

    @property
    def _plain_score(self) -> float:
        """Return the score of matches that are not put in order by it."""
        return (self._constant or 0.0) if self._sort is Sort.RELEVANCE else 0.0

    def _values(self, field: str, addresses: list[DocAddress]) -> Sequence[int]:
        return self._searcher.fast_field_values(field, addresses)  # type: ignore[return-value]  # of integers


_Values = tuple[int, int, int, int, float]
"""Those of a row."""


class _Row(NamedTuple):
    """A match, as it is put in order: the greatest first; oldest first, all is below zero.

    Of equal `rank` are those that the engine itself puts in no order.
    """

    rank: int
    posted: int
    post_id: int
    twin: int
    score: float


def _score_rank(score: float) -> int:
    if score >= COMPLETE:
        return int((score - COMPLETE) / SCORE_STEP) + _COMPLETE_RANK
    return int(score / SCORE_STEP)


def _constant_score(expression: Expression) -> float | None:
    """Return what every match scores, if that is clear: a single word, of any of many spellings."""
    match expression.words:
        case (OneOf(score=score),) if all(map(_is_fact, expression.required)):
            return score
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
    """Tells the documents whose text another one has, in the index or among those just written."""

    def __init__(self, schema: Schema, searcher: Searcher) -> None:
        self._schema = schema
        self._searcher = searcher
        self._written: set[int] = set()

    def has(self, document: Document) -> bool:
        """Say whether a document about to be written repeats another one."""
        if document.twin < 0:
            return False
        if document.twin in self._written:
            return True
        self._written.add(document.twin)
        return self._is_kept(document)

    def _is_kept(self, document: Document) -> bool:
        """Say whether another document of the index has the text."""
        if not self._searcher.num_docs:
            return False
        alike = Query.term_query(self._schema, TWIN, document.twin)
        found = self._searcher.search(alike, limit=2, count=False)
        addresses = [address for _, address in found.hits]
        others = self._searcher.fast_field_values("post_id", addresses)
        return any(other != document.post_id for other in others)
