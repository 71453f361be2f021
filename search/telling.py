"""Chooses the words of a long query that tell most: those that the fewest posts have."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from search.query import Clause
from search.stopwords import is_stop_word
from search.vocabulary import Vocabulary

MOST_WORDS = 12


def most_telling(clauses: Sequence[Clause], vocabulary: Vocabulary) -> Sequence[Clause]:
    """Return at most 12 ranked clauses in their order, of repeated words the first.

    Stop words, numbers and words that the archive does not have come last: a pasted message has
    line numbers, and names of its author's own.
    """
    if len(clauses) <= MOST_WORDS:
        return clauses
    different = {_key(clause): clause for clause in reversed(clauses)}
    vocabulary.counts([term for clause in clauses for term in _terms_of(clause)])
    chosen = heapq.nsmallest(
        MOST_WORDS, different.values(), key=lambda clause: _commonness(clause, vocabulary)
    )
    return [clause for clause in clauses if any(clause is one for one in chosen)]


def _commonness(clause: Clause, vocabulary: Vocabulary) -> tuple[bool, int]:
    word = clause.only_word
    if word is None:
        return False, 0
    counts = [vocabulary.count(term) for term in _terms_of(clause)]
    known = min(filter(None, counts), default=0)
    return not known or word.text.isdigit() or is_stop_word(word.text), known


def _terms_of(clause: Clause) -> Sequence[str]:
    word = clause.only_word
    return [] if word is None else [piece.term for piece in word.chunk.pieces]


def _key(clause: Clause) -> object:
    return tuple(_terms_of(clause)) or clause
