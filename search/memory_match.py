"""Matches a few posts in memory as an engine would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from search.documents import Document
from search.expression import Best, Between, Every, Expression, Field, Node, OneOf, Phrase, Term

_Posts = AbstractSet[int]
_NONE: _Posts = frozenset()


class MemoryMatcher:
    """Documents indexed by content; a thousand searches are faster here than in a real index."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = {document.post_id: document for document in documents}
        self._positions = {key: document.positions for key, document in self._documents.items()}
        self._holders: defaultdict[tuple[Field, str], set[int]] = defaultdict(set)
        for post_id, document in self._documents.items():
            for term in document.words:
                self._holders[Field.WORDS, term].add(post_id)
            for term in document.facts:
                self._holders[Field.FACTS, term].add(post_id)

    def complete(self, expression: Expression) -> frozenset[int]:
        """Return the posts that an engine would find to have all the words."""
        every = Every(nodes=(*expression.required, *expression.words), unless=expression.excluded)
        return frozenset(self._every(every))

    def _holding(self, node: Node) -> _Posts:
        match node:
            case Term(field=field, text=text):
                return self._holders.get((field, text), _NONE)
            case OneOf(field=field, texts=texts):
                return _union(self._holders.get((field, text), _NONE) for text in texts)
            case Phrase(terms=terms):
                return self._phrase(terms)
            case Between(first=first, last=last):
                return self._between(first, last)
            case Best(options=options):
                return _union(self._holding(option.node) for option in options)
        return self._every(node)

    def _every(self, every: Every) -> _Posts:
        found: _Posts = self._documents.keys()
        for node in every.nodes:
            found = found and found & self._holding(node)
        for node in every.unless:
            found = found and found - self._holding(node)
        return found

    def _phrase(self, terms: Sequence[str]) -> _Posts:
        found: _Posts = self._documents.keys()
        for term in terms:
            found = found & self._holders.get((Field.WORDS, term), _NONE)
        return {post_id for post_id in found if _follow(terms, self._positions[post_id])}

    def _between(self, first: int | None, last: int | None) -> _Posts:
        return {
            post_id
            for post_id, document in self._documents.items()
            if (first is None or first <= document.posted)
            and (last is None or document.posted < last)
        }


def _follow(terms: Sequence[str], positions: Mapping[str, Sequence[int]]) -> bool:
    """Return whether terms follow each other in a document's text."""
    places = (
        {place - step for place in positions.get(term, ())} for step, term in enumerate(terms)
    )
    return bool(set.intersection(*places))


def _union(parts: Iterable[_Posts]) -> _Posts:
    found: set[int] = set()
    for part in parts:
        found |= part
    return found
