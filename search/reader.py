"""The index for one search: one snapshot, queried in few calls."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from search.deadline import Deadline, no_deadline
from search.engines import EngineDamaged, MatchPage, TermCount
from search.engines.failures import EngineFailures
from search.expression import Expression, Field
from search.generation import IndexSnapshot
from search.spellings import By, Spelling

_T = TypeVar("_T")


class IndexReader:
    """Reads posts and words of an index, all as of one commit.

    Each search has its own. If the index is damaged, `reopen` is called with the name of the
    generation and the error, and returns a snapshot of a rebuilt one.

    Raises:
        IndexUnavailable: Any method: the index cannot be read, not even after a rebuild.
    """

    def __init__(
        self, snapshot: IndexSnapshot, reopen: Callable[[str, EngineDamaged], IndexSnapshot]
    ) -> None:
        self._snapshot = snapshot
        self._reopen = reopen

    def find(
        self,
        expression: Expression,
        *,
        offset: int,
        limit: int,
        deadline: Deadline | None = None,
    ) -> MatchPage:
        """Return a page of matching posts."""
        until = deadline or no_deadline()
        return self._ask(
            lambda at: at.posts.find(expression, offset=offset, limit=limit, deadline=until)
        )

    def twins(self, keys: Collection[int]) -> Mapping[int, Sequence[int]]:
        """Return the ids of all posts with each of these twins, without unknown ones."""
        return self._ask(lambda at: at.posts.twins(keys))

    def facets(
        self,
        expression: Expression,
        limits: Mapping[str, int],
        *,
        deadline: Deadline | None = None,
    ) -> Mapping[str, Sequence[TermCount]]:
        """Return the facts of the matches, most frequent first, as far as time allows.

        `limits` maps prefixes of facts (`tag=`) to the number of facts to return.
        """
        until = deadline or no_deadline()
        return self._ask(lambda at: at.posts.facets(expression, limits, deadline=until))

    def terms(self, field: Field, prefix: str, *, limit: int) -> Sequence[TermCount]:
        """Return the terms with a prefix, most frequent first, equal ones alphabetically."""
        return self._ask(lambda at: at.posts.terms(field, prefix, limit=limit))

    def documents(self) -> int:
        """Return the number of documents."""
        return self._ask(lambda at: at.posts.documents())

    def last_seq(self) -> int:
        """Return the highest `seq` of the documents, 0 if there are none."""
        return self._ask(lambda at: at.posts.last_seq())

    def counts(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return the number of documents with each term, 0 if unknown."""
        return self._ask(lambda at: at.posts.counts(terms))

    def spellings(self, by: By, keys: Collection[str], *, distance: int = 0) -> Sequence[Spelling]:
        """Return the spellings within `distance` edits of any of these keys."""
        return self._ask(lambda at: at.spellings.find(by, keys, distance=distance))

    def with_prefix(self, prefix: str, *, limit: int) -> Sequence[str]:
        """Return the terms of the spellings with a prefix, most frequent first."""
        counts = {
            term.text: term.documents for term in self.terms(Field.WORDS, prefix, limit=limit)
        }
        for spelling in self._ask(lambda at: at.spellings.with_prefix(prefix, limit=limit)):
            counts.setdefault(spelling.term, spelling.documents)
        return sorted(counts, key=lambda term: (-counts[term], term))[:limit]

    def _ask(self, question: Callable[[IndexSnapshot], _T]) -> _T:
        while True:
            try:
                with EngineFailures():
                    return question(self._snapshot)
            except EngineDamaged as exc:
                self._snapshot = self._reopen(self._snapshot.generation, exc)
