"""Compiles expressions to OpenSearch's query objects; never to query strings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from search.engines import NEAR_AFTER
from search.expression import (
    Best,
    Between,
    Expression,
    Field,
    Near,
    Node,
    OneOf,
    Phrase,
    Term,
)

Compiled: TypeAlias = Mapping[str, Any]

WORDS = Field.WORDS.value
FACTS = Field.FACTS.value

_SPECIAL = re.compile(r"[^\w\s]|_", re.ASCII)
_NOTHING: Compiled = {"match_none": {}}


class Compiler:
    """Compiles expressions; `scale` multiplies what a term scores."""

    def __init__(self, *, scale: float = 1.0) -> None:
        self._scale = scale

    def query(self, expression: Expression) -> Compiled:
        """Return the query for an expression."""
        must = [self._node(node) for node in expression.required]
        if expression.words:
            should = [self._node(node) for node in expression.words]
            must.append(_bool(should=should, minimum_should_match=expression.minimum))
        elif not expression.required:
            must.append(_unscored({"match_all": {}}))
        return _bool(must=must, must_not=self._all(expression.excluded))

    def complete(self, expression: Expression, nodes: Iterable[Node]) -> Compiled:
        """Return the query for the documents that match all of these nodes for words."""
        must = self._all((*expression.required, *nodes))
        return _bool(must=must, must_not=self._all(expression.excluded))

    def _all(self, nodes: Iterable[Node]) -> Sequence[Compiled]:
        return [self._node(node) for node in nodes]

    def _node(self, node: Node) -> Compiled:
        match node:
            case Term(field=field, text=text):
                return self._word(text) if field is Field.WORDS else _unscored(_fact(text))
            case OneOf(field=field, texts=texts, score=score):
                return _unscored(_any_of(field, texts), score=score)
            case Phrase(terms=terms):
                return self._phrase(terms)
            case Between(first=first, last=last):
                return _unscored({"range": {"posted": {"gte": first, "lt": last}}})
            case Best(options=options):
                queries = [_bool(must=[self._node(one.node)], boost=one.weight) for one in options]
                return {"dis_max": {"queries": queries or [_NOTHING]}}
        must = self._all(node.nodes) or [_unscored({"match_all": {}})]
        return _bool(must=must, must_not=self._all(node.unless))

    def _word(self, text: str) -> Compiled:
        return {"term": {WORDS: {"value": text, "boost": self._scale}}}

    def _phrase(self, terms: Sequence[str]) -> Compiled:
        scored = [self._word(term) for term in dict.fromkeys(terms)]
        row = [_row(terms)] if len(terms) > 1 else []
        return _bool(must=scored, filter=row)


def with_near(query: Compiled, near: Sequence[Near]) -> Compiled:
    """Return a query whose hits are told which of these pairs they have, by number.

    Nothing is looked for in other documents: the pairs stand beside a term that no document has,
    and only what is named is checked for a hit.
    """
    if not near:
        return query
    named = [
        _row((pair.first, pair.second), slop=NEAR_AFTER - 1, _name=str(number))
        for number, pair in enumerate(near)
    ]
    never = [_bool(filter=[{"term": {"post_id": -1}}, each]) for each in named]
    return _bool(must=[query], should=never)


def fact_field(prefix: str) -> tuple[str, str]:
    """Return the field of facts with a prefix, and a pattern of their values."""
    name, _, begins = prefix.partition("=")
    return f"{FACTS}.{name}", _SPECIAL.sub(r"\\\g<0>", begins) + ".*" if begins else ""


def _fact(text: str) -> Compiled:
    name, _, value = text.partition("=")
    return {"term": {f"{FACTS}.{name}": value}}


def _any_of(field: Field, texts: Sequence[str]) -> Compiled:
    if field is Field.WORDS:
        return {"terms": {WORDS: texts}}
    return _bool(should=[_fact(text) for text in texts]) if texts else _NOTHING


def _row(terms: Sequence[str], **options: object) -> Compiled:
    return {"match_phrase": {WORDS: {"query": " ".join(terms), **options}}}


def _unscored(query: Compiled, *, score: float = 0.0) -> Compiled:
    return {"constant_score": {"filter": query, "boost": score}}


def _bool(**parts: object) -> Compiled:
    return {"bool": {name: part for name, part in parts.items() if part or part == 0}}
