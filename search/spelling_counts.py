"""Counts the documents with each spelling, in bounded memory."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TypeAlias

from search.analysis import stem
from search.spellings import Spelling
from search.tokens import decode_spellings, encoded_spellings, is_several

# About 10 MB; a specialised channel has 55,000 spellings.
_MOST_IN_MEMORY = 50_000

_Counted: TypeAlias = tuple[str, int, str]
"""A spelling, its number of documents, and its term unless that is its stem."""


class SpellingCounts:
    """Counts the documents with each spelling.

    With a folder, what would take much memory is moved there, to files without a name.
    """

    def __init__(self, folder: Path | None = None, *, most: int = _MOST_IN_MEMORY) -> None:
        self._folder = folder
        self._most = most
        self._counts: dict[str, int] = {}
        # Only for the few not indexed under their stem.
        self._terms: dict[str, str] = {}
        self._moved: list[IO[str]] = []

    @classmethod
    def of(cls, tokens: Iterable[str]) -> SpellingCounts:
        """Count the spellings of tokens (`search.tokens`), given once per document."""
        found = cls()
        found._counts = Counter(encoded_spellings(tokens))
        for spellings in [each for each in found._counts if is_several(each)]:
            documents = found._counts.pop(spellings)
            terms = decode_spellings(spellings)
            found._add((spelling, documents) for spelling in terms)
            found._terms.update((spelling, term) for spelling, term in terms.items() if term)
        return found

    def __getstate__(self) -> tuple[str, array[int], dict[str, str]]:
        # One string is transferred to another process five times as fast.
        return " ".join(self._counts), array("Q", self._counts.values()), self._terms

    def __setstate__(self, state: tuple[str, array[int], dict[str, str]]) -> None:
        self.__init__()  # type: ignore[misc]  # of the same class
        spellings, documents, self._terms = state
        self._counts = dict(zip(spellings.split(), documents, strict=True))

    def add_all(self, others: SpellingCounts) -> None:
        """Add counts that are all in memory.

        Raises:
            OSError: The disk is full.
        """
        self._terms.update(others._terms)
        self._add(others._counts.items())
        if self._folder is not None and len(self._counts) > self._most:
            self._move_to(self._folder)

    def _add(self, counts: Iterable[tuple[str, int]]) -> None:
        known = self._counts
        for spelling, documents in counts:
            known[spelling] = known.get(spelling, 0) + documents

    def _move_to(self, folder: Path) -> None:
        """Move all counts to a sorted file."""
        file = TemporaryFile(  # noqa: SIM115  # closed once it is read back
            "w+", dir=folder, encoding="utf-8", errors="surrogatepass", newline="\n"
        )
        self._moved.append(file)
        file.writelines(f"{text} {count} {term}\n" for text, count, term in sorted(self._kept()))
        self._counts, self._terms = {}, {}

    def spellings(self) -> Iterator[Spelling]:
        """Yield each spelling."""
        for text, counted in groupby(self._all(), key=itemgetter(0)):
            counts, terms = zip(*((count, term) for _, count, term in counted), strict=True)
            term = next(filter(None, terms), None) or stem(text)
            yield Spelling(text=text, term=term, documents=sum(counts))

    def _all(self) -> Iterable[_Counted]:
        """Return everything counted; what is counted of a spelling is in a row."""
        if not self._moved:
            return self._kept()
        return merge(sorted(self._kept()), *map(_read_back, self._moved))

    def _kept(self) -> Iterator[_Counted]:
        """Yield what is in memory."""
        return ((text, count, self._terms.get(text, "")) for text, count in self._counts.items())


def _read_back(file: IO[str]) -> Iterator[_Counted]:
    with file:
        file.seek(0)
        for line in file:
            text, count, term = line[:-1].split(" ")
            yield text, int(count), term
