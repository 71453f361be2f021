"""A folder with a tantivy index in it: opened, read as of a commit, written as a whole."""

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
# Some twenty milliseconds; of an archive of a hundred thousand posts it is all.
_BYTES_CHECKED = 48 << 20


class TantivyFolder:
    """One tantivy index: `searcher` shows one commit of it, and any thread may use it."""

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
        # What was committed since the index was opened is seen at once, or at the next refresh.
        self.refresh()

    def refresh(self) -> None:
        """See what other processes have committed."""
        identity = identity_of(self._meta)
        if identity != self._identity:
            self._index.reload()
            self.searcher = self._index.searcher()
            self._identity = identity

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

    def _check(self) -> None:
        """Compare the files of the last commit with their checksums, as far as that takes no time.

        tantivy compares nothing: it panics where a file makes no sense, and has long said so when
        an exception is raised from it.

        Raises:
            ValueError: A file is damaged.
        """
        left = _BYTES_CHECKED
        for name in self._segments():
            for kind in _FILES:
                path = self._path / f"{name}.{kind}"
                # One may have been merged away meanwhile, and some there is not for every segment.
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
        # Tokenizers are not kept with the index: a word is what stands between two spaces, and a
        # gap takes its place among them without being one.
        words = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.custom_stopword([GAP]))
        index.register_tokenizer("spaces", words.build())
        index.config_reader("manual")
        return index


def any_of(schema: Schema, field: str, values: Iterable[object]) -> Query:
    """Return the query for the documents that hold any of these terms; what it scores is vague.

    Each is looked up by itself: tantivy's own query for a set of terms makes an automaton of them
    and runs through the dictionary, which for two takes ten times as long. For five hundred it is a
    quarter faster, and for thousands alone worth it.
    """
    terms = [Query.term_query(schema, field, value, index_option="basic") for value in values]
    return Query.boolean_query([(Occur.Should, term) for term in terms])


def _is_whole(held: bytes) -> bool:
    """Say whether a file of tantivy's ends with the checksum of what stands before it.

    The end is a JSON object, its length and a number that is always the same.
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
