"""Corrects plain words to what they may stand for: other script, other keyboard layout, typos."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from rapidfuzz.distance import OSA

from search.analysis import Chunk, chunks, fold, stem
from search.expression import Node, Weighted
from search.glossary import own_glossary
from search.keyboard_layout import other_layout
from search.phonetics import full_phonetic_key, phonetic_key
from search.query import Note, Remark, Word
from search.stopwords import STOP_WORDS, is_stop_word
from search.transliteration import cyrillic_readings
from search.vocabulary import Vocabulary
from search.word_nodes import best_of, with_equal_idf, word_node

# Scores of matches other than the word itself, tuned on graded queries.
SAME_SOUND = 0.9
NEAR_SOUND = 0.75
TYPO = 0.7
FAR_SOUND = 0.5

# Short words sound alike by chance; known ones are left as they are.
_SHORTEST_KNOWN_SOUND = 4
_SHORTEST_SOUND = 3
_SHORTEST_LAYOUT = 3
_SHORTEST_NEAR_LAYOUT = 5
_LONGEST_COMPOUND = 12
_SHORTEST_GLUED = 8
_SHORTEST_GLUED_PART = 3
_MOST_ALIKE = 5
_RARE = 2
_FAR_MORE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedWord:
    """What to search for a word, with a note unless it is the word alone.

    `typed` is the part of `node` that is no guess or, if the word was mistyped, the best one.
    `meant` is the spelling it was understood as: its own unless it was mistyped.
    """

    node: Node
    typed: Node
    meant: str
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """Spellings a word may stand for, best first, and how they were found."""

    forms: Mapping[str, float]
    code: Remark

    @property
    def first(self) -> str:
        """Return the most likely spelling."""
        return next(iter(self.forms))


def correct_words(words: Sequence[Word], archive: Vocabulary) -> Sequence[CorrectedWord]:
    """Return what to search for each plain word of a query.

    A word known to the archive or the glossary is searched as it is, together with words of the
    other script that sound the same. For an unknown word these steps are tried in order until one
    finds something: Russian in Latin letters, the other keyboard layout, then words that sound
    nearly the same or are one typo away. A row of words is typed on one keyboard: if one word was
    on the wrong layout, so were the short ones beside it.
    """
    corrector = _Corrector(archive)
    readings = [corrector.read(word) for word in words]
    codes = {reading.code for reading in readings if reading is not None}
    if Remark.OTHER_LAYOUT in codes:
        readings = [
            corrector.switched_beside(word) if reading is None else reading
            for word, reading in zip(words, readings, strict=True)
        ]
    if any(
        reading is not None and _is_romanised(word, reading)
        for word, reading in zip(words, readings, strict=True)
    ):
        readings = [
            corrector.romanised_beside(word) if reading is None else reading
            for word, reading in zip(words, readings, strict=True)
        ]
    return [
        corrector.corrected(word, reading) for word, reading in zip(words, readings, strict=True)
    ]


def unknown_compound(word: Word, archive: Vocabulary) -> Sequence[Word]:
    """Return the words of an unknown compound such as `фкус-группа` or `kafka-агент`.

    If it is joined by anything but hyphens, like `df.groupby`, one of the words must be unknown.
    """
    atoms = word.chunk.atoms
    corrector = _Corrector(archive)
    if not 2 <= len(atoms) <= _LONGEST_COMPOUND or not all(atom.form.isalpha() for atom in atoms):
        return ()
    if all(corrector.knows(atom.form) for atom in atoms) and (
        word.text.count("-") != len(atoms) - 1
        or any(archive.count(piece.term) for piece in word.chunk.pieces if piece.whole)
    ):
        return ()
    if corrector.read(word) is not None:
        return ()
    return [Word.of(word.text[atom.start : atom.end]) for atom in atoms]


def glued_words(word: Word, archive: Vocabulary) -> Sequence[Word]:
    """Return the two known words of an unknown one such as `randomforest`."""
    form = word.chunk.pieces[-1].form
    corrector = _Corrector(archive)
    if not _is_plain(word.chunk) or len(form) < _SHORTEST_GLUED or corrector.knows(form):
        return ()
    places = range(_SHORTEST_GLUED_PART, len(form) - _SHORTEST_GLUED_PART + 1)
    counts = archive.counts({stem(half) for at in places for half in (form[:at], form[at:])})
    rarer = {at: min(counts[stem(form[:at])], counts[stem(form[at:])]) for at in places}
    best = max(places, key=rarer.__getitem__)
    if not rarer[best] or corrector.read(word) is not None:
        return ()
    return [Word.of(form[:best]), Word.of(form[best:])]


class _Corrector:
    """Corrects words with the archive's vocabulary and the glossary's."""

    def __init__(self, archive: Vocabulary) -> None:
        self._archive = archive
        self._glossary = own_glossary().words

    def read(self, word: Word) -> _Reading | None:
        """Return what a word may stand for besides, or instead of, itself; `None` for nothing."""
        if is_stop_word(word.text):
            return None
        chunk = word.chunk
        form = chunk.pieces[-1].form
        if not _is_plain(chunk):
            return self._switched(word) or self._softened(word)
        if self._archive.count(stem(form)):
            return self._sounds_alike(form, shortest=_SHORTEST_KNOWN_SOUND)
        if self.knows(form):
            return self._sounds_alike(form, shortest=_SHORTEST_SOUND)
        return (
            self._same_sound(form)
            or self._romanised(form)
            or self._switched(word)
            or self._nearest(form)
            or self._nearly_switched(word)
            or self._near_sound_with_typo(form)
        )

    def switched_beside(self, word: Word) -> _Reading | None:
        """Convert a word next to one typed on the wrong keyboard layout."""
        meant = next(_on_other_layout(word), None)
        if meant is None:
            return None
        typed, turned = self._archive.count(stem(word.text)), self._archive.count(stem(meant))
        if not (meant in STOP_WORDS or turned > typed):
            return None
        return _reading([meant], SAME_SOUND, Remark.OTHER_LAYOUT)

    def romanised_beside(self, word: Word) -> _Reading | None:
        """Convert a word next to one that was Russian in Latin letters."""
        for meant in cyrillic_readings(word.text.casefold()):
            if meant in STOP_WORDS or self._archive.count(stem(meant)):
                return _reading([meant], SAME_SOUND, Remark.OTHER_SCRIPT)
        return None

    def corrected(self, word: Word, reading: _Reading | None) -> CorrectedWord:
        """Return what to search for a word, given its reading."""
        chunk = word.chunk
        form, term = chunk.pieces[-1].form, chunk.pieces[-1].term
        own = Weighted(node=word_node(chunk))
        known = self._knows_all([chunk])
        if reading is None:
            note = self._suggestion(form, term) if _is_plain(chunk) else None
            return CorrectedWord(node=own.node, typed=own.node, meant=word.text, note=note)
        others = [
            Weighted(node=word_node(next(chunks(other))), weight=weight)
            for other, weight in islice(_one_of_each(reading.forms).items(), _MOST_ALIKE)
            if stem(other) != term
        ]
        stays = known and reading.code is not Remark.OTHER_LAYOUT
        options = with_equal_idf([own, *others], self._archive)
        searched = options if stays or reading.code is Remark.OTHER_SCRIPT else options[1:]
        # Of the words a slip may stand for, the likeliest; but what sounds like it in the other
        # script is as likely.
        slip = (
            set(reading.forms.values()) == {TYPO} and len(set(map(str.isascii, reading.forms))) == 1
        )
        return CorrectedWord(
            node=best_of(searched),
            typed=best_of(searched[:1] if stays or slip else searched),
            meant=word.text if stays else reading.first,
            note=_note(word, reading),
        )

    def knows(self, form: str) -> bool:
        """Return whether the archive or the glossary has a word."""
        term = stem(form)
        return self._archive.count(term) > 0 or term in self._glossary

    def _knows_all(self, found: Iterable[Chunk]) -> bool:
        """Return whether all words of a spelling such as `abp.io` are known."""
        return all(self.knows(atom.form) for chunk in found for atom in chunk.atoms)

    def _same_sound(self, form: str) -> _Reading | None:
        """Find words that sound the same, or are a typo away if that is closer.

        Endings are silent: `критиа` is `критика` with a typo rather than `create`.
        """
        alike = self._sounds_alike(form, shortest=_SHORTEST_SOUND)
        if alike is None or _is_close(form, alike):
            return alike
        typos = [other for other, far in self._typos(form).items() if far == 1]
        if not typos:
            return alike
        mistyped = dict.fromkeys(typos, TYPO)
        if alike.code is Remark.OTHER_SCRIPT:
            forms = mistyped | dict.fromkeys(alike.forms, FAR_SOUND)
        else:
            known = mistyped | dict(alike.forms)
            frequency = self._archive.frequencies(known)
            often = sorted(known, key=lambda other: frequency.get(other, 0), reverse=True)
            forms = {form: known[form] for form in often}
        return _Reading(forms=forms, code=Remark.OTHER_SPELLING)

    def _sounds_alike(self, form: str, *, shortest: int) -> _Reading | None:
        """Find words of the archive with the same sound."""
        if len(phonetic_key(form)) < shortest:
            return None
        latin = form.isascii()
        found = [*self._archive.same_sound(form, latin=not latin)]
        if latin:
            # For a real word, only its plainest sound counts.
            readings = cyrillic_readings(form)[: 1 if self.knows(form) else None]
            counts = self._archive.counts([stem(one) for one in readings])
            russian = [one for one in readings if counts[stem(one)]]
            found = [*russian[:1], *found]
        if self.knows(form):
            return _reading(found, SAME_SOUND, Remark.OTHER_SCRIPT)
        same = self._archive.same_sound(form, latin=latin)
        if latin and found:
            # `datta` may be `data`, but `zadacha` is not an English word that sounds so.
            same = [other for other in same if OSA.distance(form, other) == 1]
        code = Remark.OTHER_SPELLING if same else Remark.OTHER_SCRIPT
        return _reading([*same, *found], SAME_SOUND, code)

    def _romanised(self, form: str) -> _Reading | None:
        """Convert Latin letters to a Russian word known to the glossary or by its sound."""
        if not form.isascii() or len(phonetic_key(form)) < _SHORTEST_KNOWN_SOUND:
            return None
        return self._russian(form)

    def _softened(self, word: Word) -> _Reading | None:
        """Convert Russian in Latin letters with marks for soft signs: `pol'zovatel'`."""
        return self._russian(fold(word.text)) if "'" in word.text else None

    def _russian(self, latin: str) -> _Reading | None:
        known = next(filter(self.knows, cyrillic_readings(latin)), None)
        return None if known is None else _reading([known], SAME_SOUND, Remark.OTHER_SCRIPT)

    def _switched(self, word: Word) -> _Reading | None:
        """Convert a word typed on the other keyboard layout."""
        for meant in _on_other_layout(word):
            if len(meant) < _SHORTEST_LAYOUT:
                continue
            alike = self._sounds_alike(meant, shortest=_SHORTEST_KNOWN_SOUND)
            forms = [] if alike is None else list(alike.forms)
            if self._knows_all(chunks(meant)) or forms:
                return _reading([meant, *forms], SAME_SOUND, Remark.OTHER_LAYOUT)
        return None

    def _nearly_switched(self, word: Word) -> _Reading | None:
        """Convert a word from the other layout if it then sounds nearly like a known word."""
        for meant in _on_other_layout(word):
            if len(meant) >= _SHORTEST_NEAR_LAYOUT:
                near = self._archive.near_sound(meant, latin=not meant.isascii())
                if near:
                    return _reading([meant, *near], NEAR_SOUND, Remark.OTHER_LAYOUT)
        return None

    def _near_sound_with_typo(self, form: str) -> _Reading | None:
        """Find a word of the other script that was transliterated and then mistyped."""
        found = self._archive.near_sound_with_typo(form, latin=not form.isascii())
        return _reading(found, TYPO, Remark.OTHER_SPELLING)

    def _nearest(self, form: str) -> _Reading | None:
        """Find what sounds nearly like a word or is a typo away, whichever is closer."""
        latin = form.isascii()
        near = self._archive.near_sound(form, latin=not latin)
        typos = self._typos(form)
        if not typos and latin:
            for russian in cyrillic_readings(form):
                typos = typos or self._typos(russian)
        if not typos:
            near = near or self._archive.near_sound(form, latin=latin)
        nearest = min([*near.values(), *typos.values()], default=0)
        heard = [other for other, far in near.items() if far == nearest]
        mistyped = [other for other, far in typos.items() if far == nearest]
        if heard and not mistyped:
            return _reading(heard, NEAR_SOUND, Remark.OTHER_SCRIPT)
        return _reading([*mistyped, *heard], TYPO, Remark.OTHER_SPELLING)

    def _typos(self, form: str) -> Mapping[str, int]:
        """Find the closest spellings: one typo in the archive's words needs no other words."""
        typos = self._archive.typos(form)
        if 1 in typos.values():
            return typos
        typos = {**typos, **self._glossary.typos(form)}
        nearest = min(typos.values(), default=0)
        return {other: far for other, far in typos.items() if far == nearest}

    def _suggestion(self, form: str, term: str) -> Note | None:
        """Suggest a far more frequent word of which a rare one may be a typo."""
        count = self._archive.count(term)
        if not 0 < count <= _RARE or term in self._glossary:
            return None
        others = self._archive.typos(form)
        frequency = self._archive.frequencies(others)
        for other in others:
            if stem(other) != term and frequency[other] >= _FAR_MORE * count:
                return Note(code=Remark.DID_YOU_MEAN, values=(form, other))
        return None


