"""Ranks OpenSearch's hits: ties by time, a text once, terms near each other first.

OpenSearch orders by exact scores, where near ones count as equal to us. So the first hits by score
are asked for; if the last of them tie with others, the newest of these are asked for too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from search.engines import LOOKED_AT, SCORE_STEP, Match
from search.engines.opensearch_compiler import Compiled, with_near
from search.expression import Near, Sort

# The most that OpenSearch returns at once, unless it is told otherwise.
_MOST_AT_ONCE = 10_000
_LEAST_FETCHED = 64
_GROWTH = 8
# Below every rank.
_LOWEST = -(1 << 63)
_TWINS_COUNTED = 40_000
# Of so many texts, hardly two have the same digest.
_COUNTED_EXACTLY = 1000

Ask = Callable[[Compiled], Mapping[str, Any]]
"""Runs one search."""


class Row(NamedTuple):
    """A sortable hit, greatest first; for oldest first, all values are negative."""

    rank: int
    posted: int
    post_id: int
    twin: int
    score: float
    near: float = 0.0

    @property
    def match(self) -> Match:
        """Return the public form of the hit."""
        return Match(post_id=abs(self.post_id), score=self.score, twin=self.twin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How the hits of an expression are ordered.

    If all have the same score, `constant`, the newest are the best.
    """

    sort: Sort
    near: Sequence[Near] = ()
    constant: float | None = None
    repeats: bool

    @property
    def by_score(self) -> bool:
        """Return whether scores decide."""
        return self.sort is Sort.RELEVANCE and self.constant is None


class Level:
    """The documents that a query finds, ranked: a tier, those with all the words, or all."""

    def __init__(self, query: Compiled, order: Order, *, wanted: int, counted: bool) -> None:
        self._query = query
        self._order = order
        self._size = min(max(wanted, _LEAST_FETCHED), _MOST_AT_ONCE) if wanted else 0
        self._counted = counted and not order.repeats
        self._rows: dict[int, Row] = {}
        self._after: Sequence[object] = ()
        self._whole = False
        # Of a lower rank than this, not all rows are known.
        self._edge = _LOWEST
        self.posts = 0
        self._texts = 0

    @property
    def body(self) -> Compiled:
        """Return the first search for it."""
        body = dict(self._by_order(self._size))
        body["track_total_hits"] = True
        if self._counted:
            texts = {"field": "twin", "precision_threshold": _TWINS_COUNTED}
            body["aggs"] = {"texts": {"cardinality": texts}}
        return body

    def read(self, answer: Mapping[str, Any]) -> None:
        """Take the answer to `body`."""
        self.posts = int(answer["hits"]["total"]["value"])
        if self._counted:
            self._texts = int(answer["aggregations"]["texts"]["value"])
        self._take(answer, size=self._size)

    @property
    def total(self) -> int:
        """Return the number of different texts among the documents, or of documents if wanted."""
        if not self._counted:
            return self.posts
        if self._whole:
            return len({row.twin for row in self._rows.values()})
        return min(self._texts, self.posts)

    @property
    def is_about(self) -> bool:
        """Return whether `total` may be slightly off: texts are counted by digests of 25 bits."""
        return self.posts > _COUNTED_EXACTLY and self.total < self.posts

    def first(self, count: int, *, beside: Sequence[Row], ask: Ask) -> Sequence[Row]:
        """Return rows to follow others, best first: this many, if there are."""
        taken = {self._key(row) for row in beside}
        while True:
            known = [row for row in self._rows.values() if row.rank >= self._edge]
            rows = self._different(known, taken)
            if len(rows) < count <= _MOST_AT_ONCE and not self._whole and self._order.by_score:
                rows = self._different([*known, *self._tied(count + len(beside), ask)], taken)
            if len(rows) >= count or self._whole:
                return rows
            size = min(max(self._size, _LEAST_FETCHED) * _GROWTH, _MOST_AT_ONCE)
            self._take(ask(self._by_order(size)), size=size)
            self._size = size

    def looked_at(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Order the first rows anew, with what they score for terms near each other."""
        first = rows[:LOOKED_AT]
        if not self._order.near or not self._order.by_score or len(first) < 2:
            return rows
        scores = [(row, row.score + row.near) for row in first]
        again = [row._replace(rank=int(score / SCORE_STEP), score=score) for row, score in scores]
        return [*sorted(again, reverse=True), *rows[LOOKED_AT:]]

    def _different(self, rows: Iterable[Row], taken: set[int]) -> list[Row]:
        first: dict[int, Row] = {}
        for row in sorted(rows, reverse=True):
            if self._key(row) not in taken:
                first.setdefault(self._key(row), row)
        return list(first.values())

    def _key(self, row: Row) -> int:
        return abs(row.post_id) if self._order.repeats else row.twin

    def _tied(self, count: int, ask: Ask) -> Sequence[Row]:
        """Return the newest rows that tie with the last one by score.

        Those that score more are found with them, so as many more are asked for.
        """
        rank = self._edge - 1
        size = min(count + len(self._rows) + _LEAST_FETCHED, _MOST_AT_ONCE)
        # Scores are rounded to be sent.
        least = max(rank * SCORE_STEP - 1e-4, 0.0)
        found = ask({**self._newest(size), "min_score": least, "track_scores": True})
        return [row for row in map(self._row, found["hits"]["hits"]) if row.rank == rank]

    def _take(self, answer: Mapping[str, Any], *, size: int) -> None:
        hits = answer["hits"]["hits"]
        rows = [self._row(hit) for hit in hits]
        self._rows.update((row.post_id, row) for row in rows)
        self._whole = len(hits) < size
        if hits:
            self._after = hits[-1]["sort"]
            # What ties with the last row may not be known.
            is_known = self._whole or not self._order.by_score
            self._edge = _LOWEST if is_known else rows[-1].rank + 1

    def _by_order(self, size: int) -> Compiled:
        """Return a search for so many rows after those already taken, as OpenSearch orders them."""
        body = dict(self._newest(size))
        if self._order.by_score:
            body["sort"] = ["_score", *body["sort"]]
        if self._after:
            body["search_after"] = self._after
        return body

    def _newest(self, size: int) -> Compiled:
        way = "asc" if self._order.sort is Sort.OLD else "desc"
        return {
            "query": with_near(self._query, self._order.near),
            "size": size,
            "sort": [{"posted": way}, {"post_id": way}, {"twin": way}],
            "_source": False,
            "stored_fields": "_none_",
            "track_total_hits": False,
        }

    def _row(self, hit: Mapping[str, Any]) -> Row:
        sign = -1 if self._order.sort is Sort.OLD else 1
        *_, posted, post_id, twin = hit["sort"]
        score = self._order.constant or 0.0
        if self._order.by_score:
            score = float(hit["_score"])
        rank = int(score / SCORE_STEP) if self._order.by_score else sign * posted
        near = sum(self._order.near[int(name)].score for name in hit.get("matched_queries", ()))
        return Row(rank, sign * posted, sign * post_id, twin, score, near)


def page_of(
    levels: Sequence[Level], last: int, order: Order, *, ask: Ask, passed: Callable[[], bool]
) -> Sequence[Row]:
    """Return the first rows of several levels, those of an earlier one first."""
    shown: list[Row] = []
    for level in levels:
        if len(shown) >= last or passed():
            break
        least = LOOKED_AT if order.near and order.by_score else 0
        count = max(last - len(shown), least)
        shown += level.looked_at(level.first(count, beside=shown, ask=ask))
    return shown[:last]
