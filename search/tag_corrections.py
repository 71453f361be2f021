"""Corrects unknown tags to similar ones in the archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis import chunks, stem
from search.corrections import correct_words
from search.query import Word
from search.spellings import By, Spelling, most_frequent, sound_keys
from search.vocabulary import Vocabulary

_ARCHIVES_CACHED = 4


def similar_tags(tag: str, known: Mapping[str, int]) -> Sequence[str]:
    """Return known tags similar to a tag, most likely first, without itself.

    Tags are compared like words, with several words as one: `#озон` and `#oozn` match `#ozon`.
    `known` gives the number of posts by tag.
    """
    sought = _joined(tag)
    if not any(chunks(sought)):
        return ()
    spelt = {_joined(one): one for one in known}
    words = _words_of(tuple((text, known[one]) for text, one in spelt.items()))
    (corrected,) = correct_words([Word.of(sought)], Vocabulary(words))
    others = () if corrected.note is None else corrected.note.values[1:]
    return tuple(spelt[other] for other in others if other in spelt and spelt[other] != tag)


class MemoryWords:
    """Words with their spellings, in memory."""

    def __init__(self, terms: Mapping[str, int], spellings: Iterable[Spelling]) -> None:
        self._terms = terms
        self._known: Mapping[By, defaultdict[str, list[Spelling]]] = {
            by: defaultdict(list) for by in By
        }
        for spelling in spellings:
            self._known[By.TEXT][spelling.text].append(spelling)
            self._known[By.TERM][spelling.term].append(spelling)
            for key in sound_keys(spelling.text):
                self._known[By.SOUND][key].append(spelling)

    def documents(self) -> int:
        """Return the number of documents, approximated by the most frequent term's."""
        return max(self._terms.values(), default=0)

    def counts(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return the number of documents with each term, 0 if unknown."""
        return {term: self._terms.get(term, 0) for term in terms}

    def spellings(self, by: By, keys: Collection[str], *, distance: int = 0) -> Sequence[Spelling]:
        """Return the spellings within `distance` edits of any of these keys."""
        known, near = self._known[by], set(keys)
        if distance:
            near = {
                other
                for key in keys
                for other, _, _ in process.extract(
                    key, known.keys(), scorer=OSA.distance, score_cutoff=distance, limit=None
                )
            }
        found = {one for key in near for one in known.get(key, ())}
        return sorted(found, key=most_frequent)


@lru_cache(maxsize=_ARCHIVES_CACHED)
def _words_of(known: tuple[tuple[str, int], ...]) -> MemoryWords:
    """Return tags as words; five hundred take some milliseconds."""
    spellings = [Spelling(text=text, term=stem(text), documents=posts) for text, posts in known]
    return MemoryWords({spelling.term: spelling.documents for spelling in spellings}, spellings)


def _joined(tag: str) -> str:
    return tag.replace("_", "")
