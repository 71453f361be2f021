"""Nodes for words as typed: the term, or a compound's joined form, phrase and parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from search.analysis import Chunk, stem
from search.expression import Best, Every, Field, Node, Phrase, Term, Weighted
from search.vocabulary import Vocabulary

# A compound whose parts are apart is a weaker match than the compound itself.
_APART = 0.5
_MOST_APART = 8
_LOOKS_ALIKE = 0.9
# An `OutOfMemoryError` is also told of without its last word.
_KINDS_OF_ERRORS = {"error", "exception", "warning"}
# Consonants that look the same in both scripts: HTTP is also written in Russian letters.
_ALIKE = ("bkmhpctx", "вкмнрстх")
_TO_OTHER_SCRIPT = str.maketrans("".join(_ALIKE), "".join(_ALIKE[::-1]))
_ALL_ALIKE = re.compile(f"(?:[{_ALIKE[0]}]{{3,}}|[{_ALIKE[1]}]{{3,}})\\Z")
_LONG_NUMBER = re.compile(r"\d{4,}\Z")


def word_node(chunk: Chunk) -> Node:
    """Return the node of a word: its stem, or for a compound its joined form, phrase and parts.

    `read_csv` is found as `readcsv`, as `read csv`, and, weaker, as `read` and `csv` apart.
    """
    atoms = [atom.term for atom in chunk.atoms]
    options = [
        Weighted(node=Term(field=Field.WORDS, text=piece.term))
        for piece in chunk.pieces
        if piece.whole
    ]
    last = chunk.atoms[-1].step
    parts = [piece for piece in chunk.pieces if piece.part and piece.step == last]
    apart = [[piece.term for piece in parts]]
    if parts and parts[-1].form in _KINDS_OF_ERRORS:
        apart.append(apart[0][:-1])
    if len(atoms) == 1:
        options.append(Weighted(node=Term(field=Field.WORDS, text=atoms[0])))
        options.extend(_other_spellings(chunk.atoms[0].form))
    else:
        options.append(Weighted(node=Phrase(terms=tuple(atoms))))
        apart.insert(0, atoms)
        if len(atoms) == 2 and any(map(str.isdigit, atoms)) and any(map(str.isalpha, atoms)):
            # `ФЗ-152` is `152-ФЗ`.
            options.append(Weighted(node=Phrase(terms=tuple(atoms[::-1])), weight=_APART))
    for terms in filter(_can_stand_apart, apart):
        nodes = tuple(Term(field=Field.WORDS, text=term) for term in dict.fromkeys(terms))
        options.append(Weighted(node=Every(nodes=nodes), weight=_APART))
    return best_of(options)


def with_equal_idf(options: Sequence[Weighted], vocabulary: Vocabulary) -> Sequence[Weighted]:
    """Weigh alternative terms of one word as if all had the idf of the most frequent.

    BM25 gives rare terms more weight, but a rare spelling is not more significant.
    """
    known = vocabulary.counts([text for text in map(_single_term, options) if text])
    counts = [known[text] if (text := _single_term(option)) else 0 for option in options]
    common = vocabulary.idf(max(counts))
    return [
        replace(option, weight=option.weight * min(1.0, common / vocabulary.idf(count)))
        if count
        else option
        for option, count in zip(options, counts, strict=True)
    ]


def best_of(options: Sequence[Weighted]) -> Node:
    """Return the node for the best of several options, or the only option."""
    if len(options) == 1 and options[0].weight == 1:
        return options[0].node
    return Best(options=tuple(options))


def occurs(node: Node, vocabulary: Vocabulary) -> bool:
    """Return whether the archive has the words of a node, if maybe never together."""
    match node:
        case Term(text=text):
            return vocabulary.count(text) > 0
        case Phrase(terms=terms):
            counts = vocabulary.counts(terms)
            return all(counts[term] for term in terms)
        case Best(options=options):
            return any(occurs(option.node, vocabulary) for option in options)
    return not isinstance(node, Every) or all(occurs(part, vocabulary) for part in node.nodes)


def _other_spellings(form: str) -> Iterator[Weighted]:
    """Yield a word in letters of the other script that look the same, a number in groups."""
    if _ALL_ALIKE.match(form):
        other = stem(form.translate(_TO_OTHER_SCRIPT))
        yield Weighted(node=Term(field=Field.WORDS, text=other), weight=_LOOKS_ALIKE)
    if _LONG_NUMBER.match(form):
        yield Weighted(node=Phrase(terms=_thousands(form)))


def _thousands(digits: str) -> tuple[str, ...]:
    """Part a number as it is grouped in a text: 1 000 000."""
    first = len(digits) % 3 or 3
    return (digits[:first], *(digits[at : at + 3] for at in range(first, len(digits), 3)))


def _can_stand_apart(terms: Sequence[str]) -> bool:
    """Return whether parts mean something on their own: those of `3.11` and `A/B` do not."""
    return 1 < len(terms) <= _MOST_APART and all(
        len(term) > 1 and not term.isdigit() for term in terms
    )


def _single_term(option: Weighted) -> str:
    return option.node.text if isinstance(option.node, Term) else ""
