"""An index as it is lent to one search: one snapshot, asked in few calls."""

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
    """Reads the posts and the words of an index, all as of one commit.

    A search has one of its own. Where the index proves damaged, `reopen` is given the name of the
    generation and what it failed with, and returns a snapshot of one that has been built anew.

    Raises:
        IndexUnavailable: By every method: the index cannot be read, or not even when built anew.
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
        """Return a page of the posts that match."""
        until = deadline or no_deadline()
        return self._ask(
            lambda at: at.posts.find(expression, offset=offset, limit=limit, deadline=until)
        )

    def twins(self, keys: Collection[int]) -> Mapping[int, Sequence[int]]:
        """Return the ids of all posts that share a text, by each of the keys given that has any."""
        return self._ask(lambda at: at.posts.twins(keys))

    def facets(
        self,
        expression: Expression,
        limits: Mapping[str, int],
        *,
        deadline: Deadline | None = None,
    ) -> Mapping[str, Sequence[TermCount]]:
        """Return the facts of the matches, most frequent first, as far as there is time.

        `limits` gives for each beginning of facts (`tag=`) how many are returned.
        """
        until = deadline or no_deadline()
        return self._ask(lambda at: at.posts.facets(expression, limits, deadline=until))

    def terms(self, field: Field, prefix: str, *, limit: int) -> Sequence[TermCount]:
        """Return the terms that begin so, most frequent first; equal ones by the alphabet."""
        return self._ask(lambda at: at.posts.terms(field, prefix, limit=limit))

    def documents(self) -> int:
        """Return the number of documents."""
        return self._ask(lambda at: at.posts.documents())

    def last_seq(self) -> int:
        """Return the highest `seq` among the documents, 0 when there is none."""
        return self._ask(lambda at: at.posts.last_seq())

    def counts(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return the number of documents that hold each term, 0 for an unknown one."""
        return self._ask(lambda at: at.posts.counts(terms))

    def spellings(self, by: By, keys: Collection[str], *, distance: int = 0) -> Sequence[Spelling]:
        """Return the spellings with any of these keys, or one so many edits away or fewer."""
        return self._ask(lambda at: at.spellings.find(by, keys, distance=distance))

    def with_prefix(self, prefix: str, *, limit: int) -> Sequence[str]:
        """Return the terms of the spellings that begin so, frequent ones first."""
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
