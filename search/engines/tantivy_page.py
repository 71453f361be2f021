"""A page of tantivy's matches: ties are settled, and posts with the same text shown once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tantivy import DocAddress, Order, Query, Schema, Searcher

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

    def matches(self, offset: int, limit: int) -> Sequence[Match]:
        """Return the matches from `offset`, as if all had been put in order."""
        last = min(offset + limit, self._total)
        if last <= offset:
            return ()
        fetched = max(last + 1, _LEAST_FETCHED)
        ranked = self._fetch(fetched)
        shown = self._shown(ranked)
        # Those that tie with the page's last may have been left behind: fetch until none is.
        while fetched < self._posts and (
            len(shown) < last or shown[last - 1].rank == ranked[-1].rank
        ):
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
            first.setdefault(match.match.twin, match)
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
                match=Match(post_id=int(post_id or 0), score=score, twin=int(twin or 0)),
                posted=int(at or 0),
                sort=self._sort,
            )
            for score, post_id, twin, at in zip(scores, post_ids, twins, posted, strict=True)
        ]
        return sorted(ranked, key=lambda match: match.key)


class _Ranked:
    """A match and its place: `rank` is what the engine orders by, `key` settles ties too."""

    __slots__ = ("key", "match", "rank")

    def __init__(self, *, match: Match, posted: int, sort: Sort) -> None:
        whole = match.score >= COMPLETE
        own = match.score - COMPLETE if whole else match.score
        self.match = replace(match, score=own)
        if sort is Sort.RELEVANCE:
            self.rank = (-whole, -int(own / SCORE_STEP))
            self.key: tuple[int, ...] = (*self.rank, -posted, -match.post_id)
        else:
            sign = 1 if sort is Sort.OLD else -1
            self.rank = (0, sign * posted)
            self.key = (*self.rank, sign * match.post_id)


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
