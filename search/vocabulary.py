"""The archive's vocabulary: known words, words that sound alike, words a typo or two away."""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Protocol

from rapidfuzz.distance import OSA, Indel

from search.analysis import stem
from search.phonetics import phonetic_key, phonetic_keys, skeleton_of
from search.spellings import (
    LONGEST_WORD,
    By,
    Spelling,
    is_word,
    most_frequent,
    skeleton_key,
    sound_key,
)

_SHORTEST_TYPO = 4
_TWO_TYPOS = 8
_SHORTEST_SKELETON = 3
_SHORTEST_MISTYPED = 5
_MOST_ALIKE = 5
_ENGLISH_ENDINGS = frozenset(("", "s", "es", "ed", "ing"))


class Words(Protocol):
    """A source of words: an index (`search.reader`), a few in memory, or the glossary.

    A call may be a network round trip, so many words are looked up in one.
    """

    def counts(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return the number of documents with each term, 0 if unknown."""

    def spellings(self, by: By, keys: Collection[str], *, distance: int = 0) -> Sequence[Spelling]:
        """Return the spellings within `distance` edits of any of these keys.

        Most frequent first, up to a limit.
        """


class IndexedWords(Words, Protocol):
    """Words with document counts."""

    def documents(self) -> int:
        """Return the number of documents."""


class Vocabulary:
    """Compares typed words with known words; caches results for one search."""

    def __init__(self, words: IndexedWords) -> None:
        self._words = words
        self._counts: dict[str, int] = {}

    def count(self, term: str) -> int:
        """Return the number of documents with a term, 0 if unknown."""
        return self.counts((term,))[term]

    def counts(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return the number of documents with each term, cached."""
        unknown = {term for term in terms if term not in self._counts}
        if unknown:
            self._counts.update(self._words.counts(unknown))
        return self._counts

    @cached_property
    def documents(self) -> int:
        """Return the number of documents."""
        return self._words.documents()

    def idf(self, count: int) -> float:
        """Return the BM25 idf of a term with this many documents."""
        documents = max(self.documents, count)
        return math.log(1 + (documents - count + 0.5) / (count + 0.5))

    def spellings(self, by: By, keys: Collection[str], *, distance: int = 0) -> Sequence[Spelling]:
        """Return the spellings within `distance` edits of any of these keys."""
        return self._words.spellings(by, keys, distance=distance) if keys else ()

    def frequencies(self, texts: Collection[str]) -> Mapping[str, int]:
        """Return the approximate number of documents with each spelling, if any."""
        found = self.spellings(By.TEXT, texts)
        return {spelling.text: spelling.documents for spelling in found}

    def same_sound(self, word: str, *, latin: bool) -> Sequence[str]:
        """Return the spellings in a script that sound the same, most frequent first."""
        keys = [sound_key(sound, latin=latin) for sound in phonetic_keys(word)]
        return _best(_alive(self.spellings(By.SOUND, keys), self))

    def near_sound_with_typo(self, word: str, *, latin: bool) -> Sequence[str]:
        """Return the spellings in a script that sound like a word except for one letter."""
        sounds = [sound for sound in set(phonetic_keys(word)) if len(sound) >= _SHORTEST_MISTYPED]
        keys = [sound_key(sound, latin=latin) for sound in sounds]
        found = self.spellings(By.SOUND, keys, distance=1)
        return _best(_alive((one for one in found if _sounds_about(one, sounds)), self))

    def near_sound(self, word: str, *, latin: bool) -> Mapping[str, int]:
        """Return the spellings in a script that differ by a few vowels, closest first."""
        heard = phonetic_key(word)
        skeleton = skeleton_of(heard)
        if len(skeleton) < _SHORTEST_SKELETON:
            return {}
        found = self.spellings(By.SOUND, [skeleton_key(skeleton, latin=latin)])
        far = {one: OSA.distance(heard, phonetic_key(one.text)) for one in _alive(found, self)}
        near = [one for one, distance in far.items() if distance <= max(len(heard) // 3, 1)]
        nearest = heapq.nsmallest(
            _MOST_ALIKE, near, key=lambda one: (far[one], *most_frequent(one))
        )
        return {one.text: far[one] for one in nearest}

    def typos(self, word: str) -> Mapping[str, int]:
        """Return the archive's spellings of which a word may be a typo, with their distance."""
        return typos_among(word, self)


def typos_among(word: str, words: Words) -> Mapping[str, int]:
    """Return the spellings that may have been mistyped as a word, with their edit distance.

    A typo is a letter more, less or different, or two swapped; two typos count from eight letters
    on. Whole spellings are compared first, then stems, since the archive may have the word with
    another ending. Only the closest are returned, most frequent first; of two typos, those that
    keep more of the letters.
    """
    # Searching for two typos takes five times as long as for one, the common case.
    for near in (_near, _near_stems):
        for distance in (1, 2):
            found = _alive(near(word, words, distance), words)
            if found:
                return dict.fromkeys(_most_likely(word, found, distance), distance)
    return {}


def _most_likely(word: str, spellings: Sequence[Spelling], distance: int) -> Sequence[str]:
    """Order spellings at a distance: two letters left out are likelier than two replaced."""

    def unlikelihood(spelling: Spelling) -> tuple[int, int, str]:
        changed = Indel.distance(word, spelling.text) if distance > 1 else 0
        return changed, *most_frequent(spelling)

    best = heapq.nsmallest(_MOST_ALIKE, spellings, key=unlikelihood)
    return [spelling.text for spelling in best]


def _near(word: str, words: Words, distance: int) -> Sequence[Spelling]:
    """Return the spellings at exactly this distance."""
    if distance > _distance_allowed(word):
        return ()
    spellings = _words_like(word, words.spellings(By.TEXT, [word], distance=distance))
    return [spelling for spelling in spellings if OSA.distance(word, spelling.text) == distance]


def _near_stems(word: str, words: Words, distance: int) -> Sequence[Spelling]:
    """Return the most frequent spelling of each stem at exactly this distance."""
    root = stem(word)
    if distance > _distance_allowed(root) or not _is_inflected(word, root):
        return ()
    first: dict[str, Spelling] = {}
    for spelling in _words_like(root, words.spellings(By.TERM, [root], distance=distance)):
        term = spelling.term
        if (
            len(term) >= _SHORTEST_TYPO
            and OSA.distance(root, term) == distance
            and _is_inflected(spelling.text, term)
        ):
            first.setdefault(term, spelling)
    return tuple(first.values())


def _is_inflected(form: str, root: str) -> bool:
    """Return whether a form is its stem and an ending of inflection.

    English stems lose endings that belong to the word: `curve` is no form of `curv`, which would
    be one letter from `curl`.
    """
    return not form.isascii() or form.removeprefix(root) in _ENGLISH_ENDINGS


def _alive(spellings: Iterable[Spelling], words: Words) -> Sequence[Spelling]:
    """Leave out spellings that no post has any more."""
    found = list(spellings)
    counts = words.counts([spelling.term for spelling in found])
    return [spelling for spelling in found if counts[spelling.term]]


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
    """Leave out words of another script, and anything but plain words."""
    return [
        spelling
        for spelling in spellings
        if is_word(spelling.text) and spelling.text.isascii() == word.isascii()
    ]


def _best(spellings: Iterable[Spelling]) -> list[str]:
    best = heapq.nsmallest(_MOST_ALIKE, spellings, key=most_frequent)
    return [spelling.text for spelling in best]
