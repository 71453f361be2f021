"""The archive's own words: which are known, which sound alike, which are a slip or two away."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from rapidfuzz.distance import OSA

from search.analysis import stem
from search.phonetics import sounds_of
from search.spellings import LONGEST_WORD, Form, is_word
from search.transliteration import skeleton_of, sound_of

_SHORTEST_SLIP = 4
_TWO_SLIPS = 8
_SHORTEST_SKELETON = 3
_SHORTEST_SLIPPED = 5
_MOST_ALIKE = 5


class SimilarWords(Protocol):
    """Words that slips of the fingers may have been meant to be."""

    def count(self, term: str) -> int:
        """Return the number of documents that hold a term, 0 for an unknown one."""

    def like(self, word: str, *, slips: int) -> Sequence[Form]:
        """Return the spellings that so many slips of the fingers turn into a word, or fewer."""

    def with_terms_like(self, term: str, *, slips: int) -> Sequence[Form]:
        """Return the spellings whose terms so many slips turn into this one, or fewer."""


class Words(SimilarWords, Protocol):
    """Where the words are kept: in an index (`search.words_asked`), or a few in memory."""

    def documents(self) -> int:
        """Return the number of documents."""

    def form(self, text: str) -> Form | None:
        """Return a spelling, if there is such a one."""

    def beginning(self, prefix: str, *, limit: int) -> Sequence[str]:
        """Return the terms of the spellings that begin so, frequent ones first."""

    def sounding(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Form]:
        """Return the spellings of a script that have any of these sounds."""

    def sounding_about(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Form]:
        """Return the spellings of a script that a letter more, less or other makes sound so."""

    def with_skeleton(self, skeleton: str, *, latin: bool) -> Sequence[Form]:
        """Return the spellings of a script whose sounds have these consonants."""


class Vocabulary:
    """Compares a word that somebody typed with the words that are known."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def count(self, term: str) -> int:
        """Return the number of documents that hold a term, 0 for an unknown one."""
        return self._words.count(term)

    def rarity(self, count: int) -> float:
        """Return how much BM25 makes of a term that so many documents hold."""
        documents = max(self._words.documents(), count)
        return math.log(1 + (documents - count + 0.5) / (count + 0.5))

    def frequency(self, form: str) -> int:
        """Return about how many documents hold a spelling."""
        kept = self._words.form(form)
        return 0 if kept is None else kept.documents

    def beginning(self, prefix: str, *, limit: int) -> Sequence[str]:
        """Return the terms of the spellings that begin so, frequent ones first."""
        return self._words.beginning(prefix, limit=limit)

    def sounding_like(self, word: str, *, latin: bool) -> Sequence[str]:
        """Return the spellings of a script that sound the same, most frequent first."""
        return _best(_alive(self._words.sounding(sounds_of(word), latin=latin), self._words))

    def sounding_but_for_a_slip(self, word: str, *, latin: bool) -> Sequence[str]:
        """Return the spellings of a script that sound like a word with one letter mistyped."""
        sounds = [sound for sound in set(sounds_of(word)) if len(sound) >= _SHORTEST_SLIPPED]
        found = self._words.sounding_about(sounds, latin=latin) if sounds else ()
        return _best(_alive((form for form in found if _sounds_about(form, sounds)), self._words))

    def sounding_nearly_like(self, word: str, *, latin: bool) -> Mapping[str, int]:
        """Return the spellings of a script that differ by a few vowels, nearest first."""
        heard = sound_of(word)
        skeleton = skeleton_of(heard)
        if len(skeleton) < _SHORTEST_SKELETON:
            return {}
        far = {
            form: OSA.distance(heard, sound_of(form.text))
            for form in _alive(self._words.with_skeleton(skeleton, latin=latin), self._words)
        }
        near = [form for form, distance in far.items() if distance <= max(len(heard) // 3, 1)]
        nearest = heapq.nsmallest(
            _MOST_ALIKE, near, key=lambda form: (far[form], -form.documents, form.text)
        )
        return {form.text: far[form] for form in nearest}

    def slips(self, word: str) -> Mapping[str, int]:
        """Return the archive's spellings that slips may have turned into a word, and how many."""
        return slips_among(word, self._words)


def slips_among(word: str, words: SimilarWords) -> Mapping[str, int]:
    """Return the spellings that slips of the fingers may have turned into a word, and how many.

    One letter more, less, other or two swapped; two such slips from eight letters on. Stems are
    compared too, since the archive may know the word by another ending; but one that is no nearer
    than a spelling tells nothing. Only the nearest are returned, most frequent first.
    """
    root = stem(word)
    # To look for two slips takes five times as long as for one, which is what most words have.
    for slips in (1, 2):
        found = _near(word, words, slips) or _near_stems(root, words, slips)
        if found:
            return dict.fromkeys(_best(_alive(found, words)), slips)
    return {}


def _near(word: str, words: SimilarWords, slips: int) -> Sequence[Form]:
    """Return the spellings that are just so many slips away."""
    if slips > _slips_in(word):
        return ()
    forms = _words_like(word, words.like(word, slips=slips))
    return [form for form in forms if OSA.distance(word, form.text) == slips]


def _near_stems(root: str, words: SimilarWords, slips: int) -> Sequence[Form]:
    """Return the most frequent spelling of each stem that is just so many slips away."""
    if slips > _slips_in(root):
        return ()
    first: dict[str, Form] = {}
    for form in _words_like(root, words.with_terms_like(root, slips=slips)):
        if len(form.term) >= _SHORTEST_SLIP and OSA.distance(root, form.term) == slips:
            first.setdefault(form.term, form)
    return tuple(first.values())


def _alive(forms: Iterable[Form], words: SimilarWords) -> Sequence[Form]:
    """Leave out the spellings that outlived their post."""
    return [form for form in forms if words.count(form.term)]


def _sounds_about(form: Form, sounds: Sequence[str]) -> bool:
    return any(
        OSA.distance(sound, heard) <= 1 for sound in sounds for heard in sounds_of(form.text)
    )


def _slips_in(word: str) -> int:
    if not _SHORTEST_SLIP <= len(word) <= LONGEST_WORD:
        return 0
    return 2 if len(word) >= _TWO_SLIPS else 1


def _words_like(word: str, forms: Iterable[Form]) -> Sequence[Form]:
    """Leave out what is of another script, or no plain word."""
    return [form for form in forms if is_word(form.text) and form.text.isascii() == word.isascii()]


def _best(forms: Iterable[Form]) -> list[str]:
    best = heapq.nsmallest(_MOST_ALIKE, forms, key=lambda form: (-form.documents, form.text))
    return [form.text for form in best]
