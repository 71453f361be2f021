"""What to search for, independent of the engine: terms, phrases and combinations."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """Where a term is in a document (`search.documents`)."""

    WORDS = "words"
    FACTS = "facts"


class Sort(StrEnum):
    """The sort order."""

    RELEVANCE = "relevance"
    NEW = "new"
    OLD = "old"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Documents with a term: scored by BM25 in `WORDS`, unscored in the other fields."""

    field: Field
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """Documents with any of the terms, all with the same score."""

    field: Field
    texts: tuple[str, ...]
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Documents with these terms at successive positions; scored as their sum."""

    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Documents posted from `first` (inclusive) to `last` (exclusive), Unix seconds or open."""

    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted:
    """A node with its score multiplied by a weight."""

    node: Node
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """Documents that match any of the options, scored by the best one, never by their sum."""

    options: tuple[Weighted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """Documents that match all nodes and none of `unless`, scored by the sum.

    Without nodes: all documents that match none of `unless`.
    """

    nodes: tuple[Node, ...]
    unless: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Two terms, and what documents score in addition that have them near each other.

    The second one is up to eight positions after the first, or up to six before it.
    """

    first: str
    second: str
    score: float


Node = Term | OneOf | Phrase | Between | Best | Every


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A complete search.

    A document is found if it matches all of `required`, none of `excluded`, and at least `minimum`
    of `words`. Its score is the sum over the words and required nodes; documents with all the words
    come first, and of these those that match all nodes of a tier of `first`, an earlier tier before
    a later one; they are scored by it. The first 32 documents of each tier, of those with all the
    words and of the others are ordered anew with the scores of `near`. With neither words nor
    required nodes, every document not excluded is found. Of documents with the same text only the
    first is returned, unless `repeats` is set.
    """

    words: tuple[Node, ...] = ()
    minimum: int = 0
    first: tuple[tuple[Node, ...], ...] = ()
    near: tuple[Near, ...] = ()
    required: tuple[Node, ...] = ()
    excluded: tuple[Node, ...] = ()
    sort: Sort = Sort.RELEVANCE
    repeats: bool = False
