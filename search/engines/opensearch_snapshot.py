"""The state of an OpenSearch index: OpenSearch scores and counts, `opensearch_ranking` orders."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from secrets import token_hex
from typing import Any

from model.errors import IndexUnavailable
from model.messages import Code
from search.deadline import Deadline
from search.engines import MatchPage, TermCount
from search.engines.opensearch_compiler import Compiled, Compiler, fact_field
from search.engines.opensearch_index import Head, OpenSearchIndex
from search.engines.opensearch_ranking import Level, Order, page_of
from search.engines.tantivy_ranking import constant_score
from search.expression import Expression, Field, Sort
from search.term_counts import TermCountsSnapshot

# A copy of a shard that was left behind is waited for so long.
_LAG_SECONDS = 5.0
_LAG_STEP = 0.05
# Values of facts counted on each shard; only with more may counts be slightly off.
_COUNTED_ON_SHARDS = 2000
# Values of one kind of fact, such as tags, that are asked for once a commit.
_VALUES_KEPT = 5_000
_LATEST: Compiled = {"size": 0, "aggs": {"seq": {"max": {"field": "seq"}}}}


class OpenSearchSnapshot:
    """A `Snapshot` of an OpenSearch index.

    Posts that are committed later are found too: to keep a point in time open on every node for
    every reader would cost more than that is worth. Counts of terms are of one commit.
    """

    def __init__(
        self,
        index: OpenSearchIndex,
        head: Head,
        words: TermCountsSnapshot,
        *,
        wait: Callable[[float], object] = time.sleep,
        values_kept: int = _VALUES_KEPT,
    ) -> None:
        self.head = head
        self._index = index
        self._words = words
        self._wait = wait
        self._compiler = Compiler()
        # Searches are spread over the copies of the shards; those of one snapshot agree.
        self._copies = token_hex(4)
        self._values_kept = values_kept
        self._values: dict[str, Sequence[TermCount]] = {}

    def find(
        self, expression: Expression, *, offset: int, limit: int, deadline: Deadline
    ) -> MatchPage:
        """Return a page of matches, best first; equal ones newest first."""
        if deadline.passed():
            return MatchPage(matches=(), total=0, complete=0, posts=0, cut=True)
        last = offset + limit if limit else 0
        ranked = expression.sort is Sort.RELEVANCE
        constant = constant_score(expression) if ranked else None
        several = len(expression.words) > 1
        order = Order(sort=expression.sort, near=expression.near, repeats=expression.repeats)
        same = Order(sort=expression.sort, constant=constant, repeats=expression.repeats)
        compile_all = self._compiler.complete
        tiers = [
            Level(compile_all(expression, tier), order, wanted=last, counted=False)
            for tier in (expression.first if ranked and last else ())
        ]
        whole = Level(
            self._compiler.query(expression),
            order if several else same if constant is not None else order,
            wanted=last,
            counted=True,
        )
        levels = [whole]
        if several:
            query = compile_all(expression, expression.words)
            complete = Level(
                query,
                same if constant is not None else order,
                wanted=last if ranked else 0,
                counted=True,
            )
            levels = [complete, whole]
        self._search([*tiers, *levels])
        shown = page_of(
            [*tiers, *levels] if ranked else [whole],
            last,
            order,
            ask=self._ask,
            passed=deadline.passed,
        )
        return MatchPage(
            matches=tuple(row.match for row in shown[offset:]),
            total=whole.total,
            complete=levels[0].total,
            posts=whole.posts,
            about=whole.is_about or levels[0].is_about,
            cut=deadline.cut,
        )

    def twins(self, keys: Collection[int]) -> Mapping[int, Sequence[int]]:
        """Return the ids of all posts with each of these twins, without unknown ones."""
        several: dict[int, list[int]] = {}
        sought = [key for key in keys if key >= 0]
        if sought:
            order = Order(sort=Sort.NEW, repeats=True)
            level = Level({"terms": {"twin": sought}}, order, wanted=1, counted=False)
            self._search([level])
            for row in level.first(level.posts, beside=(), ask=self._ask):
                several.setdefault(row.twin, []).append(row.post_id)
        return {twin: ids for twin, ids in several.items() if len(ids) > 1}

    def facets(
        self, expression: Expression, limits: Mapping[str, int], *, deadline: Deadline
    ) -> Mapping[str, Sequence[TermCount]]:
        """Return the facts of the matches, by prefix, all of them or none."""
        if deadline.passed():
            return {}
        return self._count(self._compiler.query(expression), limits)

    def terms(self, field: Field, prefix: str, *, limit: int) -> Sequence[TermCount]:
        """Return the terms with a prefix, most frequent first, equal ones alphabetically."""
        if field is Field.WORDS:
            return self._words.terms(prefix, limit=limit)
        name = prefix.partition("=")[0] + "="
        if name not in self._values:
            self._values[name] = self._count_all(name, limit=self._values_kept)
        values = self._values[name]
        if len(values) == self._values_kept:
            return self._count_all(prefix, limit=limit)
        return [value for value in values if value.text.startswith(prefix)][:limit]

    def counts(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return the number of documents with each of some terms of `WORDS`."""
        return self._words.counts(terms)

    def documents(self) -> int:
        """Return the number of documents."""
        return self.head.documents

    def last_seq(self) -> int:
        """Return the highest `seq` of the documents, 0 if there are none."""
        return self.head.seq

    def _count_all(self, prefix: str, *, limit: int) -> Sequence[TermCount]:
        return self._count({"match_all": {}}, {prefix: limit})[prefix]

    def _count(
        self, query: Compiled, limits: Mapping[str, int]
    ) -> Mapping[str, Sequence[TermCount]]:
        parts: dict[str, Compiled] = {}
        for number, (prefix, limit) in enumerate(limits.items()):
            field, pattern = fact_field(prefix)
            most = max(limit, _COUNTED_ON_SHARDS)
            terms = {"field": field, "size": limit, "shard_size": most}
            included = {"include": pattern} if pattern else {}
            parts[str(number)] = {"terms": {**terms, **included}}
        body = {"query": {"bool": {"filter": [query]}}, "size": 0, "aggs": parts}
        answer = self._ask(body).get("aggregations", {})
        return {
            prefix: [
                TermCount(
                    text=f"{name}={bucket['key']}",
                    documents=bucket["doc_count"],
                    about=answer[str(number)]["doc_count_error_upper_bound"] > 0,
                )
                for bucket in answer[str(number)]["buckets"]
            ]
            for number, prefix in enumerate(limits)
            for name in [prefix.partition("=")[0]]
        }

    def _ask(self, body: Compiled) -> Mapping[str, Any]:
        """Run one search."""
        (answer,) = self._index.client.search(self._index.name, [body], copies=self._copies)
        found: Mapping[str, Any] = answer
        return found

    def _search(self, levels: Sequence[Level]) -> None:
        """Run the first searches for some levels in one request.

        Raises:
            IndexUnavailable: A copy of a shard stays behind the latest commit.
        """
        bodies = [_LATEST, *(level.body for level in levels)]
        left = _LAG_SECONDS
        while True:
            latest, *answers = self._index.client.search(
                self._index.name, bodies, copies=self._copies
            )
            if int(latest["aggregations"]["seq"]["value"] or 0) >= self.head.seq:
                break
            if left <= 0:
                cause = "OpenSearch: a copy of a shard is behind"
                raise IndexUnavailable(Code.INDEX_OUT_OF_REACH, cause=cause)
            self._wait(_LAG_STEP)
            left -= _LAG_STEP
        for level, answer in zip(levels, answers, strict=True):
            level.read(answer)
