"""The narrow protocol that every full-text engine fits, and what it answers with.

An engine over a network fits it too: every call of a snapshot is a round trip. So each takes many
terms or facets at once, and returns no more than it was asked for.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from search.deadline import Deadline
from search.documents import Document
from search.expression import Expression, Field

# Scores this close count as equal; the newer post comes first.
SCORE_STEP = 0.05

# Of each tier, so many documents are looked at for terms near each other.
LOOKED_AT = 32
# How far the second one of these may be after the first, or before it.
NEAR_AFTER, NEAR_BEFORE = 8, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A matching post, and its score: 0 if scores did not rank.

    `twin` is shared by posts with the same text (`search.documents`).
    """

    post_id: int
    score: float
    twin: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPage:
    """A page of matches in order; of posts with the same text, only the first unless asked for.

    `total` is the exact number of such matches on all pages, `complete` of those with all the
    words; `posts` also counts repeats. `cut` means that the deadline passed before everything was
    done, `about` that a distributed engine counted `total` or `complete` approximately.
    """

    matches: tuple[Match, ...]
    total: int
    complete: int
    posts: int
    cut: bool = False
    about: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TermCount:
    """A term of the index and its number of documents; `about` if there may be some more."""

    text: str
    documents: int
    about: bool = False


class EngineDamaged(Exception):
    """The index is damaged, missing, or cannot be written, and must be rebuilt."""


def top_terms(counts: Iterable[tuple[str, int]], *, limit: int) -> Sequence[TermCount]:
    """Return the most frequent terms, equal ones alphabetically."""
    best = heapq.nsmallest(limit, counts, key=lambda count: (-count[1], count[0]))
    return [TermCount(text=text, documents=documents) for text, documents in best]


class Snapshot(Protocol):
    """An index as of one commit; thread-safe.

    Later writes are not visible, and it stays readable after its files are deleted; over a network,
    posts of later commits are. Its resources are released with the object.

    Raises:
        EngineDamaged: Any method: the index must be rebuilt.
        IndexUnavailable: Any method: the index cannot be read at the moment. Other exceptions are
            bugs.
    """

    def find(
        self, expression: Expression, *, offset: int, limit: int, deadline: Deadline
    ) -> MatchPage:
        """Return a page of matches, best first; equal ones newest first.

        Past the deadline conditions still hold, but words may be ignored, matches missing, and ties
        in any order.
        """

    def twins(self, keys: Collection[int]) -> Mapping[int, Sequence[int]]:
        """Return the ids of all posts with each of these twins, without unknown ones."""

    def facets(
        self, expression: Expression, limits: Mapping[str, int], *, deadline: Deadline
    ) -> Mapping[str, Sequence[TermCount]]:
        """Return the facts of the matches, most frequent first, equal ones alphabetically.

        `limits` maps prefixes of facts (`tag=`) to the number of facts to return. Each fact comes
        with its number of matches. Past the deadline the last prefixes are left out.
        """

    def terms(self, field: Field, prefix: str, *, limit: int) -> Sequence[TermCount]:
        """Return the terms with a prefix, most frequent first, equal ones alphabetically.

        In `WORDS`, large counts may include replaced documents for a while.
        """

    def counts(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return the number of documents with each of some terms of `WORDS`.

        Never 0 if there is any. Small counts are exact; large ones may include replaced documents
        for a while. A term costs microseconds, a separate call far more.
        """

    def documents(self) -> int:
        """Return the number of documents."""

    def last_seq(self) -> int:
        """Return the highest `seq` of the documents, 0 if there are none."""


class Engine(Protocol):
    """A full-text index in a folder of its own; one process writes, any number read.

    What it holds open is let go of with the object and its snapshots.
    """

    def write(self, documents: Iterable[Document]) -> int:
        """Write documents, replacing those with the same post ids; commit, and return the count."""

    def snapshot(self) -> Snapshot:
        """Return the index as of the latest commit, the same object until the next commit.

        Only one thread may call it at a time (`search.index` takes care of that).
        """
