"""The vocabulary of the glossary: known words, and those a typo or two away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.mapped import Mapped, line_at
from search.spellings import By, Spelling
from search.vocabulary import typos_among


class GlossaryWords:
    """Compares words with those of the glossary.

    Reads two compiled parts, spellings, and terms with their first spelling, in lines by length: a
    typo changes the length by at most one, so few lines are ever read.
    """

    def __init__(self, compiled: Mapped, *, start: int) -> None:
        terms = compiled.find(b"\f", start)
        self._spellings = _ByLength(compiled, start, terms)
        self._terms = _ByLength(compiled, terms + 1, len(compiled))

    def __contains__(self, term: str) -> bool:
        return term in self._terms[len(term)]

    def counts(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return 1 for each term that occurs in an expression, else 0."""
        return {term: int(term in self) for term in terms}

    def typos(self, word: str) -> Mapping[str, int]:
        """Return the spellings that may have been mistyped as a word, with their distance."""
        return typos_among(word, self)

    def spellings(self, by: By, keys: Collection[str], *, distance: int = 0) -> Sequence[Spelling]:
        """Return spellings, or one per term, within an edit distance of any of these keys."""
        if by is By.TEXT:
            found = [pair for key in keys for pair in self._spellings.within(key, distance)]
        else:
            found = [
                (text, term) for key in keys for term, text in self._terms.within(key, distance)
            ]
        return [Spelling(text=text, term=term, documents=1) for text, term in found]


class _ByLength(dict[int, Mapping[str, str]]):
    """Words by length, with their values, in a part of a file; a line is read on first use."""

    def __init__(self, compiled: Mapped, start: int, end: int) -> None:
        super().__init__()
        self._compiled = compiled
        self._starts: dict[int, int] = {}
        while start < end:
            words = compiled.find(b"\t", start) + 1
            self._starts[int(compiled[start : words - 1])] = words
            start = compiled.find(b"\n", words) + 1

    def __missing__(self, length: int) -> Mapping[str, str]:
        start = self._starts.get(length)
        words = [] if start is None else line_at(self._compiled, start).decode().split()
        self[length] = found = dict(zip(words[::2], words[1::2], strict=True))
        return found

    def within(self, word: str, distance: int) -> Iterator[tuple[str, str]]:
        """Yield the words within an edit distance of a word, with their values."""
        for length in range(len(word) - distance, len(word) + distance + 1):
            words = self[length]
            near = process.extract(
                word, words.keys(), scorer=OSA.distance, score_cutoff=distance, limit=None
            )
            yield from ((other, words[other]) for other, _, _ in near)


def compiled_by_length(words: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield lines of a length, a tab, and the words of that length with their values."""
    lines: dict[int, list[str]] = {}
    for word, belongs in sorted(words):
        lines.setdefault(len(word), []).append(f"{word} {belongs}")
    for length in sorted(lines):
        yield f"{length}\t{' '.join(lines[length])}"
