"""Expands plain words of a query: corrections, derivations, glossary expressions."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from search.analysis import Chunk, chunks, fold, stem
from search.corrections import CorrectedWord, correct_words, glued_words, unknown_compound
from search.derivations import derivations_of
from search.expression import Field, Near, Node, OneOf, Phrase, Term, Weighted
from search.glossary import own_glossary
from search.query import Atom, Clause, Group, Note, Remark, Word
from search.reader import IndexReader
from search.stopwords import STOP_WORDS, is_stop_word
from search.vocabulary import Vocabulary
from search.word_nodes import best_of, occurs, with_equal_idf, word_node

# Score of a glossary expression, tuned on graded queries.
_SYNONYM = 0.75
# Score of a derivation: `обучать` for `обучение`.
_DERIVATION = 0.5
_MOST_DERIVATIONS = 4
_MOST_SHOWN = 6
# An expression counts as much as the typed one even if its words are rarer; limited, because few
# documents are weak evidence.
_LEAST_RATIO, _MOST_RATIO = 0.5, 1.5
# `вайб кодинг` also matches `вайбкодинг`, and `вайб-кодинг` the phrase: a joined word counts for
# both.
_JOINED = 1.5
_SHORTEST_JOINED = 6
_PREFIX_SCORE = 2.0
# Score of neighbours, in idfs of the more common one.
_NEAR = 1.0
# Positions of more common words would take too long to read.
_MOST_READ = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """What to search for each significant word, with notes.

    `first` are the tiers of better matches: the words in a row, then the words without guesses.
    `near` are neighbouring words, which count more where they are near each other.
    """

    nodes: tuple[Node, ...] = ()
    first: tuple[tuple[Node, ...], ...] = ()
    near: tuple[Near, ...] = ()
    notes: tuple[Note, ...] = ()


def expand(
    clauses: Sequence[Clause], vocabulary: Vocabulary, *, other: Callable[[Atom | Group], Node]
) -> Expansion:
    """Return what to search for the ranked clauses of a query.

    `other` makes the nodes of clauses that are not single words.
    """
    return _Expander(clauses, vocabulary, other=other).expansion()


def prefix_node(chunk: Chunk, reader: IndexReader, *, limit: int) -> Node:
    """Return the node for the most frequent words with a prefix, in all their forms."""
    prefix = max((piece.form for piece in chunk.pieces), key=len)
    terms = reader.with_prefix(prefix, limit=limit)
    return OneOf(field=Field.WORDS, texts=tuple(terms), score=_PREFIX_SCORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Other:
    """An alternative expression for the words with these indexes, and its score.

    `same` means the same words, but for the spaces.
    """

    text: str
    node: Node
    weight: float
    numbers: range
    same: bool = False


class _Expander:
    """Expands clauses together, since neighbours help to interpret a word."""

    def __init__(
        self,
        clauses: Sequence[Clause],
        vocabulary: Vocabulary,
        *,
        other: Callable[[Atom | Group], Node],
    ) -> None:
        self._other = other
        self._clauses: list[Clause] = []
        self._taken_apart: list[_Other] = []
        self._glued: list[Note] = []
        self._vocabulary = vocabulary
        # Fetches most counts needed below in one call.
        vocabulary.counts(_likely_terms(_words_in(clauses)))
        for clause in clauses:
            self._take_apart(clause)
        plain = _words_in(self._clauses)
        self._corrected: dict[Word, CorrectedWord] = dict(
            zip(plain, correct_words(plain, vocabulary), strict=True)
        )

    def expansion(self) -> Expansion:
        telling = self._without_stop_words()
        others = (*self._taken_apart, *self._others)
        synonyms = _by_number(others, telling)
        same = _by_number([other for other in others if other.same], telling)
        found: dict[Node, Node] = {}
        for number in sorted(telling):
            clause = self._clauses[number]
            own = Weighted(node=self._own(clause))
            node = best_of([own, *self._derivations(clause), *synonyms[number]])
            found.setdefault(node, self._typed(clause, same[number]) or node)
        nodes, typed = tuple(found), tuple(found.values())
        return Expansion(
            nodes=nodes,
            first=(*self._in_a_row(), *([] if typed == nodes else [typed])),
            near=tuple(self._near(telling)),
            notes=tuple(self._notes(telling)),
        )

    def _take_apart(self, clause: Clause) -> None:
        """Add a clause; for an unknown compound or glued words, one per word and the phrase."""
        word, first = clause.only_word, len(self._clauses)
        compound = () if word is None else unknown_compound(word, self._vocabulary)
        glued = () if word is None or compound else glued_words(word, self._vocabulary)
        parts = compound or glued
        if word is not None and glued:
            shown = " ".join(part.text for part in glued)
            self._glued.append(Note(code=Remark.OTHER_SPELLING, values=(word.text, shown)))
        self._clauses += [Clause(options=(part,)) for part in parts] or [clause]
        if word is not None and parts:
            terms = tuple(atom.term for part in parts for atom in part.chunk.atoms)
            self._taken_apart.append(
                _Other(
                    text=word.text,
                    node=Phrase(terms=terms),
                    weight=_JOINED,
                    numbers=range(first, len(self._clauses)),
                    same=True,
                )
            )

    def _without_stop_words(self) -> frozenset[int]:
        """Return the indexes of all clauses except stop words, unless all are."""
        numbers = range(len(self._clauses))
        telling = frozenset(
            number for number in numbers if not self._is_stop_word(self._clauses[number])
        )
        return telling or frozenset(numbers)

    def _is_stop_word(self, clause: Clause) -> bool:
        return all(
            isinstance(option, Word) and is_stop_word(self._corrected[option].meant)
            for option in clause.options
        )

    def _own(self, clause: Clause) -> Node:
        nodes = dict.fromkeys(
            self._corrected[option].node if isinstance(option, Word) else self._other(option)
            for option in clause.options
        )
        return best_of([Weighted(node=node) for node in nodes])

    def _typed(self, clause: Clause, same: Sequence[Weighted]) -> Node | None:
        """Return the node of words as typed, `None` if the archive has none of them."""
        words = [option for option in clause.options if isinstance(option, Word)]
        if len(words) < len(clause.options):
            return None
        own = dict.fromkeys(self._corrected[word].typed for word in words)
        node = best_of([*(Weighted(node=node) for node in own), *same])
        return node if occurs(node, self._vocabulary) else None

    def _in_a_row(self) -> Iterator[tuple[Node, ...]]:
        """Yield the phrase of all words of a query that consists of several."""
        row = self._meant_row()
        phrase = Phrase(terms=tuple(term for word in row for term in _terms_of(word)))
        if len(row) > 1 and all(row) and occurs(phrase, self._vocabulary):
            yield (phrase,)

    def _near(self, telling: Iterable[int]) -> Iterator[Near]:
        """Yield neighbours among the words that count, unless both are in very many posts."""
        row = self._meant_row()
        terms = [_terms_of(row[number]) for number in sorted(telling)]
        for one, other in pairwise(terms):
            if not (one and other) or one[-1] == other[0]:
                continue
            counts = sorted(map(self._vocabulary.count, (one[-1], other[0])))
            if 0 < counts[0] <= _MOST_READ:
                score = _NEAR * self._vocabulary.idf(counts[1])
                yield Near(first=one[-1], second=other[0], score=score)

    def _derivations(self, clause: Clause) -> Sequence[Weighted]:
        """Return the derivations of a word that the archive has."""
        word = clause.only_word
        if word is None:
            return ()
        term = stem(fold(self._corrected[word].meant))
        counts = self._vocabulary.counts(derivations_of(term))
        known = [other for other in derivations_of(term) if counts[other]]
        most = heapq.nlargest(_MOST_DERIVATIONS, known, key=counts.__getitem__)
        own = Weighted(node=Term(field=Field.WORDS, text=term))
        others = [
            Weighted(node=Term(field=Field.WORDS, text=other), weight=_DERIVATION) for other in most
        ]
        return with_equal_idf([own, *others], self._vocabulary)[1:]

    @cached_property
    def _others(self) -> Sequence[_Other]:
        rows = dict.fromkeys((self._typed_row(), self._meant_row()))
        return [other for row in rows for other in self._others_in(row)]

    def _others_in(self, row: Sequence[str]) -> Iterator[_Other]:
        found = list(own_glossary().synonyms(row))
        self._vocabulary.counts(
            [term for each in found for other in each.others for term in _terms_of(other)]
        )
        for synonyms in found:
            own = self._idf(" ".join(row[synonyms.first : synonyms.last]))
            for other in synonyms.others:
                told = self._idf(other)
                if told:
                    weight = _SYNONYM * _within(own / told if own else 1.0)
                    yield _Other(
                        text=other,
                        node=_expression_node(other),
                        weight=weight,
                        numbers=range(synonyms.first, synonyms.last),
                    )
        for first, (one, other) in enumerate(pairwise(row)):
            if not (one and other) or {fold(one), fold(other)} & STOP_WORDS:
                continue
            whole = self._whole_word(one, other)
            if whole:
                yield _Other(
                    text=whole,
                    node=Term(field=Field.WORDS, text=stem(fold(whole))),
                    weight=_JOINED,
                    numbers=range(first, first + 2),
                    same=True,
                )

    def _whole_word(self, one: str, other: str) -> str:
        """Return the archive's word of two halves, by its sound if a half is unknown, or `""`."""
        joined = _joined(one, other)
        if len(joined) < _SHORTEST_JOINED:
            return ""
        if self._vocabulary.count(joined):
            return one + other
        if all(map(self._vocabulary.count, (stem(fold(one)), stem(fold(other))))):
            return ""
        form = fold(one + other)
        return next(iter(self._vocabulary.same_sound(form, latin=form.isascii())), "")

    def _idf(self, expression: str) -> float:
        """Return the combined idf of an expression's words, 0 if any is unknown."""
        counts = [self._vocabulary.count(term) for term in _terms_of(expression)]
        return sum(map(self._vocabulary.idf, counts)) if all(counts) else 0.0

    def _typed_row(self) -> tuple[str, ...]:
        words = (clause.only_word for clause in self._clauses)
        return tuple("" if word is None else word.text for word in words)

    def _meant_row(self) -> tuple[str, ...]:
        words = (clause.only_word for clause in self._clauses)
        return tuple("" if word is None else self._corrected[word].meant for word in words)

    def _notes(self, telling: frozenset[int]) -> Sequence[Note]:
        """Report how words were interpreted, then which other expressions were searched."""
        words = [
            option
            for number, clause in enumerate(self._clauses)
            for option in clause.options
            if number in telling and isinstance(option, Word)
        ]
        corrected = (self._corrected[word].note for word in words)
        found = [*self._glued, *(note for note in corrected if note is not None)]
        told = {fold(value) for note in found for value in note.values}
        others = [
            text for text in dict.fromkeys(o.text for o in self._others) if fold(text) not in told
        ]
        if others:
            typed = " ".join(filter(None, self._typed_row()))
            found.append(Note(code=Remark.SYNONYM, values=(typed, *others[:_MOST_SHOWN])))
        return found


