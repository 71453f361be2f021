"""The spellings of the archive's words: an index of their own, beside that of the posts.

Half a million of them are too many to read at every start and after every commit; here none is
read before it is asked for, and a typo of two letters is found in less than a millisecond.
"""

from __future__ import annotations

from array import array
from collections import Counter
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
from search.tokens import decode_spellings, encoded_spellings, is_several

# Part of the index's stamp: spellings that were written under another number are written anew.
SPELLINGS_VERSION = 5

SHORTEST_WORD = 3
LONGEST_WORD = 32

_FOLDER = "forms"
_WRITER_BYTES = 50_000_000
_CHUNK = 2000
# So many of the most frequent are looked at where there are more.
_MOST_READ = 256
# A count is written again when it has grown by one in so many.
_GROWTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """A folded spelling, the term it is indexed under, and about how many documents have it."""

    text: str
    term: str
    documents: int


class By(StrEnum):
    """What spellings are looked up by: the names of the fields that hold it.

    `SOUND` are the keys that `sound_key` and `skeleton_key` return.
    """

    TEXT = "form"
    TERM = "term"
    SOUND = "heard"


class SpellingSnapshot:
    """The spellings as of one commit, found by their text, term, sound or beginning.

    A spelling stays when the last post that had it has changed: the caller asks after its term.
    """

    def __init__(self, searcher: Searcher, schema: Schema) -> None:
        self._searcher = searcher
        self._schema = schema

    def find(self, by: By, keys: Iterable[str], *, distance: int = 0) -> Sequence[Spelling]:
        """Return the spellings with any of these keys, or one so many edits away or fewer.

        At most 256, the most frequent first; an edit is a letter more, less, other, or two swapped.
        """
        if not distance:
            return self._find(any_of(self._schema, by, keys))
        near = [Query.fuzzy_term_query(self._schema, by, key, distance=distance) for key in keys]
        return self._find(Query.boolean_query([(Occur.Should, query) for query in near]))

    def with_prefix(self, prefix: str, *, limit: int) -> Sequence[Spelling]:
        """Return the spellings that begin so and whose terms do not: the terms lost an ending."""
        # Mostly the term is a shorter beginning; the others are marked. To go through all spellings
        # that begin so takes five milliseconds for three letters.
        shorter = any_of(self._schema, By.TERM, [prefix[:end] for end in range(1, len(prefix))])
        odd = Query.term_query(self._schema, By.SOUND, _odd_key(prefix), index_option="basic")
        found = self._find(
            Query.boolean_query([(Occur.Should, shorter), (Occur.Should, odd)]),
            limit=max(limit, _MOST_READ),
        )
        return [spelling for spelling in found if spelling.text.startswith(prefix)][:limit]

    def read_through(self) -> None:
        """Go through all that is written of the spellings."""
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
    """The folder of the spellings, written by one process and read by any number."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        inside = folder / _FOLDER
        if create:
            inside.mkdir(exist_ok=True)
        builder = SchemaBuilder()
        for looked_up in (By.TERM, By.SOUND):
            builder.add_text_field(looked_up, tokenizer_name="raw", index_option="basic")
        # What is stored is read all over by a search, and stays in memory: the least of it is.
        for kept in (By.TEXT, "unlike_stem"):
            builder.add_text_field(kept, stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("key", fast=True)
        builder.add_integer_field("documents", fast=True)
        self._folder = TantivyFolder(inside, builder.build(), create=create)
        self._schema = self._folder.schema

    def snapshot(self) -> SpellingSnapshot:
        """Return the spellings as they are committed now."""
        self._folder.refresh()
        return SpellingSnapshot(self._folder.searcher, self._schema)

    def add(self, spellings: Iterable[Spelling], *, seed: int) -> None:
        """Add what a number of documents hold, each spelling once.

        Counts need not be exact, they put suggestions in order: one that hardly grows is, by
        chance, left as it is or raised by more. `seed` makes the chance.
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
        """Yield the spellings that are new or have grown, with their counts from now on."""
        rest = iter(spellings)
        while some := list(islice(rest, _CHUNK)):
            known = self._known([spelling.text for spelling in some])
            for spelling in some:
                text, before = spelling.text, known.get(_key(spelling.text), 0)
                grown = _grown(before, spelling.documents, chance=crc32(f"{text} {seed}".encode()))
                if grown > before:
                    yield Spelling(text=text, term=spelling.term, documents=grown)

    def _known(self, texts: Collection[str]) -> Mapping[int, int]:
        """Return the counts of those spellings that are known, by their keys."""
        searcher = self._folder.searcher
        query = Query.term_set_query(self._schema, By.TEXT, list(texts))
        found = searcher.search(query, limit=len(texts), count=False)
        addresses = [address for _, address in found.hits]
        keys = searcher.fast_field_values("key", addresses)
        documents = searcher.fast_field_values("documents", addresses)
        return {int(key or 0): int(count or 0) for key, count in zip(keys, documents, strict=True)}


