"""Nodes for words as typed: the term, or a compound's joined form, phrase and parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from search.analysis import Chunk
from search.expression import Best, Every, Field, Node, Phrase, Term, Weighted
from search.vocabulary import Vocabulary

# A compound whose parts are apart is a weaker match than the compound itself.
_APART = 0.5
_MOST_APART = 6


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
    if len(atoms) == 1:
        options.append(Weighted(node=Term(field=Field.WORDS, text=atoms[0])))
        apart = [piece.term for piece in chunk.pieces if piece.part]
    else:
        options.append(Weighted(node=Phrase(terms=tuple(atoms))))
        apart = atoms
    if _can_stand_apart(apart):
        nodes = tuple(Term(field=Field.WORDS, text=term) for term in dict.fromkeys(apart))
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
            return all(vocabulary.counts(terms)[term] for term in terms)
        case Best(options=options):
            return any(occurs(option.node, vocabulary) for option in options)
    return not isinstance(node, Every) or all(occurs(part, vocabulary) for part in node.nodes)


def _can_stand_apart(terms: Sequence[str]) -> bool:
    """Return whether parts mean something on their own: those of `3.11` and `A/B` do not."""
    return 1 < len(terms) <= _MOST_APART and all(
        len(term) > 1 and not term.isdigit() for term in terms
    )


def _single_term(option: Weighted) -> str:
    return option.node.text if isinstance(option.node, Term) else ""
