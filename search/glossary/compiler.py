"""Compile the glossary's text files into the one that a search reads.

    python -m search.glossary.compiler

Run it whenever a text file, or the analysis of words, has changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from search.glossary import COMPILED
from search.glossary.source import Group, key_of, read_groups
from search.glossary.words import compiled_by_length
from search.spellings import Spelling, SpellingCounts, is_word
from search.tokens import analyse


def own_groups(folder: Path = COMPILED.parent) -> Iterator[Group]:
    """Yield the groups of the glossary that comes with Letopis, by the names of their files."""
    for path in sorted(folder.glob("*.txt")):
        yield from read_groups(path.read_text("utf-8").splitlines())


def compiled(groups: Iterable[Group]) -> bytes:
    """Return what `Glossary` reads: four parts, with a spelling feed between.

    A line for each group: its members between semicolons and, behind a bar, what they find. A line
    for each key of an expression: the key, a tab, and the numbers of the groups that have it, each
    with the numbers of the members; these are sorted by their bytes. Then, by their length, the
    plain words with their terms, and the terms with their first spellings.
    """
    found = list(groups)
    lines = ["|".join((";".join(group.members), ";".join(group.found))) for group in found]
    spellings = sorted(_spellings(found), key=lambda spelling: spelling.text)
    parts = (
        "\n".join(lines),
        "\n".join(sorted(_keys(found))),
        compiled_by_length(
            (spelling.text, spelling.term) for spelling in spellings if is_word(spelling.text)
        ),
        compiled_by_length(
            {spelling.term: spelling.text for spelling in reversed(spellings)}.items()
        ),
    )
    return "\f".join(parts).encode()


def _keys(groups: Iterable[Group]) -> Iterator[str]:
    numbers: defaultdict[str, list[str]] = defaultdict(list)
    for number, group in enumerate(groups):
        own: defaultdict[str, list[str]] = defaultdict(list)
        for place, member in enumerate(group.members):
            own[key_of(member.split())].append(str(place))
        for key, places in own.items():
            numbers[key].append(f"{number}:{','.join(places)}")
    for key, entries in numbers.items():
        yield f"{key}\t{' '.join(entries)}"


def _spellings(groups: Iterable[Group]) -> Iterator[Spelling]:
    tokens = chain.from_iterable(
        analyse(term).tokens for term in chain.from_iterable(map(_terms, groups))
    )
    return SpellingCounts.of(dict.fromkeys(tokens, 1)).spellings()


def _terms(group: Group) -> Iterator[str]:
    """Yield the expressions whose words are taken for well typed.

    What stands before an arrow in several words is as people talk; its words are any words.
    """
    yield from group.found
    yield from (one for one in group.members if not (group.found and " " in one))


if __name__ == "__main__":
    COMPILED.write_bytes(compiled(own_groups()))
