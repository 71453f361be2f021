"""One commit of a Whoosh index: reads, combines, scores and ranks its postings.

Whoosh's own query classes are not used: two are wrong (`Require`, `AndNot`), date ranges and
prefixes are slow, and none can score a word by its best alternative.
"""

from __future__ import annotations

import math
import threading
import weakref
from array import array
from bisect import bisect, bisect_left
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from whoosh.reading import IndexReader

from search.deadline import Deadline
from search.engines import (
    LOOKED_AT,
    SCORE_STEP,
    Match,
    MatchPage,
    TermCount,
    top_terms,
)
from search.engines.whoosh_positions import are_in_a_row, are_near
from search.expression import (
    Best,
    Between,
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

# BM25 as in Lucene and tantivy, so that both engines rank alike.
_K1 = 1.2
_B = 0.75

_ANSWERS_KEPT = 32
# Up to this many documents are counted one by one, without replaced ones.
_COUNTED_EXACTLY = 100

# Added to a score for each word a document has, and for a better tier; added to the rank to precede
# any score.
_A_WORD = float(1 << 20)
_A_TIER = float(1 << 30)
_COMPLETE = 1 << 30

# Documents processed between two checks of the deadline.
_STRIDE = 1024


Scores = Mapping[int, float]


class _Postings:
    """The documents of one term in order, and its weight in each."""

    __slots__ = ("ids", "weights")

    def __init__(self) -> None:
        self.ids = array("I")
        self.weights = array("f")

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    """All documents of an answer in order, their scores, and how many have all the words.

    `shown` are the documents without repeats of an earlier one.
    """

    docs: array[int]
    shown: array[int]
    totals: Scores
    complete: int


class WhooshSnapshot:
    """A `Snapshot` of a Whoosh index; all caches are bounded."""

    def __init__(self, reader: IndexReader, *, commit: int, postings_kept: int) -> None:
        weakref.finalize(self, reader.close)
        self.commit = commit
        self._reader = reader
        # Whoosh's files have one read position, and results are cached: one call at a time.
        self._asking = threading.Lock()
        self._postings_kept = postings_kept
        self._leaves = list(reader.leaf_readers())
        self._post_ids = self._column("post_id")
        self._posted = self._column("posted")
        lengths = self._column("length")
        self.live = [doc for doc in range(len(lengths)) if not reader.is_deleted(doc)]
        self._last_seq = max(self._column("seq"), default=0)
        mean = sum(lengths[doc] for doc in self.live) / max(len(self.live), 1) or 1.0
        self._norms = array("f", (_K1 * (1 - _B + _B * length / mean) for length in lengths))
        self._by_newness = array(
            "I",
            sorted(range(len(lengths)), key=lambda doc: (self._posted[doc], self._post_ids[doc])),
        )
        self._newness = array("I", bytes(4 * len(lengths)))
        for place, doc in enumerate(self._by_newness):
            self._newness[doc] = place
        self._twin_of = self._column("twin")
        self._twins = _shared(self._twin_of, self.live)
        self._repeating = frozenset(doc for docs in self._twins.values() for doc in docs)
        self._postings: OrderedDict[tuple[Field, str], _Postings] = OrderedDict()
        self._kept = 0
        self._answers: OrderedDict[Expression, _Ranked] = OrderedDict()

    def find(
        self, expression: Expression, *, offset: int, limit: int, deadline: Deadline
    ) -> MatchPage:
        """Return a page of matches."""
        with self._asking:
            ranked = self._ranked(expression, deadline)
        page = ranked.shown[offset : offset + limit]
        return MatchPage(
            matches=tuple(
                Match(
                    post_id=self._post_ids[doc],
                    score=ranked.totals.get(doc, 0.0) % _A_WORD,
                    twin=self._twin_of[doc],
                )
                for doc in page
            ),
            total=len(ranked.shown),
            complete=ranked.complete,
            posts=len(ranked.docs),
            cut=deadline.cut,
        )

    def twins(self, keys: Collection[int]) -> Mapping[int, Sequence[int]]:
        """Return the ids of all posts with each of these twins, without unknown ones."""
        return {
            key: [self._post_ids[doc] for doc in self._twins[key]]
            for key in keys
            if key in self._twins
        }

    def facets(
        self, expression: Expression, limits: Mapping[str, int], *, deadline: Deadline
    ) -> Mapping[str, Sequence[TermCount]]:
        """Return the facts of the matches, by prefix."""
        with self._asking:
            matches = set() if deadline.passed() else set(self._ranked(expression, deadline).docs)
            return {
                prefix: self._counted(Field.FACTS, prefix, limit=limit, within=matches)
                for prefix, limit in limits.items()
                if not deadline.passed()
            }

    def terms(self, field: Field, prefix: str, *, limit: int) -> Sequence[TermCount]:
        """Return the terms with a prefix, most frequent first, equal ones alphabetically."""
        with self._asking:
            if field is Field.FACTS:
                return self._counted(field, prefix, limit=limit, within=set(self.live))
            # Whoosh still counts replaced documents.
            found = self._reader.iter_prefix(str(field), prefix.encode())
            counts = ((text.decode(), term.doc_frequency()) for text, term in found)
            return top_terms(counts, limit=limit)

    def counts(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return the number of documents with each of some terms of `WORDS`."""
        with self._asking:
            return {term: self._count(term) for term in terms}

    def documents(self) -> int:
        """Return the number of documents."""
        return len(self.live)

    def last_seq(self) -> int:
        """Return the highest `seq` of the documents, 0 if there are none."""
        return self._last_seq

    def _count(self, term: str) -> int:
        # Whoosh still counts replaced documents.
        count = self._reader.doc_frequency(Field.WORDS.value, term.encode())
        if 0 < count <= _COUNTED_EXACTLY and len(self.live) < len(self._posted):
            return len(self._postings_of(Field.WORDS, term))
        return count

    def _counted(
        self, field: Field, prefix: str, *, limit: int, within: set[int]
    ) -> Sequence[TermCount]:
        counts = (
            (text, len(within.intersection(self._postings_of(field, text).ids)))
            for text in map(bytes.decode, self._reader.expand_prefix(str(field), prefix.encode()))
        )
        return top_terms((count for count in counts if count[1]), limit=limit)

    def _postings_of(self, field: Field, text: str) -> _Postings:
        """Return a term's postings, cached."""
        found = self._postings.get((field, text))
        if found is not None:
            self._postings.move_to_end((field, text))
            return found
        found = self._read_postings(field, text)
        self._postings[field, text] = found
        self._kept += len(found) + 1
        while self._kept > self._postings_kept and len(self._postings) > 1:
            _, dropped = self._postings.popitem(last=False)
            self._kept -= len(dropped) + 1
        return found

    def _ranked(self, expression: Expression, deadline: Deadline) -> _Ranked:
        """Return a complete answer, cached."""
        ranked = self._answers.pop(expression, None) or self._rank(expression, deadline)
        if deadline.cut:
            return ranked
        self._answers[expression] = ranked
        if len(self._answers) > _ANSWERS_KEPT:
            self._answers.popitem(last=False)
        return ranked

    def _column(self, name: str) -> array[int]:
        values = array("q")
        for leaf, _ in self._leaves:
            if leaf.doc_count_all():
                column = leaf.column_reader(name)
                values.extend(column[doc] for doc in range(leaf.doc_count_all()))
        return values

    def _read_postings(self, field: Field, text: str) -> _Postings:
        found = _Postings()
        ids, weights = found.ids.append, found.weights.append
        for leaf, base in self._leaves:
            if (str(field), text.encode()) not in leaf:
                continue
            matcher = leaf.postings(str(field), text.encode())
            while matcher.is_active():
                ids(base + matcher.id())
                weights(matcher.weight())
                matcher.next()
        return found

    def _rank(self, expression: Expression, deadline: Deadline) -> _Ranked:
        totals = self._score(expression, deadline)
        if expression.sort is Sort.RELEVANCE:
            keys = self._keys(totals, words=len(expression.words))
        else:
            keys = [self._newness[doc] for doc in totals]
        keys.sort(reverse=expression.sort is not Sort.OLD)
        count = len(self._newness)
        everything = len(expression.words) * _A_WORD
        docs = array("I", [self._by_newness[key % count] for key in keys])
        complete = [doc for doc, total in totals.items() if total >= everything]
        shown = docs if expression.repeats else self._without_repeats(docs)
        if expression.near and expression.sort is Sort.RELEVANCE and not deadline.cut:
            shown = self._looked_at(shown, totals, expression)
        return _Ranked(
            docs=docs,
            shown=shown,
            totals=totals if expression.sort is Sort.RELEVANCE else {},
            complete=len(complete if expression.repeats else self._without_repeats(complete)),
        )

    def _looked_at(
        self, shown: array[int], totals: dict[int, float], expression: Expression
    ) -> array[int]:
        """Order the first documents of every level anew, with what they score for `near`."""
        everything = len(expression.words) * _A_WORD

        def level(doc: int) -> int:
            return -int(totals[doc] / _A_TIER) * 2 - (totals[doc] >= everything)

        ordered, start = shown[:], 0
        while start < len(shown):
            end = bisect(shown, level(shown[start]), lo=start, key=level)
            first = shown[start : min(end, start + LOOKED_AT)]
            if len(first) > 1:
                for pair in expression.near:
                    for doc in self._near(pair, sorted(first)):
                        totals[doc] += pair.score
                keys = self._keys({doc: totals[doc] for doc in first}, words=len(expression.words))
                best = sorted(keys, reverse=True)
                again = [self._by_newness[key % len(self._newness)] for key in best]
                ordered[start : start + len(first)] = array("I", again)
            start = end
        return ordered

    def _near(self, pair: Near, docs: Sequence[int]) -> Iterator[int]:
        """Yield which of these ordered documents have two terms near each other."""
        ids = [self._postings_of(Field.WORDS, term).ids for term in (pair.first, pair.second)]
        for leaf, base in self._leaves:
            first, last = bisect_left(docs, base), bisect_left(docs, base + leaf.doc_count_all())
            holding = [doc for doc in docs[first:last] if all(_has(some, doc) for some in ids)]
            if holding:
                matchers = [
                    leaf.postings(str(Field.WORDS), term.encode())
                    for term in (pair.first, pair.second)
                ]
                yield from (doc for doc in holding if are_near(matchers, doc - base))

    def _without_repeats(self, docs: Iterable[int]) -> array[int]:
        """Leave out repeats of an earlier document."""
        if not self._repeating:
            return array("I", docs)
        seen: set[int] = set()
        shown = array("I")
        for doc in docs:
            if doc in self._repeating:
                twin = self._twin_of[doc]
                if twin in seen:
                    continue
                seen.add(twin)
            shown.append(doc)
        return shown

    def _keys(self, totals: Mapping[int, float], *, words: int) -> list[int]:
        """Return one number per document for fast sorting: rank, then recency."""
        newness, count = self._newness, len(self._newness)
        everything = words * _A_WORD
        keys = []
        for doc, total in totals.items():
            rank = int(total % _A_WORD / SCORE_STEP) + (_COMPLETE if total >= everything else 0)
            rank += int(total / _A_TIER) * 2 * _COMPLETE
            keys.append(rank * count + newness[doc])
        return keys

    def _score(self, expression: Expression, deadline: Deadline) -> dict[int, float]:
        """Return the matching documents with their scores, plus `_A_WORD` per matched word."""
        # Conditions first: they hold even if there is no time for anything else.
        barred: set[int] = set[int]().union(*self._all_of(expression.excluded, deadline))
        if deadline.cut:
            return {}
        required = self._all_of(expression.required, deadline)
        if not expression.words:
            allowed = self._every(required)
            return {doc: score for doc, score in allowed.items() if doc not in barred}
        totals = self._words(expression, deadline)
        if required:
            allowed = self._every(required)
            totals = {doc: totals[doc] + allowed[doc] for doc in totals if doc in allowed}
        return {doc: total for doc, total in totals.items() if doc not in barred}

    def _all_of(self, nodes: Sequence[Node], deadline: Deadline) -> list[Scores]:
        return [{} if deadline.passed() else self._evaluate(node, deadline) for node in nodes]

    def _words(self, expression: Expression, deadline: Deadline) -> dict[int, float]:
        """Score by as many words as there is time for."""
        totals: dict[int, float] = {}
        for node in expression.words:
            if deadline.passed():
                break
            for doc, score in self._evaluate(node, deadline).items():
                totals[doc] = totals.get(doc, 0.0) + score + _A_WORD
        if expression.minimum > 1:
            least = expression.minimum * _A_WORD
            totals = {doc: total for doc, total in totals.items() if total >= least}
        if expression.sort is Sort.RELEVANCE:
            everything = len(expression.words) * _A_WORD
            for place, tier in enumerate(reversed(expression.first), start=1):
                found = self._every(self._all_of(tier, deadline))
                bonus = place * _A_TIER + everything
                totals.update((doc, score + bonus) for doc, score in found.items())
        return totals

    def _evaluate(self, node: Node, deadline: Deadline) -> Scores:
        """Return the documents that match a node, or some of them past the deadline."""
        match node:
            case Term(field=field, text=text):
                return self._term(field, text)
            case OneOf(field=field, texts=texts, score=score):
                timely = takewhile(lambda _: not deadline.passed(), texts)
                return {doc: score for text in timely for doc in self._postings_of(field, text).ids}
            case Phrase(terms=terms):
                return self._phrase(terms, deadline)
            case Between(first=first, last=last):
                return self._between(first, last)
            case Best(options=options):
                return self._best(options, deadline)
        found = self._every(self._all_of(node.nodes, deadline))
        for part in self._all_of(node.unless, deadline):
            for doc in part:
                found.pop(doc, None)
        # Exclusions must be complete: past the deadline, nothing matches.
        return {} if node.unless and deadline.cut else found

    def _term(self, field: Field, text: str, *, among: Collection[int] | None = None) -> Scores:
        """Return the documents with a term, optionally restricted to some."""
        postings = self._postings_of(field, text)
        if field is not Field.WORDS:
            return dict.fromkeys(postings.ids, 0.0)
        documents, holding = len(self.live), len(postings)
        idf = math.log(1 + (documents - holding + 0.5) / (holding + 0.5)) * (_K1 + 1)
        norms = self._norms
        return {
            doc: idf * weight / (weight + norms[doc])
            for doc, weight in zip(postings.ids, postings.weights, strict=True)
            if among is None or doc in among
        }

    def _between(self, first: int | None, last: int | None) -> Scores:
        least = -math.inf if first is None else first
        most = math.inf if last is None else last
        return {doc: 0.0 for doc in self.live if least <= self._posted[doc] < most}

    def _best(self, options: Sequence[Weighted], deadline: Deadline) -> Scores:
        best: dict[int, float] = {}
        for option in takewhile(lambda _: not deadline.passed(), options):
            for doc, score in self._evaluate(option.node, deadline).items():
                weighted = score * option.weight
                if weighted >= best.get(doc, 0.0):
                    best[doc] = weighted
        return best

    def _every(self, parts: list[Scores]) -> dict[int, float]:
        if not parts:
            return dict.fromkeys(self.live, 0.0)
        parts.sort(key=len)
        return {
            doc: sum(part[doc] for part in parts)
            for doc in parts[0]
            if all(doc in part for part in parts)
        }

    def _phrase(self, terms: Sequence[str], deadline: Deadline) -> Scores:
        timely = takewhile(lambda _: not deadline.passed(), terms)
        holding = [self._postings_of(Field.WORDS, term).ids for term in timely]
        if len(holding) < len(terms):
            return {}
        docs: Sequence[int] = sorted(set(holding[0]).intersection(*holding[1:]))
        if len(terms) > 1:
            docs = self._in_a_row(terms, docs, deadline)
        among = frozenset(docs)
        return self._every(
            [self._term(Field.WORDS, term, among=among) for term in dict.fromkeys(terms)]
        )

    def _in_a_row(
        self, terms: Sequence[str], docs: Sequence[int], deadline: Deadline
    ) -> Sequence[int]:
        """Return which of these ordered documents have the terms at successive positions.

        Past the deadline, only those checked so far.
        """
        found: list[int] = []
        for leaf, base in self._leaves:
            first, last = bisect_left(docs, base), bisect_left(docs, base + leaf.doc_count_all())
            if first == last:
                continue
            matchers = [leaf.postings(str(Field.WORDS), term.encode()) for term in terms]
            for at in range(first, last):
                if at % _STRIDE == 0 and deadline.passed():
                    return found
                if are_in_a_row(matchers, docs[at] - base):
                    found.append(docs[at])
        return found


def _has(ids: Sequence[int], doc: int) -> bool:
    at = bisect_left(ids, doc)
    return at < len(ids) and ids[at] == doc


def _shared(twin_of: Sequence[int], docs: Sequence[int]) -> Mapping[int, Sequence[int]]:
    """Return the documents of each twin with more than one."""
    first: dict[int, int] = {}
    several: defaultdict[int, list[int]] = defaultdict(list)
    for doc in docs:
        twin = twin_of[doc]
        if first.setdefault(twin, doc) != doc:
            several[twin].append(doc)
    return {twin: [first[twin], *rest] for twin, rest in several.items()}
