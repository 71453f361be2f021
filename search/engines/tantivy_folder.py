"""A folder with a tantivy index in it: opened, read as of a commit, written as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tantivy import Filter, Index, Schema, Searcher, TextAnalyzerBuilder, Tokenizer

from search.documents import GAP
from search.replaced import State, state_of


class TantivyFolder:
    """One tantivy index: `searcher` shows one commit of it, and any thread may use it."""

    def __init__(self, folder: Path, schema: Schema, *, create: bool) -> None:
        self._meta = folder / "meta.json"
        if not create and not self._meta.exists():
            raise FileNotFoundError(self._meta)
        self.schema = schema
        self._path = folder
        self._index = self._open()
        self._state: State | None = None
        self.searcher: Searcher
        # What was committed since the index was opened is seen at once, or at the next refresh.
        self.refresh()

    def refresh(self) -> bool:
        """See what other processes have committed; say whether anything changed."""
        state = state_of(self._meta)
        if state == self._state:
            return False
        self._index.reload()
        self.searcher = self._index.searcher()
        self._state = state
        return True

    @contextmanager
    def writing(self, *, heap_size: int) -> Iterator[Any]:
        """Yield a writer; what it wrote is committed at the end, or all of it dropped.

        What a killed writer left is removed first. A file of its may bear the very name of one that
        is to be written, and only an index opened after its death knows all of them.
        """
        writer = self._open().writer(heap_size=heap_size, num_threads=1)
        try:
            writer.garbage_collect_files()
            yield writer
            writer.commit()
            # Merged-away segments pile up until somebody asks for their removal.
            writer.garbage_collect_files()
        except BaseException:
            writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()

    def _open(self) -> Index:
        index = Index(self.schema, path=str(self._path))
        # Tokenizers are not kept with the index: a word is what stands between two spaces, and a
        # gap takes its place among them without being one.
        words = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.custom_stopword([GAP]))
        index.register_tokenizer("spaces", words.build())
        index.config_reader("manual")
        return index
