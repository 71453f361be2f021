"""The index beside an archive: a cache that catches up, and is rebuilt whenever in doubt."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from db import PostStore
from model.errors import IndexForeign, IndexUnavailable, IndexUnwritable
from model.messages import Code
from search.batches import POSTS, gc_paused, read_batches
from search.deadline import Deadline, no_deadline
from search.documents import Document
from search.engines import EngineFailed, FailuresOfEngines, MatchPage, TermCount
from search.expression import Expression, Field
from search.index_folder import IndexFolder
from search.index_version import AUTO, IndexVersion, VersionCheck
from search.ownership import make_private
from search.reader import IndexReader
from search.rebuilding import CatchUp, RebuildReason
from search.spellings import Spelling, SpellingCounts
from search.vocabulary import Vocabulary
from search.words_asked import WordsAsked

_logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]

# So many batches are lost where a process is killed, and found no later than they have to be.
_COMMIT = 4
# They are indexed sooner than a process for it would have begun.
FEW_POSTS = 50
LOCK_SECONDS = 60.0
# Above so many posts tantivy answers while Whoosh would still be reading.
WHOOSH_LIMIT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPlace:
    """What an index is opened by."""

    archive: str
    folder: str
    engine: str
    whoosh_limit: int


_Answer = TypeVar("_Answer")


def open_index(
    folder: Path,
    store: PostStore,
    *,
    engine: str = AUTO,
    whoosh_limit: int = WHOOSH_LIMIT,
    lock_seconds: float = LOCK_SECONDS,
    jobs: int = 1,
) -> PostIndex:
    """Open the index in a folder of its own, which is created; nothing is written until asked.

    Args:
        folder: Where the index lies, and nothing else.
        store: The archive that is indexed.
        engine: `whoosh`, `tantivy`, or `auto` for the one that fits the archive's size.
        whoosh_limit: The number of posts above which `auto` means tantivy.
        lock_seconds: How long to wait for another process that is writing.
        jobs: How many processes may read posts ahead while an index is built anew.

    Raises:
        IndexForeign: Another user may have written what is in the folder.
        IndexUnwritable: The folder cannot be created.
    """
    try:
        foreign = make_private(folder, user=_user())
    except OSError as exc:
        raise IndexUnwritable(
            Code.INDEX_UNWRITABLE, folder=folder, cause=exc.strerror or exc
        ) from exc
    if foreign:
        raise IndexForeign(Code.INDEX_FOREIGN, folder=folder, path=foreign)
    return PostIndex(
        folder,
        store,
        engine=engine,
        whoosh_limit=whoosh_limit,
        lock_seconds=lock_seconds,
        jobs=jobs,
    )


def _user() -> int | None:
    return os.geteuid() if hasattr(os, "geteuid") else None


class PostIndex:
    """The full-text index of an archive; safe to use from several threads and processes.

    Searches are carried out side by side; only opening and refreshing what they read is done by
    one thread at a time.
    """

    def __init__(
        self,
        folder: Path,
        store: PostStore,
        *,
        engine: str,
        whoosh_limit: int,
        lock_seconds: float,
        jobs: int,
    ) -> None:
        self._folder = IndexFolder(folder)
        self._versions = VersionCheck(self._folder, store, wanted=engine, whoosh_limit=whoosh_limit)
        self._whoosh_limit = whoosh_limit
        self._lock_seconds = lock_seconds
        self._jobs = jobs
        self._store = store
        self._wanted = engine
        # Guards the open reader; never held while it is asked or written to.
        self._opening = threading.Lock()
        self._reader: IndexReader | None = None

    @property
    def place(self) -> IndexPlace:
        """Say by what another process opens the same index."""
        return IndexPlace(
            archive=str(self._store.path),
            folder=str(self._folder.path),
            engine=self._wanted,
            whoosh_limit=self._whoosh_limit,
        )

    def needs_rebuild(self) -> bool:
        """Tell whether there is no index, or none that can be trusted: it is to be built anew."""
        return self._rebuild_reason(self._versions.expected()) is not None

    def behind(self) -> int:
        """Return how many posts `catch_up` would have to take in, as far as can be seen."""
        if self.needs_rebuild():
            return self._store.size()
        return self._store.last_seq() - self._ask(lambda it: it.engine.last_seq())

    def catch_up(self, *, progress: Progress | None = None, waits: bool = True) -> CatchUp:
        """Take in what the archive has learned; rebuild an index that cannot be trusted.

        Args:
            progress: Called with the documents done and the number expected. It may raise: then
                what is not committed yet is dropped.
            waits: Whether to wait for another process that is writing.

        Raises:
            IndexBusy: Another process is, or keeps, writing.
            IndexUnavailable: The folder cannot be written.
        """
        with self._folder.writing(lock_seconds=self._lock_seconds if waits else 0):
            version = self._versions.expected()
            reason = self._rebuild_reason(version)
            if reason is not None:
                return self._rebuild(version, reason, progress)
            # A process that was killed may have left an unfinished one.
            self._folder.sweep()
            try:
                return self._done(self._add_later(progress), version)
            except EngineFailed:
                self._folder.check_room()
                return self._rebuild(version, RebuildReason.DAMAGED, progress)

    def rebuild(self, *, engine: str | None = None, progress: Progress | None = None) -> CatchUp:
        """Build the index anew beside the live one, then put it in its place.

        An engine given here (`whoosh`, `tantivy`, or `auto` to leave it open again) is kept to from
        now on, unless the index was opened with another.

        Raises:
            IndexUnavailable: Another process keeps writing, or the folder cannot be written.
        """
        with self._folder.writing(lock_seconds=self._lock_seconds):
            return self._rebuild(self._versions.expected(engine), RebuildReason.ASKED, progress)

    def check(self, *, progress: Progress | None = None) -> CatchUp:
        """Catch up, then read through what is there; rebuild what is damaged or incomplete.

        Raises:
            IndexUnavailable: Another process keeps writing, or the folder cannot be written.
        """
        done = self.catch_up(progress=progress)
        if done.rebuilt or self._is_sound():
            return done
        with self._folder.writing(lock_seconds=self._lock_seconds):
            return self._rebuild(self._versions.expected(), RebuildReason.DAMAGED, progress)

    def open(self) -> None:
        """Open what is to be read before a deadline is set: an index is not mended in a hurry."""
        self._ask(lambda it: it)

    def find(
        self,
        expression: Expression,
        *,
        offset: int,
        limit: int,
        deadline: Deadline | None = None,
    ) -> MatchPage:
        """Return a page of the posts that match, in the index as it is committed now."""
        until = deadline or no_deadline()
        return self._ask(
            lambda it: it.engine.find(expression, offset=offset, limit=limit, deadline=until)
        )

    def twins(self, keys: Collection[int]) -> Mapping[int, Sequence[int]]:
        """Return the ids of all posts that share a text, by each of the keys given that has any."""
        return self._ask(lambda it: it.engine.twins(keys))

    def facets(self, expression: Expression, prefix: str, *, limit: int) -> Sequence[TermCount]:
        """Return the facts that begin so, with the number of the matches that have each."""
        return self._ask(lambda it: it.engine.facets(expression, prefix, limit=limit))

    def terms(self, field: Field, prefix: str, *, limit: int) -> Sequence[TermCount]:
        """Return the terms that begin so, most frequent first; equal ones by the alphabet."""
        return self._ask(lambda it: it.engine.terms(field, prefix, limit=limit))

    def vocabulary(self) -> Vocabulary:
        """Return the index's words as they are now; none of them is read before it is asked for."""
        return Vocabulary(WordsAsked(self._ask(lambda it: it), self._ask))

    def close(self) -> None:
        """Let go of the files."""
        with self._opening:
            self._let_go()

    def _ask(self, question: Callable[[IndexReader], _Answer]) -> _Answer:
        """Put a question to the current reader; mend an index that is not there or fails."""
        try:
            return self._ask_current(question)
        except _Unanswered as exc:
            self._mend(exc.generation)
        try:
            return self._ask_current(question)
        except _Unanswered as exc:
            raise IndexUnavailable(Code.INDEX_UNREADABLE, folder=self._folder.path) from exc

    def _ask_current(self, question: Callable[[IndexReader], _Answer]) -> _Answer:
        reader, generation = None, ""
        try:
            generation = self._folder.current().name
            with FailuresOfEngines():
                reader = self._current_reader()
                generation = reader.folder.name
                return question(reader)
        except Exception as exc:  # a damaged file fails in any way: the index is rebuilt
            self._drop(reader)
            raise _Unanswered(generation) from exc

    def _current_reader(self) -> IndexReader:
        """Return the reader of the current generation, up to date with other processes."""
        with self._opening:
            # Asked in here: a thread that had asked before would go back to a former one.
            current = self._folder.current()
            if self._reader is None or current != self._reader.folder:
                self._let_go()
                self._reader = IndexReader(current)
            self._reader.refresh()
            return self._reader

    def _drop(self, failed: IndexReader | None) -> None:
        """Let go of a reader that failed; if it is a former one, others go on with the current."""
        with self._opening:
            if failed is None or failed is self._reader:
                self._let_go()

    def _let_go(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = None

    def _mend(self, failed: str) -> None:
        """Rebuild, unless another thread or process has put a new generation in place."""
        if failed and self._is_replaced(failed):
            return
        with self._folder.writing(lock_seconds=self._lock_seconds):
            version = self._versions.expected()
            reason = self._rebuild_reason(version)
            if reason is not None or self._folder.current().name == failed:
                self._rebuild(version, reason or RebuildReason.DAMAGED, None)

    def _is_replaced(self, generation: str) -> bool:
        try:
            return self._folder.current().name != generation
        except (OSError, ValueError):
            return False

    def _add_later(self, progress: Progress | None) -> int:
        """Write what the archive has learned since the index's last commit, and commit often."""
        with FailuresOfEngines():
            reader = self._current_reader()
            written, seq = 0, reader.engine.last_seq()
        ends = self._store.change_numbers(seq, every=POSTS)
        for first in range(0, len(ends), _COMMIT):
            some, done = ends[first : first + _COMMIT], _counting_on(progress, written)
            keep = partial(reader.keep, seed=some[-1])
            written += reader.write(self._documents(seq, some, keep, done))
            with FailuresOfEngines():
                reader = self._current_reader()
            seq = some[-1]
        return written

    def _rebuild_reason(self, expected: IndexVersion) -> RebuildReason | None:
        """Return why the current generation cannot be used as it is, if so."""
        reason = self._versions.rebuild_reason(expected)
        if reason is not None:
            return reason
        try:
            with FailuresOfEngines():
                seq = self._current_reader().engine.last_seq()
        except Exception:  # noqa: BLE001  # a damaged index fails in any way
            return RebuildReason.DAMAGED
        # An archive that was put back from a copy has seen less than its index.
        return RebuildReason.FOREIGN if seq > self._store.last_seq() else None

    def _rebuild(
        self, version: IndexVersion, reason: RebuildReason, progress: Progress | None
    ) -> CatchUp:
        try:
            with self._folder.new_generation(str(version["engine"]), version) as folder:
                written = self._write_all(folder, progress)
        except EngineFailed as exc:
            raise IndexUnwritable(Code.INDEX_NOT_BUILT, folder=self._folder.path) from exc
        done = self._done(written, version, reason)
        _logger.info("the index was built anew with %s: %s", done.engine, reason)
        return done

    def _write_all(self, folder: Path, progress: Progress | None) -> int:
        """Write all posts and their spellings; these while the engine commits its last posts."""
        ends = self._store.change_numbers(0, every=POSTS)
        kept: list[Future[None]] = []

        def keep(spellings: Iterable[Spelling]) -> None:
            kept.append(beside.submit(reader.keep, spellings, seed=0))

        with FailuresOfEngines():
            reader = IndexReader(folder, create=True)
        with (
            closing(reader),
            gc_paused(),
            ThreadPoolExecutor(max_workers=1) as beside,
        ):
            documents = self._documents(0, ends, keep, progress, jobs=self._jobs)
            written = reader.write(documents)
            for writing in kept:
                writing.result()
        return written

    def _done(
        self, documents: int, version: IndexVersion, reason: RebuildReason | None = None
    ) -> CatchUp:
        return CatchUp(
            documents=documents,
            reason=reason,
            engine=str(version["engine"]),
            limit=self._whoosh_limit,
        )

    def _is_sound(self) -> bool:
        """Say whether all posts are there, and all that is written of them can be read."""
        try:
            with FailuresOfEngines():
                reader = self._current_reader()
                return reader.read_through() == self._store.size()
        except Exception:  # noqa: BLE001  # a damaged index fails in any way
            return False

    def _documents(
        self,
        seq: int,
        ends: Sequence[int],
        keep: Callable[[Iterable[Spelling]], object],
        progress: Progress | None,
        *,
        jobs: int = 1,
    ) -> Iterator[Document]:
        """Yield the documents of later changes, then have all the spellings in them kept."""
        expected = self._store.last_seq() - seq
        spellings, done = SpellingCounts(), 0
        for batch in read_batches(self._store, seq, ends, jobs=jobs):
            yield from batch.documents
            spellings.add_all(batch.spellings)
            done += len(batch.documents)
            if progress is not None:
                progress(done, max(expected, done))
        keep(spellings.spellings())


def _counting_on(progress: Progress | None, done: int) -> Progress | None:
    """Return a progress that begins with what was done before."""
    if progress is None or not done:
        return progress
    return lambda more, expected: progress(done + more, done + expected)


class _Unanswered(Exception):
    """A generation could not be opened, or failed when it was asked."""

    def __init__(self, generation: str) -> None:
        super().__init__(generation)
        self.generation = generation
