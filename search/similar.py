"""What makes a post different from others, as a search for posts like it."""

from __future__ import annotations

import heapq
import math

from model.posts import ArchivedPost
from model.searchable import searchable_of
from search.documents import document_of, fact
from search.expression import Expression, Field, Term
from search.stopwords import STOP_WORDS
from search.vocabulary import Vocabulary

_TELLING_WORDS = 16
_SHARED_WORDS = 3
_SHORTEST = 3


def similar_to(archived: ArchivedPost, vocabulary: Vocabulary) -> Expression:
    """Return the search for posts that share a post's most telling words, the post itself too.

    A word tells the more, the more often it stands in the post and the fewer posts have it; one
    that no other post has tells nothing.
    """
    words = document_of(searchable_of(archived)).words
    telling = {
        term: (1 + math.log(weight)) / math.log(1 + vocabulary.count(term))
        for term, weight in words.items()
        if len(term) >= _SHORTEST and term not in STOP_WORDS and vocabulary.count(term) > 1
    }
    chosen = heapq.nlargest(_TELLING_WORDS, telling, key=lambda term: (telling[term], term))
    return Expression(
        words=tuple(Term(field=Field.WORDS, text=term) for term in chosen),
        minimum=min(_SHARED_WORDS, len(chosen)),
        # Without a telling word nothing is like it: no document has this fact.
        required=() if chosen else (Term(field=Field.FACTS, text=fact("kind", "")),),
        excluded=(Term(field=Field.FACTS, text=fact("kind", "service")),),
    )
