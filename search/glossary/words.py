"""The words of the glossary's expressions: known ones, and those a slip or two away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.spellings import Form
from search.vocabulary import slips_among


class GlossaryWords:
    """Compares a word with those of the glossary.

    It is made of two compiled parts, spellings and terms with the first spelling of each, in lines
    by their length: a slip adds or takes away one letter at most, and few lines are ever read.
    """

    def __init__(self, spellings: bytes, terms: bytes) -> None:
        self._spellings = _ByLength(spellings)
        self._terms = _ByLength(terms)

    def count(self, term: str) -> int:
        """Return 1 for a term that an expression has, 0 for another."""
        return int(term in self._terms[len(term)])

    def slips(self, word: str) -> Mapping[str, int]:
        """Return the spellings that slips of the fingers may have turned into a word."""
        return slips_among(word, self)

    def like(self, word: str, *, slips: int) -> Sequence[Form]:
        """Return the spellings that so many slips of the fingers turn into a word, or fewer."""
        found = self._spellings.like(word, slips=slips)
        return [Form(text=text, term=term, documents=1) for text, term in found]

    def with_terms_like(self, term: str, *, slips: int) -> Sequence[Form]:
        """Return a spelling of each term that so many slips turn into this one, or fewer."""
        found = self._terms.like(term, slips=slips)
        return [Form(text=text, term=other, documents=1) for other, text in found]


class _ByLength(dict[int, Mapping[str, str]]):
    """Words of each length, and what belongs to each; a length's line is read when asked for."""

    def __init__(self, compiled: bytes) -> None:
        super().__init__()
        lines = (line.partition(b"\t") for line in compiled.split(b"\n"))
        self._lines = {int(length): words for length, _, words in lines if words}

    def __missing__(self, length: int) -> Mapping[str, str]:
        words = self._lines.get(length, b"").decode().split()
        self[length] = found = dict(zip(words[::2], words[1::2], strict=True))
        return found

    def like(self, word: str, *, slips: int) -> Iterator[tuple[str, str]]:
        """Yield the words that so many slips turn into a word, or fewer, with what belongs."""
        for length in range(len(word) - slips, len(word) + slips + 1):
            words = self[length]
            near = process.extract(
                word, words.keys(), scorer=OSA.distance, score_cutoff=slips, limit=None
            )
            yield from ((other, words[other]) for other, _, _ in near)


def compiled_by_length(words: Iterable[tuple[str, str]]) -> str:
    """Return lines of a length, a tab, and the words of that length with what belongs to each."""
    lines: dict[int, list[str]] = {}
    for word, belongs in sorted(words):
        lines.setdefault(len(word), []).append(f"{word} {belongs}")
    return "\n".join(f"{length}\t{' '.join(lines[length])}" for length in sorted(lines))
