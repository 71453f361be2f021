"""The spellings of the archive's words: an index of their own, beside that of the posts.

Half a million of them are too many to read at every start and after every commit; here none is
read before it is asked for, and a typo of two letters is found in less than a millisecond.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice
from pathlib import Path
from zlib import crc32

from tantivy import Document, Occur, Query, SchemaBuilder

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


class SpellingIndex:
    """Finds spellings by their text, beginning, sound and likeness; most frequent first.

    A spelling stays when the last post that had it has changed: the caller asks after its term.
    """

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        inside = folder / _FOLDER
        if create:
            inside.mkdir(exist_ok=True)
        builder = SchemaBuilder()
        for name in ("term", "heard"):
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        # What is stored is read all over by a search, and stays in memory: the least of it is.
        for name in ("form", "unlike_stem"):
            builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("key", fast=True)
        builder.add_integer_field("documents", fast=True)
        self._folder = TantivyFolder(inside, builder.build(), create=create)
        self._schema = self._folder.schema

    def refresh(self) -> bool:
        """See what other processes have written; say whether anything changed."""
        return self._folder.refresh()

    def get(self, text: str) -> Spelling | None:
        """Return a spelling, if the archive has it."""
        found = self._find(Query.term_query(self._schema, "form", text), limit=1)
        return found[0] if found else None

    def beginning(self, prefix: str, *, limit: int) -> Sequence[Spelling]:
        """Return the spellings that begin so and whose terms do not: the terms lost an ending."""
        # Mostly the term is a shorter beginning; the others are marked. To go through all spellings
        # that begin so takes five milliseconds for three letters.
        shorter = any_of(self._schema, "term", [prefix[:end] for end in range(1, len(prefix))])
        odd = Query.term_query(self._schema, "heard", _odd_term(prefix), index_option="basic")
        found = self._find(
            Query.boolean_query([(Occur.Should, shorter), (Occur.Should, odd)]),
            limit=max(limit, _MOST_READ),
        )
        return [spelling for spelling in found if spelling.text.startswith(prefix)][:limit]

    def with_sound(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Spelling]:
        """Return the spellings of a script with any of these phonetic keys (`search.phonetics`)."""
        return self._heard(_phonetic_term(sound, latin=latin) for sound in sounds)

    def with_near_sound(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Spelling]:
        """Return the spellings of a script whose phonetic key is an edit away from any of these."""
        keys = [_phonetic_term(sound, latin=latin) for sound in sounds]
        about = [Query.fuzzy_term_query(self._schema, "heard", key, distance=1) for key in keys]
        return self._find(Query.boolean_query([(Occur.Should, query) for query in about]))

    def with_skeleton(self, skeleton: str, *, latin: bool) -> Sequence[Spelling]:
        """Return the spellings of a script whose phonetic key has this consonant skeleton."""
        return self._heard([_skeleton_term(skeleton, latin=latin)])

    def within(self, word: str, *, distance: int) -> Sequence[Spelling]:
        """Return the spellings within an edit distance of a word."""
        return self._find(Query.fuzzy_term_query(self._schema, "form", word, distance=distance))

    def stems_within(self, term: str, *, distance: int) -> Sequence[Spelling]:
        """Return the spellings whose terms are within an edit distance of this one."""
        return self._find(Query.fuzzy_term_query(self._schema, "term", term, distance=distance))

    def read_through(self) -> None:
        """Go through all that is written of the spellings."""
        for field in ("form", "term"):
            self._find(
                Query.fuzzy_term_query(self._schema, field, "", distance=0, prefix=True), limit=1
            )

    def add(self, spellings: Iterable[Spelling], *, seed: int) -> None:
        """Add what a number of documents hold, each spelling once.

        Counts need not be exact, they put suggestions in order: one that hardly grows is, by
        chance, left as it is or raised by more. `seed` makes the chance.
        """
        fresh = self._folder.searcher.num_docs == 0
        changed = iter(spellings) if fresh else self._changed(spellings, seed=seed)
        first = next(changed, None)
        if first is None:
            return
        with self._folder.writing(heap_size=_WRITER_BYTES) as writer:
            for spelling in chain((first,), changed):
                if not fresh:
                    writer.delete_documents_by_term("form", spelling.text)
                writer.add_document(Document.from_dict(_stored(spelling), self._schema))
        self.refresh()

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
        query = Query.term_set_query(self._schema, "form", list(texts))
        found = searcher.search(query, limit=len(texts), count=False)
        addresses = [address for _, address in found.hits]
        keys = searcher.fast_field_values("key", addresses)
        documents = searcher.fast_field_values("documents", addresses)
        return {int(key or 0): int(count or 0) for key, count in zip(keys, documents, strict=True)}

    def _heard(self, keys: Iterable[str]) -> Sequence[Spelling]:
        return self._find(any_of(self._schema, "heard", keys))

    def _find(self, query: Query, *, limit: int = _MOST_READ) -> Sequence[Spelling]:
        searcher = self._folder.searcher
        found = searcher.search(query, limit=limit, count=False, order_by_field="documents")
        spellings = []
        for documents, address in found.hits:
            kept = searcher.doc(address)
            text = kept["form"][0]
            term = kept.get_first("unlike_stem") or stem(text)
            spellings.append(Spelling(text=text, term=term, documents=int(documents)))
        return sorted(spellings, key=lambda spelling: (-spelling.documents, spelling.text))


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


def is_word(spelling: str) -> bool:
    """Say whether a spelling is of letters alone, and neither very short nor very long."""
    return SHORTEST_WORD <= len(spelling) <= LONGEST_WORD and spelling.isalpha()


def _grown(known: int, added: int, *, chance: int) -> int:
    step = max(known // _GROWTH, 1)
    if added >= step:
        return known + added
    return known + step if chance % step < added else known


def _stored(spelling: Spelling) -> dict[str, object]:
    return {
        "form": spelling.text,
        "term": spelling.term,
        "unlike_stem": [] if spelling.term == stem(spelling.text) else [spelling.term],
        "heard": list(_keys(spelling)),
        "key": _key(spelling.text),
        "documents": spelling.documents,
    }


def _keys(spelling: Spelling) -> Iterator[str]:
    text = spelling.text
    if not text.startswith(spelling.term):
        lost = (begun for begun in accumulate(text) if not spelling.term.startswith(begun))
        yield from map(_odd_term, lost)
    if is_word(text):
        latin, sounds = text.isascii(), set(phonetic_keys(text))
        yield from (_phonetic_term(sound, latin=latin) for sound in sounds)
        yield from (_skeleton_term(skeleton_of(sound), latin=latin) for sound in sounds)


def _odd_term(prefix: str) -> str:
    """Return the key of the spellings that begin so and whose term is no beginning of them."""
    return f"odd={prefix}"


def _phonetic_term(sound: str, *, latin: bool) -> str:
    return f"{'latin' if latin else 'cyrillic'}={sound}"


def _skeleton_term(skeleton: str, *, latin: bool) -> str:
    return f"{'latin' if latin else 'cyrillic'}~{skeleton}"


def _key(text: str) -> int:
    return crc32(text.encode())
