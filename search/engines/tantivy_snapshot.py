"""One commit of a tantivy index: tantivy scores and counts; ties are resolved by `Ranking`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from tantivy import FieldType, Occur, Query, Schema, Searcher

from search.deadline import Deadline
from search.engines import NEAR_AFTER, MatchPage, TermCount, top_terms
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
        compiler, searcher = _Compiler(self._schema), self.searcher
        last = offset + limit if limit else 0
        wanted = last if expression.sort is Sort.RELEVANCE else 0
        constant = constant_score(expression)
        best: Sequence[Row] = ()
        complete = None
        rank = partial(Ranking, searcher, expression, near=partial(self._near, expression.near))
        query = compiler.complete(expression, expression.words)
        every = rank(query) if len(expression.words) > 1 else None
        # The best posts are searched separately: they usually fill the page.
        for tier in expression.first if every is None or every.posts else ():
            if len(best) < wanted:
                query_for_tier = compiler.complete(expression, tier)
                better = rank(query_for_tier, wanted=wanted, before=best)
                best = better.rows(min(wanted, len(best) + better.posts), deadline)
        if every is not None:
            if every.posts and len(best) < wanted:
                every = rank(query, wanted=wanted, constant=constant, before=best)
            complete = self._total(every, expression)
            best = every.rows(min(wanted, complete), deadline) if len(best) < wanted else best
            constant = None
        found = rank(
            compiler.query(expression),
            wanted=last if len(best) < last else 0,
            constant=constant,
            before=best,
        )
        total = self._total(found, expression)
        rows = found.rows(min(last, total), deadline)
        return MatchPage(
            matches=tuple(row.match for row in rows[offset:]),
            total=total,
            complete=total if complete is None else complete,
            posts=found.posts,
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
        query, found = _Compiler(self._schema).query(expression), {}
        for prefix, limit in limits.items():
            if deadline.passed():
                break
            counts = self.searcher.terms_with_prefix(FACTS, prefix, filter_query=query)
            found[prefix] = top_terms(counts, limit=limit)
        return found

    def terms(self, field: Field, prefix: str, *, limit: int) -> Sequence[TermCount]:
        """Return the terms with a prefix, most frequent first, equal ones alphabetically."""
        # Facts are few, so their counts exclude replaced documents.
        living = Query.all_query() if field is Field.FACTS else None
        found = self.searcher.terms_with_prefix(
            str(field), prefix, filter_query=living, limit=limit
        )
        return [TermCount(text=text, documents=documents) for text, documents in found]

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

    def _total(self, page: Ranking, expression: Expression) -> int:
        """Return the number of matches, counting posts with the same text once if so asked."""
        if expression.repeats or not (self._repeated and page.posts):
            return page.posts
        texts = page.texts
        return self._different(page) if texts is None else texts

    def _different(self, page: Ranking) -> int:
        """Return the number of different texts among the matches, within their commit.

        Of posts with the same text, all but one are marked as repeats: if no repeat matches, no two
        matches share a text.
        """
        searcher = page.searcher
        repeats = searcher.terms_with_prefix(REPEAT, "", filter_query=page.query)
        if not repeats:
            return page.posts
        twins = Query.term_set_query(self._schema, TWIN, [int(twin) for twin, _ in repeats])
        sharing = Query.boolean_query([(Occur.Must, page.query), (Occur.Must, twins)])
        return page.posts - _count(searcher, sharing) + len(repeats)


class _Compiler:
    """Compiles an expression to tantivy's query objects; never to query strings."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def query(self, expression: Expression) -> Query:
        """Return the query for an expression."""
        parts = self._conditions(expression)
        if expression.words:
            words = [(Occur.Should, self._node(node)) for node in expression.words]
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
                return Query.disjunction_max_query(
                    [Query.boost_query(self._node(one.node), one.weight) for one in options]
                )
        return self._every(node)

    def _every(self, node: Every) -> Query:
        parts = [(Occur.Must, self._node(part)) for part in node.nodes]
        if not parts:
            parts = [(Occur.Must, Query.const_score_query(Query.all_query(), 0.0))]
        return Query.boolean_query(
            [*parts, *((Occur.MustNot, self._node(part)) for part in node.unless)]
        )

    def _term(self, field: Field, text: str) -> Query:
        if field is Field.WORDS:
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


def _count(searcher: Searcher, query: Query) -> int:
    # Scoring would take twice the time; with a limit of 0 tantivy panics.
    plain = Query.const_score_query(query, 0.0)
    return int(searcher.search(plain, limit=1).count)  # type: ignore[attr-defined]  # it is there
