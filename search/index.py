"""The index beside an archive: a cache that catches up, and is rebuilt whenever in doubt."""

from __future__ import annotations

import json
import logging
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from db import PostStore
from model.errors import IndexUnavailable
from search.analysis import ANALYSIS_VERSION
from search.documents import DOCUMENT_VERSION, Document, document_of
from search.engines import Engine, Found, TermCount
from search.engines.whoosh_engine import WhooshEngine
from search.expression import Expression, Field
from search.forms import FormCounts, read_forms, write_whole
from search.vocabulary import Vocabulary

_logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]

# Raised when the layout of the folder or of an engine's schema changes.
_SCHEMA_VERSION = 4

_CURRENT = "CURRENT"
_STAMP = "stamp.json"
_LOCK = "write.lock"
_BATCH = 500
LOCK_SECONDS = 60.0
# Above so many posts tantivy answers while Whoosh would still be reading.
WHOOSH_LIMIT = 20_000
_GENERATION = re.compile(r"(?:whoosh|tantivy)-\w+")

_Answer = TypeVar("_Answer")


class RebuildReason(StrEnum):
    """Why an index was built anew."""

    MISSING = "missing"
    DAMAGED = "damaged"
    OUTDATED = "outdated"
    FOREIGN = "foreign"
    ENGINE = "engine"
    ASKED = "asked"


