"""One commit of a tantivy index: tantivy scores and counts; ties are resolved by `Ranking`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain

from tantivy import FieldType, Occur, Query, Schema, Searcher

from search.deadline import Deadline
from search.engines import NEAR_AFTER, MatchPage, TermCount
from search.engines.tantivy_folder import any_of
from search.engines.tantivy_ranking import REPEAT, TWIN, Ranking, Row, constant_score
from search.expression import (
    Best,
    Between,
    Every,
    Expression,
    Field,
    Near,
    Node,
    OneOf,
    Phrase,
    Sort,
    Term,
    Weighted,
)

WORDS = Field.WORDS.value
FACTS = Field.FACTS.value
# Up to this many documents are counted one by one, without replaced ones.
_COUNTED_EXACTLY = 100
# Later than any time: tantivy has no half-open ranges without an end.
_EARLIEST, _LATEST = -(1 << 60), 1 << 60


class TantivySnapshot:
    """A `Snapshot` of a tantivy index."""

    def __init__(self, searcher: Searcher, schema: Schema) -> None:
        self.searcher = searcher
        self._schema = schema
        self._repeated = bool(searcher.terms_with_prefix(REPEAT, "", limit=1))

    def find(
        self, expression: Expression, *, offset: int, limit: int, deadline: Deadline
    ) -> MatchPage:
        """Return a page of matches, best first; equal ones newest first."""
        ranked, counted = _Compiler(self._schema), _Compiler(self._schema, scored=False)
        last = offset + limit if limit else 0
        wanted = last if expression.sort is Sort.RELEVANCE else 0
        constant = constant_score(expression)
        query = counted.query(expression)
        posts = _count(self.searcher, query)
        rank = partial(
            Ranking,
            self.searcher,
            expression,
            near=partial(self._near, expression.near),
            posts=posts,
        )
        best: Sequence[Row] = ()
        several = bool(posts) and len(expression.words) > 1
        every = counted.complete(expression, expression.words)
        complete = _count(self.searcher, every) if several else posts
        # The best posts are searched separately: they usually fill the page.
        for tier in expression.first if complete else ():
            if len(best) < wanted:
                better = rank(ranked.complete(expression, tier), wanted=wanted, before=best)
                best = better.rows(wanted, deadline)
        page: Ranking | None = None
        if several:
            if complete and len(best) < wanted:
                words = ranked.complete(expression, expression.words)
                page = rank(words, wanted=wanted, before=best, constant=constant)
            complete = self._texts(every, complete, expression, page)
            best = best if page is None else page.rows(min(wanted, complete), deadline)
            page = constant = None
        if posts and len(best) < last:
            page = rank(ranked.query(expression), wanted=last, before=best, constant=constant)
        total = self._texts(query, posts, expression, page)
        best = best if page is None else page.rows(min(last, total), deadline)
        return MatchPage(
            matches=tuple(row.match for row in best[offset:]),
            total=total,
            complete=complete if several else total,
            posts=posts,
            cut=deadline.cut,
        )

    def twins(self, keys: Collection[int]) -> Mapping[int, Sequence[int]]:
        """Return the ids of all posts with each of these twins, without unknown ones."""
        searcher = self.searcher
        sought = any_of(self._schema, TWIN, keys)
        posts = _count(searcher, sought) if self._repeated else 0
        if posts <= 1:
            return {}
        found = searcher.search(sought, limit=posts, count=False)
        addresses = [address for _, address in found.hits]
        post_ids = searcher.fast_field_values("post_id", addresses)
        several: dict[int, list[int]] = {}
        for twin, post_id in zip(
            searcher.fast_field_values(TWIN, addresses), post_ids, strict=True
        ):
            several.setdefault(int(twin or 0), []).append(int(post_id or 0))
        return {twin: ids for twin, ids in several.items() if len(ids) > 1}

    def facets(
        self, expression: Expression, limits: Mapping[str, int], *, deadline: Deadline
    ) -> Mapping[str, Sequence[TermCount]]:
        """Return the facts of the matches, by prefix."""
        query, found = _Compiler(self._schema, scored=False).query(expression), {}
        for prefix, limit in limits.items():
            if deadline.passed():
                break
            found[prefix] = self._terms(FACTS, prefix, matching=query, limit=limit)
        return found

    def terms(self, field: Field, prefix: str, *, limit: int) -> Sequence[TermCount]:
        """Return the terms with a prefix, most frequent first, equal ones alphabetically."""
        # Facts are few, so their counts exclude replaced documents.
        living = Query.all_query() if field is Field.FACTS else None
        return self._terms(str(field), prefix, matching=living, limit=limit)

    def counts(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return the number of documents with each of some terms of `WORDS`."""
        return {term: self._count(term) for term in terms}

    def documents(self) -> int:
        """Return the number of documents."""
        return int(self.searcher.num_docs)

    def last_seq(self) -> int:
        """Return the highest `seq` of the documents, 0 if there are none."""
        found = self.searcher.search(Query.all_query(), limit=1, order_by_field="seq")
        return max((int(value) for value, _ in found.hits), default=0)

    def _terms(
        self, field: str, prefix: str, *, matching: Query | None, limit: int
    ) -> Sequence[TermCount]:
        # They come in order. Thousands of sources took longer to sort again than to count.
        found = self.searcher.terms_with_prefix(field, prefix, filter_query=matching, limit=limit)
        return [TermCount(text=text, documents=documents) for text, documents in found]

    def _count(self, term: str) -> int:
        count = int(self.searcher.doc_freq(WORDS, term))
        if count > _COUNTED_EXACTLY:
            return count
        query = Query.term_query(self._schema, WORDS, term)
        return _count(self.searcher, query) if count else 0

    def _near(self, near: Sequence[Near], post_ids: Sequence[int]) -> Mapping[int, float]:
        """Return what these posts score for terms near each other, without those that do not."""
        query = Query.const_score_query(any_of(self._schema, "post_id", post_ids), 0.0)
        # Nested, each phrase is only looked for in these posts; side by side, in all.
        for pair in near:
            phrase = Query.phrase_query(
                self._schema, WORDS, [pair.first, pair.second], slop=NEAR_AFTER - 1
            )
            scored = Query.const_score_query(phrase, pair.score)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Should, scored)])
        found = self.searcher.search(query, limit=len(post_ids), count=False)
        keys = self.searcher.fast_field_values("post_id", [address for _, address in found.hits])
        scores = zip(keys, found.hits, strict=True)
        return {int(key or 0): score for key, (score, _) in scores if score}

    def _texts(self, query: Query, posts: int, expression: Expression, page: Ranking | None) -> int:
        """Return the number of matches, counting posts with the same text once if so asked."""
        if expression.repeats or not (self._repeated and posts):
            return posts
        texts = None if page is None else page.texts
        return self._different(query, posts) if texts is None else texts

    def _different(self, query: Query, posts: int) -> int:
        """Return the number of different texts among the matches.

        Of posts with the same text, all but one are marked as repeats: if no repeat matches, no two
        matches share a text.
        """
        repeats = self.searcher.terms_with_prefix(REPEAT, "", filter_query=query)
        if not repeats:
            return posts
        twins = Query.term_set_query(self._schema, TWIN, [int(twin) for twin, _ in repeats])
        sharing = Query.boolean_query([(Occur.Must, query), (Occur.Must, twins)])
        return posts - _count(self.searcher, sharing) + len(repeats)


