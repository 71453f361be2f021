"""Builds a search for posts similar to a given one."""

from __future__ import annotations

import heapq
import math

from model.posts import ArchivedPost
from model.searchable import searchable_of
from search.documents import document_of, fact
from search.expression import Expression, Field, Term
from search.reader import IndexReader
from search.stopwords import STOP_WORDS

_TELLING_WORDS = 16
_SHARED_WORDS = 3
_SHORTEST = 3


def similar_to(archived: ArchivedPost, reader: IndexReader) -> Expression:
    """Return a search by a post's most significant words; it also finds the post itself.

    Words are more significant the more often the post has them and the fewer other posts do; words
    in no other post do not count.
    """
    words = {
        term: weight
        for term, weight in document_of(searchable_of(archived)).words.items()
        if len(term) >= _SHORTEST and term not in STOP_WORDS
    }
    counts = reader.counts(words)
    telling = {
        term: (1 + math.log(weight)) / math.log(1 + counts[term])
        for term, weight in words.items()
        if counts[term] > 1
    }
    chosen = heapq.nlargest(_TELLING_WORDS, telling, key=lambda term: (telling[term], term))
    return Expression(
        words=tuple(Term(field=Field.WORDS, text=term) for term in chosen),
        minimum=min(_SHARED_WORDS, len(chosen)),
        # Without significant words nothing is similar: no document has this fact.
        required=() if chosen else (Term(field=Field.FACTS, text=fact("kind", "")),),
        excluded=(Term(field=Field.FACTS, text=fact("kind", "service")),),
    )
