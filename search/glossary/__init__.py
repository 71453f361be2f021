"""The glossary: expressions with the same or a similar meaning, in English and Russian.

Its sources are the text files in this folder, one per subject; `python -m search.glossary.compiler`
compiles them into `compiled.tsv`, which is read at run time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from search.analysis import fold
from search.glossary.source import LONGEST_EXPRESSION, key_of
from search.glossary.words import GlossaryWords
from search.mapped import Mapped, line_at, map_file

COMPILED = Path(__file__).with_name("compiled.tsv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Synonyms:
    """The words from `first` to `last` (exclusive), and alternative expressions."""

    first: int
    last: int
    others: tuple[str, ...]


class Glossary:
    """Finds expressions in a row of words by their terms.

    Expressions spelled like the words take precedence over those that only share stems: `response`
    is not `responsibility`, although the stem is the same.

    Reads what `search.glossary.compiler` compiled. Its lines stay bytes: keys are found by a binary
    search, groups by their places, and nothing else is loaded before it is needed.
    """

    def __init__(self, compiled: Mapped) -> None:
        self._compiled = compiled
        keys = compiled.find(b"\f") + 1
        words = compiled.find(b"\f", keys)
        self._keys = compiled[keys : words - 1].split(b"\n")
        self.words = GlossaryWords(compiled, start=words + 1)

    def synonyms(self, words: Sequence[str]) -> Iterator[Synonyms]:
        """Yield the expressions found in a row of words, longer ones first, without duplicates."""
        first = 0
        while first < len(words):
            found = self._longest_at(words, first)
            if found is not None:
                yield found
            first = first + 1 if found is None else found.last

    def _longest_at(self, words: Sequence[str], first: int) -> Synonyms | None:
        for last in range(min(first + LONGEST_EXPRESSION, len(words)), first, -1):
            row = words[first:last]
            others = self._others(key_of(row), fold(" ".join(row)))
            if others:
                return Synonyms(first=first, last=last, others=tuple(dict.fromkeys(others)))
        return None

    def _others(self, key: str, spelling: str) -> Sequence[str]:
        """Return the other expressions in the groups of this one."""
        groups = [self._group(entry) for entry in self._entries(key)]
        spelled = [others for own, others in groups if spelling in map(fold, own)]
        return [other for others in spelled or [others for _, others in groups] for other in others]

    def _entries(self, key: str) -> Sequence[str]:
        start = f"{key}\t".encode()
        number = bisect_left(self._keys, start)
        if not key or number == len(self._keys) or not self._keys[number].startswith(start):
            return ()
        return self._keys[number][len(start) :].decode().split(" ")

    def _group(self, entry: str) -> tuple[Sequence[str], Sequence[str]]:
        """Return the members listed in an entry, and the alternatives for them."""
        start, _, places = entry.partition(":")
        left, _, right = line_at(self._compiled, int(start)).decode().partition("|")
        members = left.split(";")
        own = [members[int(place)] for place in places.split(",")]
        return own, right.split(";") if right else [one for one in members if one not in own]


@cache
def own_glossary() -> Glossary:
    """Return the bundled glossary."""
    return Glossary(map_file(COMPILED))
