"""Expressions that mean the same in English and Russian, read from an editable file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import chain

from search.analysis import fold
from search.families import root_of
from search.forms import Form, FormCounts
from search.known_words import KnownWords
from search.stopwords import STOP_WORDS
from search.tokens import analyse
from search.vocabulary import Vocabulary

# Words that no expression is known by; but `без учителя` is not `с учителем`.
_PASSED_OVER = STOP_WORDS - {"без", "не", "no", "not"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Synonyms:
    """A stretch of words from `first` up to `last`, and the other expressions for it."""

    first: int
    last: int
    others: tuple[str, ...]


class Glossary:
    """Finds expressions in a row of words, by their terms.

    An expression that is spelled as the words are goes before those that only share its terms:
    `response` is no `responsibility`, though both have one stem.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._groups: list[Sequence[str]] = []
        by_key: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        by_spelling: defaultdict[str, list[int]] = defaultdict(list)
        for line in lines:
            members = [member.strip() for member in line.split("#")[0].split(";")]
            group = [member for member in members if member]
            for member in group:
                by_key[_row_key(member)].append(len(self._groups))
                by_spelling[fold(member)].append(len(self._groups))
            self._groups.append(group)
        self._by_key: Mapping[tuple[str, ...], Sequence[int]] = by_key
        self._by_spelling: Mapping[str, Sequence[int]] = by_spelling
        self._longest = max(map(len, by_key), default=0)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Return the words of all the expressions."""
        tokens = chain.from_iterable(
            analyse(member).tokens for member in chain.from_iterable(self._groups)
        )
        forms = [
            Form(text=form.text, term=form.term, documents=1)
            for form in FormCounts.of(dict.fromkeys(tokens, 1)).forms()
        ]
        return Vocabulary(KnownWords(dict.fromkeys((form.term for form in forms), 1), forms))

    def synonyms(self, words: Sequence[str]) -> Iterator[Synonyms]:
        """Yield the expressions found in a row of words, longer ones before shorter, none twice."""
        keys = [_key(word) for word in words]
        first = 0
        while first < len(words):
            found = self._longest_at(words, keys, first)
            if found is not None:
                yield found
            first = first + 1 if found is None else found.last

    def _longest_at(
        self, words: Sequence[str], keys: Sequence[tuple[str, ...]], first: int
    ) -> Synonyms | None:
        for length in range(min(self._longest, len(keys) - first), 0, -1):
            key = tuple(term for word in keys[first : first + length] for term in word)
            groups = self._by_key.get(key) if key else None
            if groups:
                spelling = fold(" ".join(words[first : first + length]))
                others = [
                    member
                    for group in self._by_spelling.get(spelling, groups)
                    for member in self._groups[group]
                    if _row_key(member) != key
                ]
                return Synonyms(
                    first=first, last=first + length, others=tuple(dict.fromkeys(others))
                )
        return None


def _row_key(expression: str) -> tuple[str, ...]:
    return tuple(part for word in expression.split() for part in _key(word))


@cache
def own_glossary() -> Glossary:
    """Return the glossary that comes with Letopis."""
    text = files("search").joinpath("glossary.txt").read_text("utf-8")
    return Glossary(text.splitlines())


@lru_cache(maxsize=4096)
def _key(expression: str) -> tuple[str, ...]:
    """Return the roots of an expression's words, those of a compound apart: a hyphen is a space."""
    if expression.casefold() in _PASSED_OVER:
        return ()
    return tuple(map(root_of, analyse(expression).terms.split()))
