"""How many documents have each term, in a folder beside the spellings.

An engine on this machine tells that itself; one over a network would need a request per step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path

from tantivy import Document, Query, Schema, SchemaBuilder, Searcher

from search.engines import TermCount
from search.engines.tantivy_folder import TantivyFolder, any_of

_FOLDER = "terms"
_WRITER_BYTES = 20_000_000
_CHUNK = 2000


class TermCountsSnapshot:
    """The counts as of one commit."""

    def __init__(self, searcher: Searcher, schema: Schema) -> None:
        self._searcher = searcher
        self._schema = schema

    def counts(self, terms: Collection[str]) -> Mapping[str, int]:
        """Return the number of documents with each term, 0 if unknown."""
        found = self._find(any_of(self._schema, "term", terms), limit=max(len(terms), 1))
        return {**dict.fromkeys(terms, 0), **{each.text: each.documents for each in found}}

    def terms(self, prefix: str, *, limit: int) -> Sequence[TermCount]:
        """Return the terms with a prefix, most frequent first, equal ones alphabetically."""
        begins = Query.fuzzy_term_query(self._schema, "term", prefix, distance=0, prefix=True)
        return self._find(begins, limit=limit)

    def _find(self, query: Query, *, limit: int) -> Sequence[TermCount]:
        found = self._searcher.search(query, limit=limit, count=False, order_by_field="documents")
        counts = [
            TermCount(text=self._searcher.doc(address)["term"][0], documents=int(documents))
            for documents, address in found.hits
        ]
        return sorted(counts, key=lambda count: (-count.documents, count.text))


class TermCounts:
    """The folder of the counts; one process writes, any number read."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        inside = folder / _FOLDER
        if create:
            inside.mkdir(exist_ok=True)
        builder = SchemaBuilder()
        builder.add_text_field("term", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("documents", fast=True)
        self._folder = TantivyFolder(inside, builder.build(), create=create)

    def snapshot(self) -> TermCountsSnapshot:
        """Return the counts as of the latest commit."""
        self._folder.refresh()
        return TermCountsSnapshot(self._folder.searcher, self._folder.schema)

    def add(self, changes: Iterable[tuple[str, int]]) -> None:
        """Change counts by these differences, each term once; what falls to 0 is forgotten."""
        before = self.snapshot()
        fresh = self._folder.searcher.num_docs == 0
        rest = iter(changes)
        with self._folder.writing(heap_size=_WRITER_BYTES) as writer:
            while some := dict(islice(rest, _CHUNK)):
                known = {} if fresh else before.counts(some)
                for term, change in some.items():
                    count = known.get(term, 0)
                    if count:
                        writer.delete_documents_by_term("term", term)
                    if count + change > 0:
                        stored = {"term": term, "documents": count + change}
                        writer.add_document(Document.from_dict(stored, self._folder.schema))
