"""What to look for, said so that any engine can carry it out: terms, phrases and their unions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """Where a term stands in a document (`search.documents`)."""

    WORDS = "words"
    FACTS = "facts"


class Sort(StrEnum):
    """The order of the answer."""

    RELEVANCE = "relevance"
    NEW = "new"
    OLD = "old"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Documents that hold a term: scored by BM25 in `WORDS`, not scored in the other fields."""

    field: Field
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """Documents that hold any of the terms; every one of them scores the same."""

    field: Field
    texts: tuple[str, ...]
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Documents that hold the words' terms at successive positions; scored as their sum."""

    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Documents posted from `first` up to, but not at, `last`: seconds since 1970, or open."""

    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted:
    """A way to match, and how much of its score counts."""

    node: Node
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """Documents that match any of the options, each scored by its best one, never by their sum."""

    options: tuple[Weighted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """Documents that match all of the nodes and none of `unless`, scored by the sum.

    With no nodes these are all documents that match none of `unless`.
    """

    nodes: tuple[Node, ...]
    unless: tuple[Node, ...] = ()


Node = Term | OneOf | Phrase | Between | Best | Every


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A whole search.

    A document is found when it matches every node of `required`, none of `excluded`, and at least
    `minimum` of `words`. It is scored by the sum over the words and the required nodes; documents
    that match all the words come before all others. With neither words nor required nodes every
    document that is not excluded is found. Of the documents that share a text the first alone is
    in the answer, unless it is to hold `repeats` too.
    """

    words: tuple[Node, ...] = ()
    minimum: int = 0
    required: tuple[Node, ...] = ()
    excluded: tuple[Node, ...] = ()
    sort: Sort = Sort.RELEVANCE
    repeats: bool = False