class _Compiler:
    """Compiles an expression to tantivy's query objects; never to query strings.

    A query that is not `scored` finds the same documents, in half the time.
    """

    def __init__(self, schema: Schema, *, scored: bool = True) -> None:
        self._schema = schema
        self._scored = scored

    def query(self, expression: Expression) -> Query:
        """Return the query for an expression."""
        parts = self._conditions(expression)
        if expression.words:
            nodes = expression.words
            if expression.minimum == 1 and not self._scored:
                nodes = tuple(chain.from_iterable(map(_options, nodes)))
            words = [(Occur.Should, self._node(node)) for node in nodes]
            parts.append(
                (
                    Occur.Must,
                    Query.boolean_query(words, minimum_number_should_match=expression.minimum),
                )
            )
        if not (expression.words or expression.required):
            parts.append((Occur.Must, Query.const_score_query(Query.all_query(), 0.0)))
        return Query.boolean_query(parts)

    def complete(self, expression: Expression, nodes: Iterable[Node]) -> Query:
        """Return the query for the documents that match all of these nodes for words."""
        words = [(Occur.Must, self._node(node)) for node in nodes]
        return Query.boolean_query([*self._conditions(expression), *words])

    def _conditions(self, expression: Expression) -> list[tuple[Occur, Query]]:
        required = [(Occur.Must, self._node(node)) for node in expression.required]
        return required + [(Occur.MustNot, self._node(node)) for node in expression.excluded]

    def _node(self, node: Node) -> Query:
        match node:
            case Term(field=field, text=text):
                return self._term(field, text)
            case OneOf(field=field, texts=texts, score=score):
                return Query.const_score_query(any_of(self._schema, str(field), texts), score)
            case Phrase(terms=terms):
                return self._phrase(terms)
            case Between(first=first, last=last):
                return self._between(first, last)
            case Best(options=options):
                return self._best(options)
        return self._every(node)

    def _best(self, options: Sequence[Weighted]) -> Query:
        if not self._scored:
            return Query.boolean_query([(Occur.Should, self._node(one.node)) for one in options])
        return Query.disjunction_max_query(
            [Query.boost_query(self._node(one.node), one.weight) for one in options]
        )

    def _every(self, node: Every) -> Query:
        parts = [(Occur.Must, self._node(part)) for part in node.nodes]
        if not parts:
            parts = [(Occur.Must, Query.const_score_query(Query.all_query(), 0.0))]
        return Query.boolean_query(
            [*parts, *((Occur.MustNot, self._node(part)) for part in node.unless)]
        )

    def _term(self, field: Field, text: str) -> Query:
        if field is Field.WORDS and self._scored:
            return Query.term_query(self._schema, WORDS, text, index_option="freq")
        term = Query.term_query(self._schema, str(field), text, index_option="basic")
        return Query.const_score_query(term, 0.0)

    def _phrase(self, terms: Sequence[str]) -> Query:
        scored = [(Occur.Must, self._term(Field.WORDS, term)) for term in dict.fromkeys(terms)]
        if len(terms) == 1:
            return Query.boolean_query(scored)
        phrase = Query.phrase_query(self._schema, WORDS, list(terms))
        return Query.boolean_query([(Occur.Must, Query.const_score_query(phrase, 0.0)), *scored])

    def _between(self, first: int | None, last: int | None) -> Query:
        days = Query.range_query(
            self._schema,
            "posted",
            FieldType.Integer,
            lower_bound=_EARLIEST if first is None else first,
            upper_bound=_LATEST if last is None else last,
            include_upper=False,
        )
        return Query.const_score_query(days, 0.0)


def _options(node: Node) -> Sequence[Node]:
    return [one.node for one in node.options] if isinstance(node, Best) else [node]


def _count(searcher: Searcher, query: Query) -> int:
    # A search would score or sort what it counts, which takes up to three times as long.
    found = searcher.aggregate(query, {"posts": {"value_count": {"field": "post_id"}}})
    return int(found["posts"]["value"])
