"""The engine for large archives: tantivy stores the documents."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tantivy import Document as TantivyDocument
from tantivy import Schema, SchemaBuilder

from search.documents import Document
from search.engines.tantivy_folder import TantivyFolder
from search.engines.tantivy_ranking import REPEAT, TWIN, Repeats
from search.engines.tantivy_snapshot import FACTS, WORDS, TantivySnapshot

_WRITER_BYTES = 30_000_000


class TantivyEngine:
    """An `Engine` on a tantivy index."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self._schema = _schema()
        self._folder = TantivyFolder(folder, self._schema, create=create)
        self._snapshot = TantivySnapshot(self._folder.searcher, self._schema)

    def write(self, documents: Iterable[Document]) -> int:
        """Write documents, replacing those with the same post ids; commit, and return the count."""
        written = 0
        searcher = self.snapshot().searcher
        repeats = Repeats(self._schema, searcher)
        with self._folder.writing(heap_size=_WRITER_BYTES) as writer:
            for document in documents:
                if searcher.num_docs:
                    writer.delete_documents_by_term("post_id", document.post_id)
                stored = _stored(document, repeats=repeats.has(document))
                writer.add_document(TantivyDocument.from_dict(stored, self._schema))
                written += 1
        return written

    def snapshot(self) -> TantivySnapshot:
        """Return the index as of the latest commit."""
        self._folder.refresh()
        if self._snapshot.searcher is not self._folder.searcher:
            self._snapshot = TantivySnapshot(self._folder.searcher, self._schema)
        return self._snapshot


def _schema() -> Schema:
    builder = SchemaBuilder()
    # Signed, because a deletion by an unsigned key silently deletes nothing.
    builder.add_integer_field("post_id", indexed=True, fast=True)
    builder.add_integer_field("seq", fast=True)
    builder.add_integer_field("posted", indexed=True, fast=True)
    builder.add_integer_field(TWIN, indexed=True, fast=True)
    builder.add_text_field(REPEAT, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(WORDS, tokenizer_name="spaces", index_option="position")
    builder.add_text_field(FACTS, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _stored(document: Document, *, repeats: bool) -> dict[str, object]:
    return {
        "post_id": document.post_id,
        "seq": document.seq,
        "posted": document.posted,
        WORDS: document.sequence,
        FACTS: list(document.facts),
        TWIN: document.twin,
        REPEAT: [str(document.twin)] if repeats else [],
    }
