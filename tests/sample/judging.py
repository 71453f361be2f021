"""How good a search's answers to the graded queries are: nDCG@10, MRR and S@5."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from search import Searcher
from tests.sample.queries import GradedQuery

_DEPTH = 10
_FIRST = 5
_ANSWERS = 2

Ask = Callable[[str], Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What answers are worth, each from 0 to 1.

    `ndcg` is the gain of the first ten against that of the best ten; `mrr` one by the place of the
    first post that answers; `success` the share of queries with such a post among the first five.
    """

    queries: int
    ndcg: float
    mrr: float
    success: float


def asking(searcher: Searcher) -> Ask:
    """Return what gives the message ids of the first ten hits for a text."""

    def ask(text: str) -> Sequence[int]:
        hits = searcher.search(text, limit=_DEPTH).hits
        return [hit.archived.post.message_id for hit in hits]

    return ask


def judge(queries: Iterable[GradedQuery], ask: Ask) -> Verdict:
    """Return the mean over queries, each asked by its text."""
    graded = [(query.grades, ask(query.text)) for query in queries]
    return Verdict(
        queries=len(graded),
        ndcg=fmean(_ndcg(grades, found) for grades, found in graded),
        mrr=fmean(_reciprocal_rank(grades, found) for grades, found in graded),
        success=fmean(_reciprocal_rank(grades, found[:_FIRST]) > 0 for grades, found in graded),
    )


def by_kind(queries: Iterable[GradedQuery], ask: Ask) -> Mapping[str, Verdict]:
    """Return the verdict on each kind of query."""
    kinds: dict[str, list[GradedQuery]] = {}
    for query in queries:
        kinds.setdefault(query.kind, []).append(query)
    return {kind: judge(some, ask) for kind, some in kinds.items()}


def _ndcg(grades: Mapping[int, int], found: Sequence[int]) -> float:
    best = sorted(grades.values(), reverse=True)[:_DEPTH]
    return _gain([grades.get(message, 0) for message in found]) / _gain(best)


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades))


def _reciprocal_rank(grades: Mapping[int, int], found: Sequence[int]) -> float:
    answers = (place for place, message in enumerate(found) if grades.get(message) == _ANSWERS)
    return 1 / (next(answers, math.inf) + 1)
