"""What a search asks of an index's words, whatever becomes of the index meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from search.engines import FailuresOfEngines
from search.reader import IndexReader
from search.spellings import Form

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

    def form(self, text: str) -> Form | None:
        """Return a spelling, if there is such a one."""
        return self._ask(lambda it: it.form(text))

    def beginning(self, prefix: str, *, limit: int) -> Sequence[str]:
        """Return the terms of the spellings that begin so, frequent ones first."""
        return self._ask(lambda it: it.beginning(prefix, limit=limit))

    def sounding(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Form]:
        """Return the spellings of a script that have any of these sounds."""
        return self._ask(lambda it: it.sounding(sounds, latin=latin))

    def sounding_about(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Form]:
        """Return the spellings of a script that a letter more, less or other makes sound so."""
        return self._ask(lambda it: it.sounding_about(sounds, latin=latin))

    def with_skeleton(self, skeleton: str, *, latin: bool) -> Sequence[Form]:
        """Return the spellings of a script whose sounds have these consonants."""
        return self._ask(lambda it: it.with_skeleton(skeleton, latin=latin))

    def like(self, word: str, *, slips: int) -> Sequence[Form]:
        """Return the spellings that so many slips of the fingers turn into a word, or fewer."""
        return self._ask(lambda it: it.like(word, slips=slips))

    def with_terms_like(self, term: str, *, slips: int) -> Sequence[Form]:
        """Return the spellings whose terms so many slips turn into this one, or fewer."""
        return self._ask(lambda it: it.with_terms_like(term, slips=slips))

    def _ask(self, question: Callable[[IndexReader], _Answer]) -> _Answer:
        try:
            with FailuresOfEngines():
                return question(self._reader)
        except Exception:  # noqa: BLE001  # as in the index: asked again, it opens or mends
            answer: _Answer = self._ask_index(question)
            return answer