def _by_number(
    others: Iterable[_Other], telling: frozenset[int]
) -> Mapping[int, Sequence[Weighted]]:
    """Return alternatives by the index of a clause; the words of an expression share its score."""
    found: defaultdict[int, list[Weighted]] = defaultdict(list)
    for other in others:
        shared = [number for number in other.numbers if number in telling]
        for number in shared:
            found[number].append(Weighted(node=other.node, weight=other.weight / len(shared)))
    return found


def _within(ratio: float) -> float:
    return min(max(ratio, _LEAST_RATIO), _MOST_RATIO)


def _expression_node(text: str) -> Node:
    """Return the node for a word, or for the phrase of several."""
    found = list(chunks(text))
    return word_node(found[0]) if len(found) == 1 else Phrase(terms=tuple(_terms_of(text)))


def _likely_terms(words: Sequence[Word]) -> Sequence[str]:
    """Return the terms of words, of their derivations, and of joined pairs."""
    terms = [piece.term for word in words for piece in word.chunk.pieces]
    joined = [_joined(one.text, other.text) for one, other in pairwise(words)]
    return [*terms, *joined, *(other for term in terms for other in derivations_of(term))]


def _words_in(clauses: Iterable[Clause]) -> Sequence[Word]:
    options = [option for clause in clauses for option in clause.options]
    return [option for option in options if isinstance(option, Word)]


def _terms_of(expression: str) -> Sequence[str]:
    return [atom.term for chunk in chunks(expression) for atom in chunk.atoms]


def _joined(one: str, other: str) -> str:
    return stem(fold(one + other))
