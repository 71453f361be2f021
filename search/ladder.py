"""Widen a plain word to what it may stand for: the other script, the other keyboard, a slip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.analysis import Chunk, chunks, stem
from search.expression import Best, Every, Field, Node, Phrase, Term, Weighted
from search.query import Note, Remark, Word
from search.scripts import in_cyrillic, other_layout, sound_of
from search.vocabulary import Vocabulary

# How much a match counts that is not the word itself, measured with graded queries.
SAME_SOUND = 0.9
NEAR_SOUND = 0.75
SLIP = 0.7
# A compound whose parts stand apart is a weaker match than the compound itself.
APART = 0.5

_MOST_APART = 6
# Short words sound alike by chance; one that the archive knows is then left as it is.
_SHORTEST_KNOWN_SOUND = 4
_SHORTEST_SOUND = 3
_SHORTEST_LAYOUT = 3
_RARE = 2
_FAR_MORE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Widened:
    """What stands for a word, and the remark about it, if it is not the word alone."""

    node: Node
    note: Note | None = None


def widen(word: Word, vocabulary: Vocabulary) -> Widened:
    """Return what to search for a plain word.

    A word that the archive knows is searched as it is, with the words of the other script that
    sound the same. One that it does not know climbs on: the other keyboard layout, then words of
    the other script that sound nearly the same, then words one slip of the fingers away. The first
    step that finds something ends the climb.
    """
    chunk = next(chunks(word.text))
    own = Weighted(node=word_node(chunk))
    if not _is_plain(chunk):
        return _meant(word, vocabulary) or Widened(node=own.node)
    form, term = chunk.pieces[-1].form, chunk.pieces[-1].term
    known = vocabulary.count(term) > 0
    alike = _alike(form, vocabulary, known=known)
    if alike:
        return Widened(
            node=_best([own, *_weighted(alike, SAME_SOUND, besides=term)]),
            note=_note(Remark.OTHER_SCRIPT, word, alike),
        )
    if known:
        return Widened(node=own.node, note=_suggestion(form, term, vocabulary))
    return (
        _meant(word, vocabulary)
        or _near(form, word, vocabulary)
        or _slipped(form, word, vocabulary)
        or Widened(node=own.node)
    )


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
        options.append(Weighted(node=Every(nodes=nodes), weight=APART))
    return _best(options)


def _is_plain(chunk: Chunk) -> bool:
    return len(chunk.atoms) == 1 and chunk.pieces[-1].form.isalpha()


def _alike(form: str, vocabulary: Vocabulary, *, known: bool) -> Sequence[str]:
    """Return the spellings of the other script that are the same word by its sound."""
    if len(sound_of(form)) < (_SHORTEST_KNOWN_SOUND if known else _SHORTEST_SOUND):
        return ()
    alike = list(vocabulary.sounding_like(form, latin=not form.isascii()))
    if form.isascii():
        russian = in_cyrillic(form)
        if vocabulary.count(stem(russian)):
            alike.insert(0, russian)
    return alike


def _meant(word: Word, vocabulary: Vocabulary) -> Widened | None:
    """Read a word as typed with the keyboard in the other language."""
    typed = word.run or word.text
    meant = other_layout(typed)
    if meant is None or len(meant) < _SHORTEST_LAYOUT or not vocabulary.count(stem(meant)):
        return None
    node = _best(_weighted([meant, *_alike(meant, vocabulary, known=True)], SAME_SOUND))
    return Widened(node=node, note=_note(Remark.OTHER_LAYOUT, word, [meant]))


def _near(form: str, word: Word, vocabulary: Vocabulary) -> Widened | None:
    near = list(vocabulary.sounding_nearly_like(form, latin=not form.isascii()))
    if not near:
        return None
    return Widened(
        node=_best(_weighted(near, NEAR_SOUND)), note=_note(Remark.OTHER_SCRIPT, word, near)
    )


def _slipped(form: str, word: Word, vocabulary: Vocabulary) -> Widened | None:
    slips = list(vocabulary.slips(form))
    if not slips and form.isascii():
        slips = list(vocabulary.slips(in_cyrillic(form)))
    if not slips:
        return None
    return Widened(
        node=_best(_weighted(slips, SLIP)), note=_note(Remark.OTHER_SPELLING, word, slips)
    )


def _suggestion(form: str, term: str, vocabulary: Vocabulary) -> Note | None:
    """Suggest the far more frequent word that a rare one may be a slip of."""
    count = vocabulary.count(term)
    if count > _RARE:
        return None
    for other in vocabulary.slips(form):
        if stem(other) != term and vocabulary.frequency(other) >= _FAR_MORE * count:
            return Note(code=Remark.DID_YOU_MEAN, values=(form, other))
    return None


def _weighted(forms: Iterable[str], weight: float, *, besides: str = "") -> list[Weighted]:
    terms = dict.fromkeys(map(stem, forms))
    return [
        Weighted(node=Term(field=Field.WORDS, text=term), weight=weight)
        for term in terms
        if term != besides
    ]


def _note(code: Remark, word: Word, forms: Sequence[str]) -> Note:
    """Remark on a word and the spellings searched for it, one for each term."""
    shown = {stem(form): form for form in reversed(forms)}
    return Note(code=code, values=(word.text, *reversed(shown.values())))


def _best(options: Sequence[Weighted]) -> Node:
    if len(options) == 1 and options[0].weight == 1:
        return options[0].node
    return Best(options=tuple(options))


def _can_stand_apart(terms: Sequence[str]) -> bool:
    """Say whether parts mean something each by itself: those of `3.11` and `A/B` do not."""
    return 1 < len(terms) <= _MOST_APART and all(
        len(term) > 1 and not term.isdigit() for term in terms
    )
