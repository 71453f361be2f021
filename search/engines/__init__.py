"""The narrow protocol that every full-text engine fits, and what it answers with."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

from search.deadline import Deadline
from search.documents import Document
from search.expression import Expression, Field

# Scores this close count as equal, and the newer post comes first.
SCORE_STEP = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A post that was found, and its score: 0 where nothing was ranked by it.

    `twin` is what it shares with the posts of the same text (`search.documents`).
    """

    post_id: int
    score: float
    twin: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPage:
    """A page of matches in order, of posts with the same text the first alone if so asked.

    `total` is the exact number of all such matches, on every page, and `complete` of those with
    all the words; `posts` counts each post, those with the same text too. `cut` says that time was
    up before all was done.
    """

    matches: tuple[Match, ...]
    total: int
    complete: int
    posts: int
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TermCount:
    """A term of the index and the number of documents that hold it."""

    text: str
    documents: int


class EngineFailed(Exception):
    """An engine could not read or write its files: they are damaged, or the disk is full."""


class FailuresOfEngines:
    """Raises what an engine fails with as `EngineFailed`, a panic too, which is no `Exception`."""

    def __enter__(self) -> None:
        """Let what stands within begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # The type of panics cannot be imported.
        if isinstance(failure, Exception) or (kind and kind.__name__ == "PanicException"):
            raise EngineFailed(str(failure)) from failure


def top_terms(counts: Iterable[tuple[str, int]], *, limit: int) -> Sequence[TermCount]:
    """Return the most frequent terms, equal ones by the alphabet."""
    best = heapq.nsmallest(limit, counts, key=lambda count: (-count[1], count[0]))
    return [TermCount(text=text, documents=documents) for text, documents in best]


class Engine(Protocol):
    """A full-text index in a folder of its own; one process writes, any number read.

    Any number of threads may ask at once, also while one of them writes; what was written is seen
    after `refresh`, which one thread calls at a time (`search.index` sees to it).
    """

    def write(self, documents: Iterable[Document]) -> int:
        """Put documents in place of those with the same post ids, commit, return their number."""

    def refresh(self) -> bool:
        """See what other processes have committed; say whether anything changed."""

    def find(
        self, expression: Expression, *, offset: int, limit: int, deadline: Deadline
    ) -> MatchPage:
        """Return a page of the matches, best first; equal ones newest first.

        Past the deadline the conditions still hold, but words may be left aside, matches be
        missing, and equal ones stand in any order.
        """

    def twins(self, keys: Collection[int]) -> Mapping[int, Sequence[int]]:
        """Return the ids of all posts that share a text, by each of the keys given that has any."""

    def facets(self, expression: Expression, prefix: str, *, limit: int) -> Sequence[TermCount]:
        """Return the facts that begin so, with the number of the matches that have each."""

    def terms(self, field: Field, prefix: str, *, limit: int) -> Sequence[TermCount]:
        """Return the terms that begin so, most frequent first; equal ones by the alphabet.

        In `WORDS`, where they are many, documents that were replaced may count for a while.
        """

    def count(self, term: str) -> int:
        """Return the number of documents that hold a term of `WORDS`; never 0 if there is any.

        A great number may for a while include documents that were replaced; a small one is exact.
        """

    def documents(self) -> int:
        """Return the number of documents."""

    def last_seq(self) -> int:
        """Return the highest `seq` among the documents, 0 when there is none."""

    def close(self) -> None:
        """Let go of the files."""