def _is_plain(chunk: Chunk) -> bool:
    return len(chunk.atoms) == 1 and chunk.pieces[-1].form.isalpha()


def _is_close(form: str, reading: _Reading) -> bool:
    """Return whether a word matches its reading in the other script up to about a letter."""
    far = OSA.distance(full_phonetic_key(form), full_phonetic_key(reading.first))
    return reading.code is Remark.OTHER_SCRIPT and far <= 1


def _is_romanised(word: Word, reading: _Reading) -> bool:
    return (
        reading.code is Remark.OTHER_SCRIPT and word.text.isascii() and not reading.first.isascii()
    )


def _on_other_layout(word: Word) -> Iterator[str]:
    """Yield the word on the other layout, with and without its last punctuation mark."""
    typed = word.run or word.text
    for run in dict.fromkeys((typed, typed.rstrip(",.;:"), word.text)):
        meant = other_layout(run)
        if meant is not None:
            yield meant


def _reading(forms: Iterable[str], weight: float, code: Remark) -> _Reading | None:
    found = dict.fromkeys(forms, weight)
    return _Reading(forms=found, code=code) if found else None


def _one_of_each(forms: Mapping[str, float]) -> Mapping[str, float]:
    """Return the first spelling of each term, with its weight."""
    first: dict[str, str] = {}
    for form in forms:
        first.setdefault(stem(form), form)
    return {form: forms[form] for form in first.values()}


def _note(word: Word, reading: _Reading) -> Note:
    """Return a note on a word and the spellings searched for it, one per term."""
    return Note(code=reading.code, values=(word.text, *_one_of_each(reading.forms)))
