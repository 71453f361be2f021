"""A page of tantivy's matches: ties are settled, and posts with the same text shown once."""

from __future__ import annotations

from collections.abc import Sequence

from tantivy import DocAddress, Order, Query, Schema, Searcher

from search.deadline import Deadline
from search.documents import Document
from search.engines import SCORE_STEP, Match
from search.expression import Expression, Sort

TWIN = "twin"
# Holds the twin again, in all but one of the documents that share it.
REPEAT = "repeat"

# What a document that has all the words scores above all others.
COMPLETE = 4096.0
_LEAST_FETCHED = 64


class Page:
    """Takes matches off the top of a result, orders those that tie, may leave out repeats."""

    def __init__(
        self, searcher: Searcher, query: Query, expression: Expression, *, posts: int, total: int
    ) -> None:
        self._searcher = searcher
        self._query = query
        self._sort = expression.sort
        self._repeats = expression.repeats
        self._posts = posts
        self._total = total

    def matches(self, offset: int, limit: int, *, deadline: Deadline) -> Sequence[Match]:
        """Return the matches from `offset`, as if all had been put in order."""
        last = min(offset + limit, self._total)
        if last <= offset:
            return ()
        fetched = max(last + 1, _LEAST_FETCHED)
        ranked = self._fetch(fetched)
        shown = self._shown(ranked)
        # Those that tie with the page's last may have been left behind: fetch until none is.
        while fetched < self._posts and (
            len(shown) < last or self._tie(shown[last - 1], ranked[-1])
        ):
            if deadline.passed():
                break
            fetched *= 4
            ranked = self._fetch(fetched)
            shown = self._shown(ranked)
        return [match.match for match in shown[offset:last]]

    def _shown(self, ranked: Sequence[_Ranked]) -> Sequence[_Ranked]:
        """Leave out the matches that have the text of an earlier one, unless all are wanted."""
        if self._repeats:
            return ranked
        first: dict[int, _Ranked] = {}
        for match in ranked:
            first.setdefault(match.twin, match)
        return list(first.values())

    def _fetch(self, limit: int) -> Sequence[_Ranked]:
        if self._sort is Sort.RELEVANCE:
            found = self._searcher.search(self._query, limit=limit, count=False)
            scores = [float(score) for score, _ in found.hits]
        else:
            order = Order.Asc if self._sort is Sort.OLD else Order.Desc
            found = self._searcher.search(
                self._query, limit=limit, count=False, order_by_field="posted", order=order
            )
            scores = [0.0 for _ in found.hits]
        return self._ranked(scores, [address for _, address in found.hits])

    def _ranked(self, scores: Sequence[float], addresses: list[DocAddress]) -> Sequence[_Ranked]:
        post_ids = self._searcher.fast_field_values("post_id", addresses)
        posted = self._searcher.fast_field_values("posted", addresses)
        twins = self._searcher.fast_field_values(TWIN, addresses)
        ranked = [
            _Ranked(
                post_id=int(post_id or 0), score=score, twin=int(twin or 0), posted=int(at or 0)
            )
            for score, post_id, twin, at in zip(scores, post_ids, twins, posted, strict=True)
        ]
        if self._sort is Sort.RELEVANCE:
            ranked.sort(key=lambda match: (match.rank, -match.posted, -match.post_id))
        else:
            sign = 1 if self._sort is Sort.OLD else -1
            ranked.sort(key=lambda match: (sign * match.posted, sign * match.post_id))
        return ranked

    def _tie(self, one: _Ranked, other: _Ranked) -> bool:
        """Say whether the engine put two matches in no order."""
        if self._sort is Sort.RELEVANCE:
            return one.rank == other.rank
        return one.posted == other.posted


class _Ranked:
    """A match and what puts it in its place."""

    __slots__ = ("post_id", "posted", "rank", "score", "twin")

    def __init__(self, *, post_id: int, score: float, twin: int, posted: int) -> None:
        whole = score >= COMPLETE
        self.post_id = post_id
        self.score = score - COMPLETE if whole else score
        self.twin = twin
        self.posted = posted
        self.rank = (not whole, -int(self.score / SCORE_STEP))

    @property
    def match(self) -> Match:
        """Return the match alone."""
        return Match(post_id=self.post_id, score=self.score, twin=self.twin)


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
