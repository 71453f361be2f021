"""Corrects unknown tags to similar ones in the archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis import chunks, stem
from search.corrections import correct_words
from search.phonetics import phonetic_keys, skeleton_of
from search.query import Word
from search.spellings import Spelling, is_word
from search.vocabulary import Vocabulary


def similar_tags(tag: str, known: Mapping[str, int]) -> Sequence[str]:
    """Return known tags similar to a tag, most likely first, without itself.

    Tags are compared like words, with several words as one: `#озон` and `#oozn` match `#ozon`.
    `known` gives the number of posts by tag.
    """
    sought = _joined(tag)
    if not any(chunks(sought)):
        return ()
    spelt = {_joined(one): one for one in known}
    spellings = [
        Spelling(text=text, term=stem(text), documents=known[one]) for text, one in spelt.items()
    ]
    words = MemoryVocabulary(
        {spelling.term: spelling.documents for spelling in spellings}, spellings
    )
    (corrected,) = correct_words([Word(text=sought)], Vocabulary(words))
    others = () if corrected.note is None else corrected.note.values[1:]
    return tuple(spelt[other] for other in others if other in spelt and spelt[other] != tag)


class MemoryVocabulary:
    """Words with their spellings, the most frequent first."""

    def __init__(self, terms: Mapping[str, int], spellings: Iterable[Spelling]) -> None:
        self._terms = terms
        self._spellings = sorted(
            spellings, key=lambda spelling: (-spelling.documents, spelling.text)
        )
        self._plain = [spelling for spelling in self._spellings if is_word(spelling.text)]
        self._texts = _by_length(spelling.text for spelling in self._plain)
        self._stems = _by_length(spelling.term for spelling in self._plain)

    def documents(self) -> int:
        """Return the number of documents: that of the most frequent term comes near."""
        return max(self._terms.values(), default=0)

    def count(self, term: str) -> int:
        """Return the number of documents that hold a term, 0 for an unknown one."""
        return self._terms.get(term, 0)

    def spelling(self, text: str) -> Spelling | None:
        """Return a spelling, if there is such a one."""
        return next((spelling for spelling in self._spellings if spelling.text == text), None)

    def beginning(self, prefix: str, *, limit: int) -> Sequence[str]:
        """Return the terms of the spellings that begin so, frequent ones first."""
        terms = (spelling.term for spelling in self._spellings if spelling.text.startswith(prefix))
        return tuple(dict.fromkeys(terms))[:limit]

    def with_sound(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Spelling]:
        """Return the spellings of a script with any of these phonetic keys."""
        found = [spelling for sound in sounds for spelling in self._heard.get((sound, latin), ())]
        return tuple(dict.fromkeys(found))

    def with_near_sound(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Spelling]:
        """Return the spellings of a script whose phonetic key is an edit away from any of these."""
        choices = [sound for sound, is_latin in self._heard if is_latin is latin]
        about = (
            heard
            for sound in sounds
            for heard, _, _ in process.extract(
                sound, choices, scorer=OSA.distance, score_cutoff=1, limit=None
            )
        )
        return self.with_sound(about, latin=latin)

    def with_skeleton(self, skeleton: str, *, latin: bool) -> Sequence[Spelling]:
        """Return the spellings of a script whose phonetic key has this consonant skeleton."""
        return self._skeletons.get((skeleton, latin), ())

    def within(self, word: str, *, distance: int) -> Sequence[Spelling]:
        """Return the spellings within an edit distance of a word."""
        return self._near(word, self._texts, distance)

    def stems_within(self, term: str, *, distance: int) -> Sequence[Spelling]:
        """Return the spellings whose terms are within an edit distance of this one."""
        return self._near(term, self._stems, distance)

    @cached_property
    def _heard(self) -> Mapping[tuple[str, bool], Sequence[Spelling]]:
        heard: defaultdict[tuple[str, bool], list[Spelling]] = defaultdict(list)
        for spelling in self._plain:
            for sound in set(phonetic_keys(spelling.text)):
                heard[sound, spelling.text.isascii()].append(spelling)
        return heard

    @cached_property
    def _skeletons(self) -> Mapping[tuple[str, bool], Sequence[Spelling]]:
        skeletons: defaultdict[tuple[str, bool], list[Spelling]] = defaultdict(list)
        for spelling in self._plain:
            for skeleton in set(map(skeleton_of, phonetic_keys(spelling.text))):
                skeletons[skeleton, spelling.text.isascii()].append(spelling)
        return skeletons

    def _near(self, word: str, choices: _ByLength, distance: int) -> Sequence[Spelling]:
        found = [
            number
            for length in range(len(word) - distance, len(word) + distance + 1)
            for _, _, number in process.extract(
                word,
                choices.get(length, {}),
                scorer=OSA.distance,
                score_cutoff=distance,
                limit=None,
            )
        ]
        return [self._plain[number] for number in sorted(found)]


_ByLength = Mapping[int, Mapping[int, str]]
"""Words by their number, apart by length: a typo adds or takes away one letter at most."""


def _by_length(words: Iterable[str]) -> _ByLength:
    found: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for number, word in enumerate(words):
        found[len(word)][number] = word
    return found


def _joined(tag: str) -> str:
    return tag.replace("_", "")
