"""What a search asks of an index's words, whatever becomes of the index meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from search.engines import FailuresOfEngines
from search.reader import IndexReader
from search.spellings import Spelling

_Answer = TypeVar("_Answer")
_Question = Callable[[IndexReader], Any]


class WordsAsked:
    """The words of an index as they were when a search began.

    A search asks of dozens of words: only when a reader fails, as one does whose generation was
    replaced meanwhile, is the index asked for another.
    """

    def __init__(self, reader: IndexReader, ask: Callable[[_Question], Any]) -> None:
        self._reader = reader
        self._ask_index = ask
        self._counts: dict[str, int] = {}

    def documents(self) -> int:
        """Return the number of documents."""
        return self._ask(lambda it: it.documents())

    def count(self, term: str) -> int:
        """Return the number of documents that hold a term, 0 for an unknown one."""
        # The same few are counted again and again: for what they mean, what they weigh, their kin.
        count = self._counts.get(term)
        if count is None:
            count = self._counts[term] = self._ask(lambda it: it.count(term))
        return count

    def spelling(self, text: str) -> Spelling | None:
        """Return a spelling, if there is such a one."""
        return self._ask(lambda it: it.spelling(text))

    def beginning(self, prefix: str, *, limit: int) -> Sequence[str]:
        """Return the terms of the spellings that begin so, frequent ones first."""
        return self._ask(lambda it: it.beginning(prefix, limit=limit))

    def with_sound(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Spelling]:
        """Return the spellings of a script with any of these phonetic keys."""
        return self._ask(lambda it: it.with_sound(sounds, latin=latin))

    def with_near_sound(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Spelling]:
        """Return the spellings of a script whose phonetic key is an edit away from any of these."""
        return self._ask(lambda it: it.with_near_sound(sounds, latin=latin))

    def with_skeleton(self, skeleton: str, *, latin: bool) -> Sequence[Spelling]:
        """Return the spellings of a script whose phonetic key has this consonant skeleton."""
        return self._ask(lambda it: it.with_skeleton(skeleton, latin=latin))

    def within(self, word: str, *, distance: int) -> Sequence[Spelling]:
        """Return the spellings within an edit distance of a word."""
        return self._ask(lambda it: it.within(word, distance=distance))

    def stems_within(self, term: str, *, distance: int) -> Sequence[Spelling]:
        """Return the spellings whose terms are within an edit distance of this one."""
        return self._ask(lambda it: it.stems_within(term, distance=distance))

    def _ask(self, question: Callable[[IndexReader], _Answer]) -> _Answer:
        try:
            with FailuresOfEngines():
                return question(self._reader)
        except Exception:  # noqa: BLE001  # as in the index: asked again, it opens or mends
            answer: _Answer = self._ask_index(question)
            return answer
