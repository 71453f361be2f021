"""The spellings of the archive's words, in a separate index beside the posts.

Half a million are too many to load at every start and after every commit; here they are read on
demand, and a typo of two letters is found in less than a millisecond.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, chain, islice
from pathlib import Path
from zlib import crc32

from tantivy import Document, Occur, Query, Schema, SchemaBuilder, Searcher

from search.analysis import stem
from search.engines.tantivy_folder import TantivyFolder, any_of
from search.phonetics import phonetic_keys, skeleton_of

# Part of the index's version: spellings of another version are rewritten.
SPELLINGS_VERSION = 5

SHORTEST_WORD = 3
LONGEST_WORD = 32

_FOLDER = "forms"
_WRITER_BYTES = 20_000_000
_CHUNK = 2000
# If there are more, only this many of the most frequent are considered.
_MOST_READ = 256
# A count is rewritten when it has grown by one in this many.
_GROWTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """A folded spelling, its term, and its approximate number of documents."""

    text: str
    term: str
    documents: int


class By(StrEnum):
    """Kinds of keys to look up spellings by, named after their fields.

    `SOUND` keys are made by `sound_key` and `skeleton_key`.
    """

    TEXT = "form"
    TERM = "term"
    SOUND = "heard"


class SpellingSnapshot:
    """The spellings as of one commit, found by text, term, sound or prefix.

    Spellings stay after the last post with them has changed, so callers must check their terms.
    """

    def __init__(self, searcher: Searcher, schema: Schema) -> None:
        self._searcher = searcher
        self._schema = schema

    def find(self, by: By, keys: Iterable[str], *, distance: int = 0) -> Sequence[Spelling]:
        """Return the spellings within `distance` edits of any of these keys.

        At most 256, most frequent first; an edit is a letter more, less or different, or two
        swapped.
        """
        if not distance:
            return self._find(any_of(self._schema, by, keys))
        near = [Query.fuzzy_term_query(self._schema, by, key, distance=distance) for key in keys]
        return self._find(Query.boolean_query([(Occur.Should, query) for query in near]))

    def with_prefix(self, prefix: str, *, limit: int) -> Sequence[Spelling]:
        """Return the spellings with a prefix that their terms lack, having lost an ending."""
        # Usually the term is a shorter prefix; exceptions are marked. Scanning all spellings with a
        # prefix of three letters takes five milliseconds.
        shorter = any_of(self._schema, By.TERM, [prefix[:end] for end in range(1, len(prefix))])
        odd = Query.term_query(self._schema, By.SOUND, _odd_key(prefix), index_option="basic")
        found = self._find(
            Query.boolean_query([(Occur.Should, shorter), (Occur.Should, odd)]),
            limit=max(limit, _MOST_READ),
        )
        return [spelling for spelling in found if spelling.text.startswith(prefix)][:limit]

    def read_through(self) -> None:
        """Read all spellings."""
        for by in (By.TEXT, By.TERM):
            every = Query.fuzzy_term_query(self._schema, by, "", distance=0, prefix=True)
            self._find(every, limit=1)

    def _find(self, query: Query, *, limit: int = _MOST_READ) -> Sequence[Spelling]:
        found = self._searcher.search(query, limit=limit, count=False, order_by_field="documents")
        spellings = []
        for documents, address in found.hits:
            kept = self._searcher.doc(address)
            text = kept[By.TEXT][0]
            term = kept.get_first("unlike_stem") or stem(text)
            spellings.append(Spelling(text=text, term=term, documents=int(documents)))
        return sorted(spellings, key=most_frequent)


class SpellingIndex:
    """The folder of the spellings; one process writes, any number read."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        inside = folder / _FOLDER
        if create:
            inside.mkdir(exist_ok=True)
        builder = SchemaBuilder()
        for looked_up in (By.TERM, By.SOUND):
            builder.add_text_field(looked_up, tokenizer_name="raw", index_option="basic")
        # Stored values are read all over the file and stay in memory, so they are kept small.
        for kept in (By.TEXT, "unlike_stem"):
            builder.add_text_field(kept, stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("key", fast=True)
        builder.add_integer_field("documents", fast=True)
        self._folder = TantivyFolder(inside, builder.build(), create=create)
        self._schema = self._folder.schema

    def snapshot(self) -> SpellingSnapshot:
        """Return the spellings as of the latest commit."""
        self._folder.refresh()
        return SpellingSnapshot(self._folder.searcher, self._schema)

    def add(self, spellings: Iterable[Spelling], *, seed: int) -> None:
        """Add the spellings of some documents, each once.

        Counts only rank suggestions and need not be exact: a small increase is, at random, either
        skipped or exaggerated. `seed` controls the randomness.
        """
        self._folder.refresh()
        fresh = self._folder.searcher.num_docs == 0
        changed = iter(spellings) if fresh else self._changed(spellings, seed=seed)
        first = next(changed, None)
        if first is None:
            return
        with self._folder.writing(heap_size=_WRITER_BYTES) as writer:
            for spelling in chain((first,), changed):
                if not fresh:
                    writer.delete_documents_by_term(By.TEXT, spelling.text)
                writer.add_document(Document.from_dict(_stored(spelling), self._schema))

    def _changed(self, spellings: Iterable[Spelling], *, seed: int) -> Iterator[Spelling]:
        """Yield the spellings that are new or have grown, with their new counts."""
        rest = iter(spellings)
        while some := list(islice(rest, _CHUNK)):
            known = self._known([spelling.text for spelling in some])
            for spelling in some:
                text, before = spelling.text, known.get(_key(spelling.text), 0)
                grown = _grown(before, spelling.documents, chance=crc32(f"{text} {seed}".encode()))
                if grown > before:
                    yield Spelling(text=text, term=spelling.term, documents=grown)

    def _known(self, texts: Collection[str]) -> Mapping[int, int]:
        """Return the counts of known spellings, by key."""
        searcher = self._folder.searcher
        query = Query.term_set_query(self._schema, By.TEXT, list(texts))
        found = searcher.search(query, limit=len(texts), count=False)
        addresses = [address for _, address in found.hits]
        keys = searcher.fast_field_values("key", addresses)
        documents = searcher.fast_field_values("documents", addresses)
        return {int(key or 0): int(count or 0) for key, count in zip(keys, documents, strict=True)}


def is_word(text: str) -> bool:
    """Return whether a spelling consists of letters, and is neither very short nor very long."""
    return SHORTEST_WORD <= len(text) <= LONGEST_WORD and text.isalpha()


def most_frequent(spelling: Spelling) -> tuple[int, str]:
    """Return a sort key: frequent spellings first, equal ones alphabetically."""
    return -spelling.documents, spelling.text


def sound_keys(text: str) -> Iterator[str]:
    """Yield the phonetic keys of a word, with and without vowels."""
    if is_word(text):
        latin, sounds = text.isascii(), set(phonetic_keys(text))
        yield from (sound_key(sound, latin=latin) for sound in sounds)
        yield from (skeleton_key(skeleton_of(sound), latin=latin) for sound in sounds)


def sound_key(sound: str, *, latin: bool) -> str:
    """Return the key of spellings in a script with a phonetic key (`search.phonetics`)."""
    return f"{'latin' if latin else 'cyrillic'}={sound}"


def skeleton_key(skeleton: str, *, latin: bool) -> str:
    """Return the key of spellings in a script with a consonant skeleton."""
    return f"{'latin' if latin else 'cyrillic'}~{skeleton}"


def _grown(known: int, added: int, *, chance: int) -> int:
    step = max(known // _GROWTH, 1)
    if added >= step:
        return known + added
    return known + step if chance % step < added else known


def _stored(spelling: Spelling) -> dict[str, object]:
    return {
        By.TEXT: spelling.text,
        By.TERM: spelling.term,
        "unlike_stem": [] if spelling.term == stem(spelling.text) else [spelling.term],
        By.SOUND: [*_odd_keys(spelling), *sound_keys(spelling.text)],
        "key": _key(spelling.text),
        "documents": spelling.documents,
    }


def _odd_keys(spelling: Spelling) -> Iterator[str]:
    """Yield the keys of prefixes that a spelling has but its term lacks."""
    text, term = spelling.text, spelling.term
    if not text.startswith(term):
        yield from (_odd_key(begun) for begun in accumulate(text) if not term.startswith(begun))


def _odd_key(prefix: str) -> str:
    return f"odd={prefix}"


def _key(text: str) -> int:
    return crc32(text.encode())
