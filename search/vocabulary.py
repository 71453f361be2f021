"""The archive's own words: which are known, which sound alike, which are a typo or two away."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from rapidfuzz.distance import OSA

from search.analysis import stem
from search.phonetics import phonetic_key, phonetic_keys, skeleton_of
from search.spellings import LONGEST_WORD, Spelling, is_word

_SHORTEST_TYPO = 4
_TWO_TYPOS = 8
_SHORTEST_SKELETON = 3
_SHORTEST_MISTYPED = 5
_MOST_ALIKE = 5


class SimilarWords(Protocol):
    """Words by their spelling: what a typo may have been meant to be."""

    def count(self, term: str) -> int:
        """Return the number of documents that hold a term, 0 for an unknown one."""

    def within(self, word: str, *, distance: int) -> Sequence[Spelling]:
        """Return the spellings within an edit distance of a word."""

    def stems_within(self, term: str, *, distance: int) -> Sequence[Spelling]:
        """Return the spellings whose terms are within an edit distance of this one."""


class Words(SimilarWords, Protocol):
    """Where the words are kept: in an index (`search.words_asked`), or a few in memory."""

    def documents(self) -> int:
        """Return the number of documents."""

    def spelling(self, text: str) -> Spelling | None:
        """Return a spelling, if there is such a one."""

    def beginning(self, prefix: str, *, limit: int) -> Sequence[str]:
        """Return the terms of the spellings that begin so, frequent ones first."""

    def with_sound(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Spelling]:
        """Return the spellings of a script with any of these phonetic keys."""

    def with_near_sound(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Spelling]:
        """Return the spellings of a script whose phonetic key is an edit away from any of these."""

    def with_skeleton(self, skeleton: str, *, latin: bool) -> Sequence[Spelling]:
        """Return the spellings of a script whose phonetic key has this consonant skeleton."""


class Vocabulary:
    """Compares a word that somebody typed with the words that are known."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def count(self, term: str) -> int:
        """Return the number of documents that hold a term, 0 for an unknown one."""
        return self._words.count(term)

    def idf(self, count: int) -> float:
        """Return how much BM25 makes of a term that so many documents hold."""
        documents = max(self._words.documents(), count)
        return math.log(1 + (documents - count + 0.5) / (count + 0.5))

    def frequency(self, spelling: str) -> int:
        """Return about how many documents hold a spelling."""
        kept = self._words.spelling(spelling)
        return 0 if kept is None else kept.documents

    def beginning(self, prefix: str, *, limit: int) -> Sequence[str]:
        """Return the terms of the spellings that begin so, frequent ones first."""
        return self._words.beginning(prefix, limit=limit)

    def same_sound(self, word: str, *, latin: bool) -> Sequence[str]:
        """Return the spellings of a script that sound the same, most frequent first."""
        return _best(_alive(self._words.with_sound(phonetic_keys(word), latin=latin), self._words))

    def near_sound_with_typo(self, word: str, *, latin: bool) -> Sequence[str]:
        """Return the spellings of a script that sound like a word but for one letter."""
        sounds = [sound for sound in set(phonetic_keys(word)) if len(sound) >= _SHORTEST_MISTYPED]
        found = self._words.with_near_sound(sounds, latin=latin) if sounds else ()
        return _best(
            _alive((spelling for spelling in found if _sounds_about(spelling, sounds)), self._words)
        )

    def near_sound(self, word: str, *, latin: bool) -> Mapping[str, int]:
        """Return the spellings of a script that differ by a few vowels, nearest first."""
        heard = phonetic_key(word)
        skeleton = skeleton_of(heard)
        if len(skeleton) < _SHORTEST_SKELETON:
            return {}
        far = {
            spelling: OSA.distance(heard, phonetic_key(spelling.text))
            for spelling in _alive(self._words.with_skeleton(skeleton, latin=latin), self._words)
        }
        near = [
            spelling for spelling, distance in far.items() if distance <= max(len(heard) // 3, 1)
        ]
        nearest = heapq.nsmallest(
            _MOST_ALIKE,
            near,
            key=lambda spelling: (far[spelling], -spelling.documents, spelling.text),
        )
        return {spelling.text: far[spelling] for spelling in nearest}

    def typos(self, word: str) -> Mapping[str, int]:
        """Return the archive's spellings that typos turn into a word, with their distance."""
        return typos_among(word, self._words)


def typos_among(word: str, words: SimilarWords) -> Mapping[str, int]:
    """Return the spellings that typos may have turned into a word, with their edit distance.

    One letter more, less, other or two swapped; two such typos from eight letters on. Stems are
    compared too, since the archive may know the word by another ending; but one that is no nearer
    than a spelling tells nothing. Only the nearest are returned, most frequent first.
    """
    root = stem(word)
    # To look for two typos takes five times as long as for one, which is what most words have.
    for distance in (1, 2):
        found = _near(word, words, distance) or _near_stems(root, words, distance)
        if found:
            return dict.fromkeys(_best(_alive(found, words)), distance)
    return {}


def _near(word: str, words: SimilarWords, distance: int) -> Sequence[Spelling]:
    """Return the spellings that are just so far away."""
    if distance > _distance_allowed(word):
        return ()
    spellings = _words_like(word, words.within(word, distance=distance))
    return [spelling for spelling in spellings if OSA.distance(word, spelling.text) == distance]


def _near_stems(root: str, words: SimilarWords, distance: int) -> Sequence[Spelling]:
    """Return the most frequent spelling of each stem that is just so far away."""
    if distance > _distance_allowed(root):
        return ()
    first: dict[str, Spelling] = {}
    for spelling in _words_like(root, words.stems_within(root, distance=distance)):
        if len(spelling.term) >= _SHORTEST_TYPO and OSA.distance(root, spelling.term) == distance:
            first.setdefault(spelling.term, spelling)
    return tuple(first.values())


def _alive(spellings: Iterable[Spelling], words: SimilarWords) -> Sequence[Spelling]:
    """Leave out the spellings that outlived their post."""
    return [spelling for spelling in spellings if words.count(spelling.term)]


def _sounds_about(spelling: Spelling, sounds: Sequence[str]) -> bool:
    return any(
        OSA.distance(sound, heard) <= 1
        for sound in sounds
        for heard in phonetic_keys(spelling.text)
    )


def _distance_allowed(word: str) -> int:
    if not _SHORTEST_TYPO <= len(word) <= LONGEST_WORD:
        return 0
    return 2 if len(word) >= _TWO_TYPOS else 1


def _words_like(word: str, spellings: Iterable[Spelling]) -> Sequence[Spelling]:
    """Leave out what is of another script, or no plain word."""
    return [
        spelling
        for spelling in spellings
        if is_word(spelling.text) and spelling.text.isascii() == word.isascii()
    ]


def _best(spellings: Iterable[Spelling]) -> list[str]:
    best = heapq.nsmallest(
        _MOST_ALIKE, spellings, key=lambda spelling: (-spelling.documents, spelling.text)
    )
    return [spelling.text for spelling in best]
