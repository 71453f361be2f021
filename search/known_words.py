"""A local copy of the words that an index over a network knows: spellings, and counts of terms.

Whoever indexes publishes what each commit adds, as entries; whoever searches adds those that are
new to a folder of its own. So a search looks up a hundred words without a request.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Protocol
from zlib import compress, decompress

from filelock import FileLock

from model.errors import IndexUnavailable
from model.messages import Code
from model.whole_files import making
from search.engines import EngineDamaged
from search.engines.failures import EngineFailures
from search.spellings import Spelling, SpellingIndex, SpellingSnapshot
from search.term_counts import TermCounts, TermCountsSnapshot

_APPLIED = "APPLIED"
_LOCK = "words.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a commit adds to the known words; `data` is made by `pack_terms` or `pack_spellings`.

    Keys begin with the entry's number, so that later ones sort later; `before` is the key of the
    entry before it, empty for the first one.
    """

    key: str
    before: str
    spellings: bool
    seed: int
    data: bytes


class Entries(Protocol):
    """Where entries are published."""

    def get(self, key: str) -> Entry:
        """Return an entry."""


def pack_terms(changes: Iterable[tuple[str, int]]) -> bytes:
    """Return changes of counts as data of an entry."""
    return _packed(f"{term} {change}" for term, change in sorted(changes))


def pack_spellings(spellings: Iterable[Spelling]) -> bytes:
    """Return spellings, each once, as data of an entry."""
    return _packed(f"{each.text} {each.documents} {each.term}" for each in spellings)


class KnownWords:
    """The folder of the words; any number of processes may use it."""

    def __init__(self, folder: Path, entries: Entries) -> None:
        self._folder = folder
        self._entries = entries
        self._applied: str | None = None
        self._spellings: SpellingIndex
        self._terms: TermCounts

    def follow(self, last: str) -> None:
        """Add all entries up to one, empty for none; a damaged copy is made anew.

        Raises:
            IndexUnavailable: The folder cannot be written.
        """
        if self._applied == last:
            return
        try:
            self._follow(last)
        except _CopyDamaged:
            self._forget()
            try:
                self._follow(last)
            except _CopyDamaged as exc:
                cause = exc.__cause__ or exc
                raise IndexUnavailable(Code.INDEX_OUT_OF_REACH, cause=cause) from exc

    def _follow(self, last: str) -> None:
        with _own_files():
            self._folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self._folder / _LOCK):
            applied = self._read_applied()
            if self._applied is None or applied is None:
                with _own_files():
                    applied = self._open(applied)
            # Another process may already know of a later one.
            if applied < last:
                entries = self._since(applied, last)
                with _own_files():
                    self._add(entries, fresh=not applied)
                    self._write_applied(last)
            self._applied = last

    def counts(self) -> TermCountsSnapshot:
        """Return the counts of terms."""
        return self._terms.snapshot()

    def spellings(self) -> SpellingSnapshot:
        """Return the spellings."""
        return self._spellings.snapshot()

    def _forget(self) -> None:
        """Have the copy made anew."""
        self._applied = None
        (self._folder / _APPLIED).unlink(missing_ok=True)

    def _open(self, applied: str | None) -> str:
        """Open what is there, or begin anew; return the last entry in it."""
        if applied is None:
            for name in ("forms", "terms"):
                shutil.rmtree(self._folder / name, ignore_errors=True)
        self._spellings = SpellingIndex(self._folder, create=applied is None)
        self._terms = TermCounts(self._folder, create=applied is None)
        return applied or ""

    def _since(self, applied: str, last: str) -> Sequence[Entry]:
        """Return the entries after one, oldest first."""
        found: list[Entry] = []
        key = last
        while key > applied:
            found.append(self._entries.get(key))
            key = found[-1].before
        return found[::-1]

    def _add(self, entries: Sequence[Entry], *, fresh: bool) -> None:
        # What a killed process began to add would be added twice: without the file all is anew.
        (self._folder / _APPLIED).unlink(missing_ok=True)
        told = [entry for entry in entries if entry.spellings]
        if fresh:
            self._spellings.add(_summed_spellings(told), seed=0)
        else:
            for entry in told:
                self._spellings.add(_summed_spellings([entry]), seed=entry.seed)
        counted = merge(*(_terms_of(entry) for entry in entries if not entry.spellings))
        summed = (
            (term, sum(change for _, change in changes))
            for term, changes in groupby(counted, key=itemgetter(0))
        )
        self._terms.add((term, change) for term, change in summed if change)

    def _read_applied(self) -> str | None:
        try:
            return (self._folder / _APPLIED).read_text("utf-8")
        except FileNotFoundError:
            return None

    def _write_applied(self, last: str) -> None:
        with making(self._folder) as part:
            part.file.write(last.encode())
            part.put(self._folder / _APPLIED, replaces=True)


class _CopyDamaged(Exception):
    """The files of a copy cannot be read or written, which says nothing of the index itself."""


@contextmanager
def _own_files() -> Iterator[None]:
    try:
        with EngineFailures():
            yield
    except EngineDamaged as exc:
        raise _CopyDamaged from exc


def _summed_spellings(entries: Iterable[Entry]) -> Iterator[Spelling]:
    lines = merge(*(sorted(_lines_of(entry)) for entry in entries))
    parts = (line.split(" ") for line in lines)
    for text, same in groupby(parts, key=itemgetter(0)):
        counted = list(same)
        documents = sum(int(part[1]) for part in counted)
        yield Spelling(text=text, term=counted[0][2], documents=documents)


def _terms_of(entry: Entry) -> Iterator[tuple[str, int]]:
    for line in _lines_of(entry):
        term, _, change = line.partition(" ")
        yield term, int(change)


def _lines_of(entry: Entry) -> Sequence[str]:
    return decompress(entry.data).decode("utf-8", "surrogatepass").split("\n")[:-1]


def _packed(lines: Iterable[str]) -> bytes:
    return compress("".join([f"{line}\n" for line in lines]).encode("utf-8", "surrogatepass"))
