"""What to search for a word as it stands: its term, or the whole, the phrase, the parts of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from search.analysis import Chunk
from search.expression import Best, Every, Field, Node, Phrase, Term, Weighted
from search.vocabulary import Vocabulary

# A compound whose parts stand apart is a weaker match than the compound itself.
_APART = 0.5
_MOST_APART = 6


def word_node(chunk: Chunk) -> Node:
    """Return what stands for a word: its stem, or of a compound its whole, its phrase, its parts.

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
    """Weigh the terms that stand for one word as if all were as rare as the most frequent.

    BM25 takes a rare term for a telling one; but that a spelling is rare tells nothing.
    """
    counts = [
        vocabulary.count(option.node.text) if isinstance(option.node, Term) else 0
        for option in options
    ]
    common = vocabulary.idf(max(counts))
    return [
        replace(option, weight=option.weight * min(1.0, common / vocabulary.idf(count)))
        if count
        else option
        for option, count in zip(options, counts, strict=True)
    ]


def best_of(options: Sequence[Weighted]) -> Node:
    """Return the node for the best of some options, which may be one."""
    if len(options) == 1 and options[0].weight == 1:
        return options[0].node
    return Best(options=tuple(options))


def _can_stand_apart(terms: Sequence[str]) -> bool:
    """Say whether parts mean something each by itself: those of `3.11` and `A/B` do not."""
    return 1 < len(terms) <= _MOST_APART and all(
        len(term) > 1 and not term.isdigit() for term in terms
    )
