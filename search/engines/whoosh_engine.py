"""The engine for ordinary archives: Whoosh stores postings, `whoosh_snapshot` ranks them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage

from search.documents import Document
from search.engines.whoosh_pickles import restrict_unpickling
from search.engines.whoosh_positions import NO_PLACES
from search.engines.whoosh_snapshot import WhooshSnapshot

if TYPE_CHECKING:
    from whoosh.writing import IndexWriter

restrict_unpickling()

_WRITER_MB = 128
_POSTINGS_KEPT = 400_000


class WhooshEngine:
    """An `Engine` on a Whoosh index.

    `postings_kept` limits the cache of postings, in documents.
    """

    def __init__(
        self, folder: Path, *, create: bool = False, postings_kept: int = _POSTINGS_KEPT
    ) -> None:
        self._postings_kept = postings_kept
        # Whoosh would copy a memory-mapped file completely.
        storage = _Storage(str(folder), supports_mmap=False)
        begin = storage.create_index if create else storage.open_index
        self._index = begin(schema=_schema())
        self._snapshot = self._open_snapshot()

    def write(self, documents: Iterable[Document]) -> int:
        """Write documents, replacing those with the same post ids; commit, and return the count."""
        written = 0
        with self._writing() as writer:
            fresh = not self.snapshot().live
            for document in documents:
                if not fresh:
                    writer.delete_by_term("key", str(document.post_id))
                writer.add_document(**_stored(document))
                written += 1
        return written

    def snapshot(self) -> WhooshSnapshot:
        """Return the index as of the latest commit."""
        if self._snapshot.commit != self._index.latest_generation():
            self._snapshot = self._open_snapshot()
        return self._snapshot

    @contextmanager
    def _writing(self) -> Iterator[IndexWriter]:
        """Yield a writer; its changes are committed at the end, or all discarded."""
        writer = self._index.writer(limitmb=_WRITER_MB, codec=_codec())
        try:
            yield writer
            writer.commit()
        except BaseException:
            with suppress(Exception):  # a disk that was full for the posts is full for this too
                writer.cancel()
            if writer.writelock.fd is not None:
                writer.writelock.release()
            raise

    def _open_snapshot(self) -> WhooshSnapshot:
        # A commit in between is seen by the next call.
        commit = self._index.latest_generation()
        return WhooshSnapshot(
            self._index.reader(), commit=commit, postings_kept=self._postings_kept
        )


def _codec() -> W3Codec:
    # For every posting Whoosh would look for a file of field lengths, which our fields do not have.
    codec = W3Codec()
    codec.length_stats = False
    return codec


class _Storage(FileStorage):
    def list(self) -> Sequence[str]:
        """List the files; Whoosh itself treats an unreadable folder as empty."""
        return [path.name for path in Path(self.folder).iterdir()]


class _ReadyPostings(fields.FieldType):
    """A field with ready-made postings from our own analysis."""

    def __init__(self) -> None:
        self.format = formats.Positions()
        self.analyzer = None
        self.scorable = self.stored = self.unique = False
        self.vector = None

    def index(
        self, value: Mapping[str, tuple[int, Sequence[int]]], **_: object
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield each term with its weight and positions, if any."""
        for term, (weight, positions) in value.items():
            # Whoosh drops empty values, which would shift the next document's: never write one.
            places = array("I", positions).tobytes() or NO_PLACES
            yield term.encode(), weight, float(weight), places


def _schema() -> fields.Schema:
    number = fields.COLUMN(columns.NumericColumn("q"))
    return fields.Schema(
        key=fields.ID(),
        words=_ReadyPostings(),
        facts=_ReadyPostings(),
        post_id=number,
        seq=number,
        posted=number,
        length=number,
        twin=number,
    )


def _stored(document: Document) -> dict[str, object]:
    words, positions = document.words, document.positions
    return {
        "key": str(document.post_id),
        "words": {term: (weight, positions[term]) for term, weight in words.items()},
        "facts": dict.fromkeys(document.facts, (1, ())),
        "post_id": document.post_id,
        "seq": document.seq,
        "posted": document.posted,
        "length": words.total(),
        "twin": document.twin,
    }