_REASONS = {
    "schema": RebuildReason.OUTDATED,
    "analysis": RebuildReason.OUTDATED,
    "documents": RebuildReason.OUTDATED,
    "archive": RebuildReason.FOREIGN,
    "engine": RebuildReason.ENGINE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUp:
    """What catching up did: documents written, and why all of them, where it was all."""

    documents: int
    reason: RebuildReason | None = None
    engine: str

    @property
    def rebuilt(self) -> bool:
        """Say whether the index was built anew."""
        return self.reason is not None


def open_index(
    folder: Path,
    store: PostStore,
    *,
    engine: str = "auto",
    whoosh_limit: int = WHOOSH_LIMIT,
    lock_seconds: float = LOCK_SECONDS,
) -> PostIndex:
    """Open the index in a folder of its own, which is created; nothing is written until asked.

    Args:
        folder: Where the index lies, and nothing else.
        store: The archive that is indexed.
        engine: `whoosh`, `tantivy`, or `auto` for the one that fits the archive's size.
        whoosh_limit: The number of posts above which `auto` means tantivy.
        lock_seconds: How long to wait for another process that is writing.

    Raises:
        IndexUnavailable: The folder cannot be created or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Whoosh unpickles its schema from here, so nobody else may write into it.
        folder.chmod(0o700)
    except OSError as exc:
        raise IndexUnavailable(
            f"The index folder {folder} cannot be written; make it writable or choose another home."
        ) from exc
    return PostIndex(
        folder, store, engine=engine, whoosh_limit=whoosh_limit, lock_seconds=lock_seconds
    )


class PostIndex:
    """The full-text index of an archive; safe to use from several threads and processes.

    The folder holds one generation of the index at a time, a folder named in the file `CURRENT`.
    A new generation is built beside it and takes its place by one rename, so that at any moment,
    even after a power cut, there is either the old one or the new one.
    """

    def __init__(
        self,
        folder: Path,
        store: PostStore,
        *,
        engine: str,
        whoosh_limit: int,
        lock_seconds: float,
    ) -> None:
        self._folder = folder
        self._whoosh_limit = whoosh_limit
        self._lock_seconds = lock_seconds
        self._store = store
        self._wanted = engine
        # Guards the open engine; never held while documents are written.
        self._reading = threading.Lock()
        self._engine: Engine | None = None
        self._vocabulary: Vocabulary | None = None
        self._generation = ""

    def catch_up(self, *, progress: Progress | None = None) -> CatchUp:
        """Take in what the archive has learned; rebuild an index that cannot be trusted.

        `progress` is called with the documents done and the number expected.

        Raises:
            IndexUnavailable: Another process keeps writing, or the folder cannot be written.
        """
        with self._writing():
            reason = self._doubt()
            if reason is not None:
                return self._rebuild(reason, progress)
            return CatchUp(documents=self._add_later(progress), engine=self._engine_name())

    def rebuild(self, *, progress: Progress | None = None) -> CatchUp:
        """Build the index anew beside the live one, then put it in its place.

        Raises:
            IndexUnavailable: Another process keeps writing, or the folder cannot be written.
        """
        with self._writing():
            return self._rebuild(RebuildReason.ASKED, progress)

    def find(self, expression: Expression, *, offset: int, limit: int) -> Found:
        """Return a page of the posts that match, in the index as it is committed now."""
        return self._ask(lambda engine: engine.find(expression, offset=offset, limit=limit))

    def twins(self, keys: Collection[int]) -> Mapping[int, Sequence[int]]:
        """Return the ids of all posts that share a text, by each of the keys given that has any."""
        return self._ask(lambda engine: engine.twins(keys))

    def facets(self, expression: Expression, prefix: str, *, limit: int) -> Sequence[TermCount]:
        """Return the facts that begin so, with the number of the matches that have each."""
        return self._ask(lambda engine: engine.facets(expression, prefix, limit=limit))

    def terms(self, field: Field, prefix: str, *, limit: int) -> Sequence[TermCount]:
        """Return the terms that begin so, most frequent first; equal ones by the alphabet."""
        return self._ask(lambda engine: engine.terms(field, prefix, limit=limit))

    def vocabulary(self) -> Vocabulary:
        """Return the index's words; they are read once for each commit."""
        return self._ask(self._read_vocabulary)

    def close(self) -> None:
        """Let go of the files."""
        with self._reading:
            self._let_go()

    def _read_vocabulary(self, engine: Engine) -> Vocabulary:
        if self._vocabulary is None:
            forms = read_forms(self._folder / self._generation)
            self._vocabulary = Vocabulary(engine.vocabulary(), forms)
        return self._vocabulary

    def _ask(self, question: Callable[[Engine], _Answer]) -> _Answer:
        """Put a question to the current engine; mend an index that is not there or fails."""
        try:
            return self._ask_current(question)
        except _Unanswered as exc:
            self._mend(exc.generation)
        try:
            return self._ask_current(question)
        except _Unanswered as exc:
            raise IndexUnavailable(
                f"The search index in {self._folder} cannot be read, even rebuilt; "
                "see whether its disk is full or failing."
            ) from exc

    def _ask_current(self, question: Callable[[Engine], _Answer]) -> _Answer:
        with self._reading:
            try:
                return question(self._current_engine())
            except Exception as exc:  # a damaged file fails in any way: the index is rebuilt
                self._let_go()
                raise _Unanswered(self._generation) from exc

    def _current_engine(self) -> Engine:
        """Return the engine over the current generation, up to date with other processes."""
        current = self._read_current()
        if self._engine is None or current != self._generation:
            self._let_go()
            self._generation = current
            self._engine = self._open(current)
        if self._engine.refresh():
            self._vocabulary = None
        return self._engine

    def _let_go(self) -> None:
        if self._engine is not None:
            self._engine.close()
        self._engine = self._vocabulary = None

    def _mend(self, failed: str) -> None:
        """Rebuild, unless another thread or process has put a new generation in place."""
        with self._writing():
            if self._doubt() is not None or self._read_current() == failed:
                self._rebuild(self._doubt() or RebuildReason.DAMAGED, None)

    def _add_later(self, progress: Progress | None) -> int:
        """Write what the archive has learned since the index's last commit."""
        current = self._read_current()
        engine = self._open(current)
        try:
            seq = engine.last_seq()
            if seq == self._store.last_seq():
                return 0
            forms = FormCounts(self._folder / current)
            return engine.write(self._documents(seq, forms, progress))
        finally:
            engine.close()

    def _doubt(self) -> RebuildReason | None:
        """Return why the current generation cannot be used as it is, if so."""
        try:
            current = self._read_current()
            stamp = json.loads((self._folder / current / _STAMP).read_text("utf-8"))
        except FileNotFoundError:
            return RebuildReason.MISSING
        except (OSError, ValueError):
            return RebuildReason.DAMAGED
        expected = self._stamp()
        for key, reason in _REASONS.items():
            if not isinstance(stamp, dict) or stamp.get(key) != expected[key]:
                return reason
        try:
            engine = self._open(current)
            seq = engine.last_seq()
            engine.close()
            FormCounts(self._folder / current)
        except Exception:  # noqa: BLE001  # a damaged index fails in any way
            return RebuildReason.DAMAGED
        # An archive that was put back from a copy has seen less than its index.
        return RebuildReason.FOREIGN if seq > self._store.last_seq() else None

    def _rebuild(self, reason: RebuildReason, progress: Progress | None) -> CatchUp:
        _logger.info("rebuilding the index: %s", reason)
        stamp = self._stamp()
        folder = Path(tempfile.mkdtemp(prefix=f"{stamp['engine']}-", dir=self._folder))
        engine = self._open(folder.name, create=True)
        try:
            written = engine.write(self._documents(0, FormCounts(folder), progress))
        finally:
            engine.close()
        write_whole(folder / _STAMP, json.dumps(stamp))
        write_whole(self._folder / _CURRENT, folder.name)
        self._sweep(keep=folder.name)
        return CatchUp(documents=written, reason=reason, engine=str(stamp["engine"]))

    def _documents(
        self, seq: int, forms: FormCounts, progress: Progress | None
    ) -> Iterator[Document]:
        """Yield the documents of all later changes; their spellings are kept before they are."""
        expected = self._store.last_seq() - seq
        done = 0
        while batch := self._store.changed_since(seq, limit=_BATCH):
            for archived in batch:
                document = document_of(archived)
                forms.add(document.forms)
                yield document
            seq = batch[-1].seq
            done += len(batch)
            if progress is not None:
                progress(done, max(expected, done))
        forms.save()

    def _stamp(self) -> dict[str, object]:
        return {
            "schema": _SCHEMA_VERSION,
            "analysis": ANALYSIS_VERSION,
            "documents": DOCUMENT_VERSION,
            "archive": self._store.archive_id,
            "engine": self._engine_name(),
        }

    def _engine_name(self) -> str:
        """Return the engine that was asked for, or the one that fits the archive's size."""
        if self._wanted != "auto":
            return self._wanted
        # Every post has taken a number, so there are never more posts than that.
        if self._store.last_seq() <= self._whoosh_limit:
            return "whoosh"
        stats = self._store.stats()
        return "whoosh" if stats.posts + stats.service <= self._whoosh_limit else "tantivy"

    def _open(self, generation: str, *, create: bool = False) -> Engine:
        # Imported here: tantivy takes a while to load, and few archives need it.
        if generation.startswith("tantivy-"):
            from search.engines.tantivy_engine import TantivyEngine  # noqa: PLC0415

            return TantivyEngine(self._folder / generation, create=create)
        return WhooshEngine(self._folder / generation, create=create)

    def _read_current(self) -> str:
        """Return the name of the current generation.

        Raises:
            FileNotFoundError: There is none.
            ValueError: The file holds something else.
        """
        name = (self._folder / _CURRENT).read_text("utf-8").strip()
        if not _GENERATION.fullmatch(name):
            raise ValueError(name)
        return name

    def _sweep(self, *, keep: str) -> None:
        """Remove the generations that are no longer, or never became, current."""
        for folder in self._folder.iterdir():
            if _GENERATION.fullmatch(folder.name) and folder.name != keep:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with FileLock(self._folder / _LOCK, timeout=self._lock_seconds):
                yield
        except Timeout as exc:
            raise IndexUnavailable(
                "Another Letopis is writing the search index; try again when it is done."
            ) from exc
        except OSError as exc:
            raise IndexUnavailable(
                f"The search index in {self._folder} cannot be written "
                f"({exc.strerror or exc}); free some space or make the folder writable."
            ) from exc


class _Unanswered(Exception):
    """The engine over a generation could not be opened or failed."""

    def __init__(self, generation: str) -> None:
        super().__init__(generation)
        self.generation = generation