class SpellingCounts:
    """Counts the documents that hold each spelling."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        # Of the few that are not indexed under their stem: half a million terms take much memory.
        self._terms: dict[str, str] = {}

    @classmethod
    def of(cls, tokens: Iterable[str]) -> SpellingCounts:
        """Count the spellings of tokens (`search.tokens`), of which a document gives each once."""
        found = cls()
        found._counts = Counter(encoded_spellings(tokens))
        for spellings in [each for each in found._counts if is_several(each)]:
            documents = found._counts.pop(spellings)
            terms = decode_spellings(spellings)
            found._add((spelling, documents) for spelling in terms)
            found._terms.update((spelling, term) for spelling, term in terms.items() if term)
        return found

    def __getstate__(self) -> tuple[str, array[int], dict[str, str]]:
        # As one string, all of them go to another process in a fifth of the time.
        return " ".join(self._counts), array("Q", self._counts.values()), self._terms

    def __setstate__(self, state: tuple[str, array[int], dict[str, str]]) -> None:
        spellings, documents, self._terms = state
        self._counts = dict(zip(spellings.split(), documents, strict=True))

    def add_all(self, others: SpellingCounts) -> None:
        """Take in what was counted elsewhere."""
        self._terms.update(others._terms)
        self._add(others._counts.items())

    def _add(self, counts: Iterable[tuple[str, int]]) -> None:
        known = self._counts
        for spelling, documents in counts:
            known[spelling] = known.get(spelling, 0) + documents

    def spellings(self) -> Iterator[Spelling]:
        """Yield each spelling."""
        for text, documents in self._counts.items():
            term = self._terms.get(text) or stem(text)
            yield Spelling(text=text, term=term, documents=documents)


def is_word(text: str) -> bool:
    """Say whether a spelling is of letters alone, and neither very short nor very long."""
    return SHORTEST_WORD <= len(text) <= LONGEST_WORD and text.isalpha()


def most_frequent(spelling: Spelling) -> tuple[int, str]:
    """Return what puts frequent spellings first, equal ones by the alphabet."""
    return -spelling.documents, spelling.text


def sound_keys(text: str) -> Iterator[str]:
    """Yield the keys of a word by its sounds and by their consonants."""
    if is_word(text):
        latin, sounds = text.isascii(), set(phonetic_keys(text))
        yield from (sound_key(sound, latin=latin) for sound in sounds)
        yield from (skeleton_key(skeleton_of(sound), latin=latin) for sound in sounds)


def sound_key(sound: str, *, latin: bool) -> str:
    """Return the key of the spellings of a script that sound so (`search.phonetics`)."""
    return f"{'latin' if latin else 'cyrillic'}={sound}"


def skeleton_key(skeleton: str, *, latin: bool) -> str:
    """Return the key of the spellings of a script whose sounds have these consonants."""
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
    """Yield the keys of the beginnings that a spelling has and its term has not."""
    text, term = spelling.text, spelling.term
    if not text.startswith(term):
        yield from (_odd_key(begun) for begun in accumulate(text) if not term.startswith(begun))


def _odd_key(prefix: str) -> str:
    return f"odd={prefix}"


def _key(text: str) -> int:
    return crc32(text.encode())
