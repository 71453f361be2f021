"""A folder with a tantivy index: opened, read as of a commit, written transactionally."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from struct import Struct
from typing import Any
from zlib import crc32

from tantivy import Filter, Index, Occur, Query, Schema, Searcher, TextAnalyzerBuilder, Tokenizer

from model.whole_files import FileIdentity, identity_of
from search.documents import GAP

_FILES = ("idx", "pos", "term", "store", "fast", "fieldnorm")
_END = Struct("<II")
_MAGIC = 1337
# About twenty milliseconds; covers an index of 100,000 posts completely.
_BYTES_CHECKED = 48 << 20


class TantivyFolder:
    """One tantivy index; `searcher` shows one commit and is thread-safe."""

    def __init__(self, folder: Path, schema: Schema, *, create: bool) -> None:
        self._meta = folder / "meta.json"
        if not create and not self._meta.exists():
            raise FileNotFoundError(self._meta)
        self.schema = schema
        self._path = folder
        if not create:
            self._check()
        self._index = self._open()
        self._identity: FileIdentity | None = None
        self.searcher: Searcher
        # Later commits become visible at once, or at the next refresh.
        self.refresh()

    def refresh(self) -> None:
        """Load what other processes have committed."""
        identity = identity_of(self._meta)
        if identity != self._identity:
            self._index.reload()
            self.searcher = self._index.searcher()
            self._identity = identity

    @contextmanager
    def writing(self, *, heap_size: int) -> Iterator[Any]:
        """Yield a writer; its changes are committed at the end, or all discarded.

        Leftovers of a killed writer are removed first: its files may have names that are about to
        be used, and only an index opened after its death knows all of them.
        """
        writer = self._open().writer(heap_size=heap_size, num_threads=1)
        try:
            writer.garbage_collect_files()
            yield writer
            writer.commit()
            # Merged segments pile up until their removal is requested.
            writer.garbage_collect_files()
        except BaseException:
            writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()

    def _check(self) -> None:
        """Verify the checksums of the last commit's files, up to a limit of time.

        tantivy verifies nothing: it panics on damaged files, and has printed so before an exception
        reaches us.

        Raises:
            ValueError: A file is damaged.
        """
        left = _BYTES_CHECKED
        for name in self._segments():
            for kind in _FILES:
                path = self._path / f"{name}.{kind}"
                # A file may have been merged meanwhile, and some do not exist for every segment.
                with suppress(FileNotFoundError):
                    left -= path.stat().st_size
                    if left >= 0 and not _is_whole(path.read_bytes()):
                        raise ValueError(path)

    def _segments(self) -> Sequence[str]:
        try:
            segments = json.loads(self._meta.read_bytes())["segments"]
            return [segment["segment_id"].replace("-", "") for segment in segments]
        except (KeyError, TypeError, AttributeError) as exc:
            raise ValueError(self._meta) from exc

    def _open(self) -> Index:
        index = Index(self.schema, path=str(self._path))
        # Tokenizers are not stored with the index: words are separated by spaces, and a gap takes a
        # position without being a word.
        words = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.custom_stopword([GAP]))
        index.register_tokenizer("spaces", words.build())
        index.config_reader("manual")
        return index


def any_of(schema: Schema, field: str, values: Iterable[object]) -> Query:
    """Return a query for documents with any of these terms; its scores are meaningless.

    Each term is looked up separately: tantivy's term set query builds an automaton and scans the
    dictionary, which takes ten times as long for two terms. It is a quarter faster for five
    hundred, and only worthwhile for thousands.
    """
    terms = [Query.term_query(schema, field, value, index_option="basic") for value in values]
    return Query.boolean_query([(Occur.Should, term) for term in terms])


def _is_whole(held: bytes) -> bool:
    """Return whether a tantivy file ends with the right checksum.

    The footer is a JSON object, its length, and a magic number.
    """
    length, magic = _END.unpack(held[-_END.size :].rjust(_END.size, b"\0"))
    end = len(held) - _END.size - length
    if magic != _MAGIC or end < 0:
        return False
    try:
        checksum: int = json.loads(held[end : -_END.size])["crc"]
    except (ValueError, KeyError, TypeError):
        return False
    return crc32(memoryview(held)[:end]) == checksum
