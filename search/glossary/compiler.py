"""Compiles the glossary's text files into the file that searches read.

    python -m search.glossary.compiler

Run it whenever a text file or the analysis of words has changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain
from pathlib import Path

from search.glossary import COMPILED
from search.glossary.source import Group, key_of, read_groups
from search.glossary.words import compiled_by_length
from search.spelling_counts import SpellingCounts
from search.spellings import Spelling, is_word
from search.tokens import analyse


def own_groups(folder: Path = COMPILED.parent) -> Iterator[Group]:
    """Yield the groups of the bundled glossary, by file name."""
    for path in sorted(folder.glob("*.txt")):
        yield from read_groups(path.read_text("utf-8").splitlines())


def compiled(groups: Iterable[Group]) -> bytes:
    """Return the format that `Glossary` reads: four parts separated by form feeds.

    First one line per group: its members separated by semicolons and, after a bar, what they find.
    Then one line per key of an expression: the key, a tab, and the places of its groups, each with
    the numbers of the members, sorted as bytes. Then, by length, the plain words with their terms,
    and the terms with their first spellings.
    """
    found = list(groups)
    lines = ["|".join((";".join(group.members), ";".join(group.found))) for group in found]
    places = accumulate((len(line.encode()) + 1 for line in lines), initial=0)
    spellings = sorted(_spellings(found), key=lambda spelling: spelling.text)
    parts = (
        lines,
        sorted(_keys(zip(places, found, strict=False))),
        compiled_by_length(
            (spelling.text, spelling.term) for spelling in spellings if is_word(spelling.text)
        ),
        compiled_by_length(
            {spelling.term: spelling.text for spelling in reversed(spellings)}.items()
        ),
    )
    return "\f".join("".join(f"{line}\n" for line in part) for part in parts).encode()


def _keys(groups: Iterable[tuple[int, Group]]) -> Iterator[str]:
    entries: defaultdict[str, list[str]] = defaultdict(list)
    for place, group in groups:
        own: defaultdict[str, list[str]] = defaultdict(list)
        for number, member in enumerate(group.members):
            own[key_of(member.split())].append(str(number))
        for key, numbers in own.items():
            entries[key].append(f"{place}:{','.join(numbers)}")
    for key, each in entries.items():
        yield f"{key}\t{' '.join(each)}"


def _spellings(groups: Iterable[Group]) -> Iterator[Spelling]:
    tokens = chain.from_iterable(
        analyse(term).tokens for term in chain.from_iterable(map(_terms, groups))
    )
    return SpellingCounts.of(dict.fromkeys(tokens, 1)).spellings()


def _terms(group: Group) -> Iterator[str]:
    """Yield the expressions whose words count as correctly spelled.

    Phrases before an arrow are colloquial and may contain any words.
    """
    yield from group.found
    yield from (one for one in group.members if not (group.found and " " in one))


if __name__ == "__main__":
    COMPILED.write_bytes(compiled(own_groups()))
