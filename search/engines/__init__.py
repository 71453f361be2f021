"""The narrow protocol that every full-text engine fits, and what it answers with.

An engine over a network fits it too: a snapshot is what such engines call a point in time, and
every call of one is a round trip. So each takes many terms or facets at once, and returns no more
than it was asked for.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
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


class EngineDamaged(Exception):
    """What an index holds makes no sense, is not there, or cannot be written: build it anew."""


def top_terms(counts: Iterable[tuple[str, int]], *, limit: int) -> Sequence[TermCount]:
    """Return the most frequent terms, equal ones by the alphabet."""
    best = heapq.nsmallest(limit, counts, key=lambda count: (-count[1], count[0]))
    return [TermCount(text=text, documents=documents) for text, documents in best]


class Snapshot(Protocol):
    """An index as of one commit; any number of threads may ask at once.

    Nothing that is written later shows in it, and it can be read when its files are gone. What it
    holds open is let go of with the object.

    Raises:
        EngineDamaged: By every method: the index is to be built anew.
        IndexUnavailable: It cannot be asked right now, whatever it holds. All else is a bug.
    """

    def find(
        self, expression: Expression, *, offset: int, limit: int, deadline: Deadline
    ) -> MatchPage:
        """Return a page of the matches, best first; equal ones newest first.

        Past the deadline the conditions still hold, but words may be left aside, matches be
        missing, and equal ones stand in any order.
        """

    def twins(self, keys: Collection[int]) -> Mapping[int, Sequence[int]]:
        """Return the ids of all posts that share a text, by each of the keys given that has any."""

    def facets(
        self, expression: Expression, limits: Mapping[str, int], *, deadline: Deadline
    ) -> Mapping[str, Sequence[TermCount]]:
        """Return the facts that the matches have, most frequent first; equal ones by the alphabet.

        `limits` gives, for each beginning of facts that is asked for (`tag=`), how many to return.
        Each fact comes with the number of the matches that have it. Past the deadline some
        beginnings are left out, the last ones given.
        """

    def terms(self, field: Field, prefix: str, *, limit: int) -> Sequence[TermCount]:
        """Return the terms that begin so, most frequent first; equal ones by the alphabet.

        In `WORDS`, where they are many, documents that were replaced may count for a while.
        """

    def counts(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return for each of some terms of `WORDS` the number of documents that hold it.

        It is never 0 if there is any. A great number may for a while include documents that were
        replaced; a small one is exact. A term costs some microseconds, a call of its own far more.
        """

    def documents(self) -> int:
        """Return the number of documents."""

    def last_seq(self) -> int:
        """Return the highest `seq` among the documents, 0 when there is none."""


class Engine(Protocol):
    """A full-text index in a folder of its own; one process writes, any number read.

    What it holds open is let go of with the object and its snapshots.
    """

    def write(self, documents: Iterable[Document]) -> int:
        """Put documents in place of those with the same post ids, commit, return their number."""

    def snapshot(self) -> Snapshot:
        """Return the index as it is committed now, the same object while nothing is committed.

        It is asked for by one thread at a time (`search.index` sees to it).
        """
