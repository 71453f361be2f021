"""The index beside an archive: a cache that catches up, and is rebuilt if it cannot be trusted."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from db import PostStore
from model.addresses import address_text
from model.errors import IndexForeign, IndexUnavailable, IndexUnwritable
from model.messages import Code
from search.engines import EngineDamaged
from search.engines.failures import EngineFailures
from search.generation import Generation, Generations, IndexSnapshot
from search.index_folder import IndexFolder
from search.index_version import AUTO, IndexVersion, RebuildReason, VersionCheck
from search.indexing import Progress, add_later, write_all
from search.ownership import make_private
from search.reader import IndexReader
from search.stems import write_missing_stems

_logger = logging.getLogger(__name__)

# Indexing this many is faster than starting a process for it.
FEW_POSTS = 50
LOCK_SECONDS = 60.0
# Above this many posts tantivy is much faster than Whoosh.
WHOOSH_LIMIT = 20_000
OPENSEARCH = "opensearch"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPlace:
    """How to open an index in another process."""

    archive: str = field(repr=False)  # an address, perhaps with a password
    folder: str
    engine: str
    whoosh_limit: int
    cluster: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUp:
    """The result of catching up: documents written, and the reason if all were rewritten.

    `limit` is the number of posts above which another engine is chosen.
    """

    documents: int
    reason: RebuildReason | None = None
    engine: str
    limit: int = 0

    @property
    def rebuilt(self) -> bool:
        """Return whether the index was rebuilt."""
        return self.reason is not None


def open_index(
    folder: Path,
    store: PostStore,
    *,
    engine: str = AUTO,
    whoosh_limit: int = WHOOSH_LIMIT,
    lock_seconds: float = LOCK_SECONDS,
    jobs: int = 1,
    cluster: str | None = None,
) -> PostIndex:
    """Open the index in its own folder, which is created; nothing is written yet.

    Args:
        folder: A folder for the index alone.
        store: The archive to index.
        engine: `whoosh`, `tantivy`, or `auto` to choose by the archive's size; or `opensearch`.
        whoosh_limit: The number of posts above which `auto` means tantivy.
        lock_seconds: How long to wait for another process that is writing.
        jobs: How many processes may read posts ahead during a rebuild.
        cluster: The URL of OpenSearch; then the folder only keeps a copy of the index's words.

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
        cluster=cluster if engine == OPENSEARCH else None,
    )


def _generations(folder: Path, store: PostStore, cluster: str | None) -> Generations:
    if cluster is None:
        return IndexFolder(folder)
    from search.engines.opensearch_client import OpenSearchClient  # noqa: PLC0415  # few need it
    from search.engines.opensearch_generations import OpenSearchGenerations  # noqa: PLC0415

    return OpenSearchGenerations(
        folder,
        OpenSearchClient(cluster),
        store.archive_id,
        leadership=store.leadership("indexer"),
    )


def _user() -> int | None:
    return os.geteuid() if hasattr(os, "geteuid") else None


class PostIndex:
    """The full-text index of an archive; safe for several threads and processes.

    Searches run concurrently; only opening and refreshing is serialised.
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
        cluster: str | None = None,
    ) -> None:
        self._folder = _generations(folder, store, cluster)
        self._cluster = cluster
        self._versions = VersionCheck(self._folder, store, wanted=engine, whoosh_limit=whoosh_limit)
        self._whoosh_limit = whoosh_limit
        self._lock_seconds = lock_seconds
        self._jobs = jobs
        self._store = store
        self._wanted = engine
        # Guards the open generation; never held during a query or a write.
        self._opening = threading.Lock()
        self._generation: Generation | None = None
        # Generations that were built because another one was damaged.
        self._mended: set[str] = set()

    @property
    def place(self) -> IndexPlace:
        """Return how another process can open the same index."""
        return IndexPlace(
            archive=address_text(self._store.address),
            folder=str(self._folder.path),
            engine=self._wanted,
            whoosh_limit=self._whoosh_limit,
            cluster=self._cluster,
        )

    def needs_rebuild(self) -> bool:
        """Return whether the index is missing or cannot be trusted, and must be rebuilt."""
        return self._rebuild_reason(self._versions.expected()) is not None

    def behind(self) -> int:
        """Return how many posts `catch_up` would index, as far as is known."""
        if self.needs_rebuild():
            return self._store.size()
        with self.reading() as reader:
            return self._store.last_seq() - reader.last_seq()

    def catch_up(self, *, progress: Progress | None = None, waits: bool = True) -> CatchUp:
        """Index all changes of the archive; rebuild an index that cannot be trusted.

        The archive's own full-text table, where it is enabled, gets the stems it lacks.

        Args:
            progress: Called with the documents done and expected. If it raises, uncommitted
                documents are discarded.
            waits: Whether to wait for another process that is writing.

        Raises:
            IndexBusy: Another process is, or keeps, writing.
            IndexUnavailable: The folder is not writable.
        """
        write_missing_stems(self._store)
        with self._folder.writing(lock_seconds=self._lock_seconds if waits else 0):
            version = self._versions.expected()
            reason = self._rebuild_reason(version)
            if reason is not None:
                return self._rebuild(version, reason, progress)
            # A killed process may have left an unfinished one.
            self._folder.sweep()
            try:
                with EngineFailures():
                    generation, snapshot = self._current()
                    seq = snapshot.posts.last_seq()
                written = add_later(generation, self._store, seq, progress=progress)
                return self._done(written, version)
            except EngineDamaged:
                self._folder.check_room()
                return self._rebuild(version, RebuildReason.DAMAGED, progress)

    def rebuild(self, *, engine: str | None = None, progress: Progress | None = None) -> CatchUp:
        """Rebuild the index beside the live one, then swap it in.

        An engine given here (`whoosh`, `tantivy`, or `auto`) is kept from now on, unless the index
        was opened with another one.

        Raises:
            IndexUnavailable: Another process keeps writing, or the folder is not writable.
        """
        with self._folder.writing(lock_seconds=self._lock_seconds):
            return self._rebuild(self._versions.expected(engine), RebuildReason.ASKED, progress)

    def check(self, *, progress: Progress | None = None) -> CatchUp:
        """Catch up, then read the whole index; rebuild it if damaged or incomplete.

        Raises:
            IndexUnavailable: Another process keeps writing, or the folder is not writable.
        """
        done = self.catch_up(progress=progress)
        if done.rebuilt or self._is_sound():
            return done
        with self._folder.writing(lock_seconds=self._lock_seconds):
            return self._rebuild(self._versions.expected(), RebuildReason.DAMAGED, progress)

    @contextmanager
    def reading(self) -> Iterator[IndexReader]:
        """Yield a reader on the latest commit for one search; rebuild a failing index first.

        Raises:
            IndexUnavailable: It can be neither read nor rebuilt.
        """
        yield IndexReader(self._open_snapshot(), self._reopen)

    def close(self) -> None:
        """Close the files once nobody reads them."""
        with self._opening:
            self._generation = None

    def _open_snapshot(self) -> IndexSnapshot:
        while True:
            name = ""
            try:
                with EngineFailures():
                    name = self._folder.current().name
                    return self._current()[1]
            except EngineDamaged as exc:
                self._mend(name, exc)

    def _reopen(self, failed: str, failure: EngineDamaged) -> IndexSnapshot:
        self._mend(failed, failure)
        return self._open_snapshot()

    def _current(self) -> tuple[Generation, IndexSnapshot]:
        """Return the current generation and its latest snapshot."""
        with self._opening:
            # Checked under the lock: otherwise a thread could return to an older one.
            current = self._folder.current()
            if self._generation is None or current != self._generation.folder:
                self._generation = self._folder.open(current)
            return self._generation, self._generation.snapshot()

    def _mend(self, failed: str, failure: EngineDamaged) -> None:
        """Rebuild a generation that failed, unless it has been replaced already.

        A generation that was itself built as a repair is not rebuilt again: it fails for another
        reason, and would be rebuilt at every search.
        """
        with self._opening:
            # If the current generation is a different one, others keep using it.
            if self._generation is not None and self._generation.folder.name == failed:
                self._generation = None
        if failed and self._is_replaced(failed):
            return
        if failed in self._mended:
            _logger.error("the search index fails, though it was just rebuilt", exc_info=failure)
            raise IndexUnavailable(Code.INDEX_UNREADABLE, folder=self._folder.path) from failure
        _logger.info("the search index is damaged", exc_info=failure)
        with self._folder.writing(lock_seconds=self._lock_seconds):
            version = self._versions.expected()
            reason = self._rebuild_reason(version)
            if reason is None and self._folder.current().name == failed:
                reason = RebuildReason.DAMAGED
            if reason is not None:
                self._rebuild(version, reason, None)
            if reason is RebuildReason.DAMAGED:
                self._mended.add(self._folder.current().name)

    def _is_replaced(self, generation: str) -> bool:
        try:
            return self._folder.current().name != generation
        except (OSError, ValueError):
            return False

    def _rebuild_reason(self, expected: IndexVersion) -> RebuildReason | None:
        """Return why the current generation must be rebuilt, if so."""
        reason = self._versions.rebuild_reason(expected)
        if reason is not None:
            return reason
        try:
            with EngineFailures():
                seq = self._current()[1].posts.last_seq()
        except EngineDamaged:
            return RebuildReason.DAMAGED
        # An archive restored from a backup is older than its index.
        return RebuildReason.FOREIGN if seq > self._store.last_seq() else None

    def _rebuild(
        self, version: IndexVersion, reason: RebuildReason, progress: Progress | None
    ) -> CatchUp:
        try:
            with self._folder.new_generation(str(version["engine"]), version) as folder:
                with EngineFailures():
                    generation = self._folder.open(folder, create=True)
                written = write_all(generation, self._store, jobs=self._jobs, progress=progress)
        except EngineDamaged as exc:
            raise IndexUnwritable(Code.INDEX_NOT_BUILT, folder=self._folder.path) from exc
        done = self._done(written, version, reason)
        _logger.info("the index was built anew with %s: %s", done.engine, reason)
        return done

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
        """Return whether all posts are indexed and everything is readable."""
        try:
            with EngineFailures():
                return self._current()[1].read_through() == self._store.size()
        except EngineDamaged:
            return False
