"""The generations of an index on OpenSearch: an alias names the current one."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from model.errors import IndexBusy, IndexUnavailable
from model.messages import Code
from search.engines import EngineDamaged
from search.engines.opensearch_client import OpenSearchClient
from search.engines.opensearch_engine import OpenSearchEngine
from search.engines.opensearch_index import Head, OpenSearchIndex, alias_actions, find_head
from search.generation import Generation
from search.index_folder import write_lock

if TYPE_CHECKING:
    from db.leadership import Leadership

_BEGINS = "opensearch-"
# A search learns of another machine's commit after this long: then new words are known, too.
_FRESH_SECONDS = 1.0
_PAUSE = 0.5
"""Seconds between questions whether another machine still writes."""
# An index that no alias names is another machine's, half-built, or that of a killed process.
_ABANDONED = timedelta(days=1)
# Names end with the time at which a generation was begun.
_TIME = re.compile(r"-([0-9a-f]+)")


class OpenSearchGenerations:
    """`Generations` on a cluster, each two indexes; the folder keeps copies of their words.

    A new one is built beside the current one, and one request has the alias name it.
    """

    def __init__(
        self,
        folder: Path,
        client: OpenSearchClient,
        archive_id: str,
        *,
        leadership: Leadership,
        fresh_seconds: float = _FRESH_SECONDS,
    ) -> None:
        self.path = folder
        self._client = client
        self._leadership = leadership
        self._alias = f"{client.name}-{archive_id}"
        self._fresh_seconds = fresh_seconds
        self._read_at = -fresh_seconds
        self._read: tuple[str, Head] | None = None
        # Commits what was published last for the generation that is being built.
        self._finish: Callable[[], object] = lambda: None

    def current(self) -> Path:
        """Return the folder of the current generation.

        Raises:
            FileNotFoundError: There is no current generation.
        """
        found = self._look()
        if found is None:
            raise FileNotFoundError(self._alias)
        return self._folder_of(found[0])

    def version(self) -> object:
        """Return the version record of the current generation.

        Raises:
            FileNotFoundError: There is none.
        """
        found = self._client.find(f"{self._alias}/_mapping")
        if found is None:
            raise FileNotFoundError(self._alias)
        (index,) = found.values()
        version: object = index["mappings"].get("_meta")
        return version

    def open(self, folder: Path, *, create: bool = False) -> Generation:
        """Open a generation by its folder."""
        name = folder.name.removeprefix(_BEGINS)
        index = OpenSearchIndex(self._client, name)
        engine = OpenSearchEngine(
            folder, index, create=create, read_head=lambda: self._head_of(index)
        )
        if create:
            self._finish = engine.finish
        return Generation(folder, engine, engine.spellings)

    @contextmanager
    def new_generation(self, _engine: str, version: Mapping[str, object]) -> Iterator[Path]:
        """Yield a folder for a new generation, which becomes the current one afterwards.

        It is removed on any exception.
        """
        name = f"{self._alias}-{time.time_ns():x}"
        folder = self._folder_of(name)
        folder.mkdir()
        try:
            yield folder
            self._finish()
            self._client.ask("PUT", f"{name}/_mapping", body={"_meta": version})
            former = self._look(again=True)
            actions = alias_actions(self._alias, name=name, former=former and former[0])
            self._client.ask("POST", "_aliases", body=actions)
        except BaseException:
            with suppress(IndexUnavailable, EngineDamaged):
                OpenSearchIndex(self._client, name).remove()
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._look(again=True)
        if former is not None:
            OpenSearchIndex(self._client, former[0]).remove()
        self._remove_abandoned(name)
        self.sweep()

    def check_room(self) -> None:
        """Do nothing: whether there is room, the cluster says itself."""

    def sweep(self) -> None:
        """Remove copies of words that are not of the current generation."""
        current = self.current()
        for folder in self.path.glob(f"{_BEGINS}*"):
            if folder != current:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def writing(self, *, lock_seconds: float) -> Iterator[None]:
        """Hold the write lock of this machine, and index for all machines that share the archive.

        Should two of them write all the same, only one succeeds with a commit.

        Raises:
            IndexBusy: Another process keeps writing, here or elsewhere.
        """
        with write_lock(self.path, lock_seconds=lock_seconds), self._leading(lock_seconds):
            self._read_at = -self._fresh_seconds
            try:
                yield
            finally:
                self._read_at = -self._fresh_seconds

    @contextmanager
    def _leading(self, seconds: float) -> Iterator[None]:
        if not self._leadership.can_wait:  # no other machine has this archive
            yield
            return
        deadline = time.monotonic() + seconds
        while not self._leadership.take(on_lost=lambda: None):
            if time.monotonic() >= deadline:
                raise IndexBusy(Code.INDEX_BUSY)
            time.sleep(min(_PAUSE, seconds))
        try:
            yield
        finally:
            self._leadership.give_up()

    def _folder_of(self, name: str) -> Path:
        return self.path / f"{_BEGINS}{name}"

    def _head_of(self, index: OpenSearchIndex) -> Head:
        found = self._look()
        return found[1] if found is not None and found[0] == index.name else index.read_head()

    def _look(self, *, again: bool = False) -> tuple[str, Head] | None:
        """Return the name and the head of the current generation, as of a moment ago."""
        now = time.monotonic()
        if again or now - self._read_at >= self._fresh_seconds:
            self._read = find_head(self._client, self._alias)
            self._read_at = now
        return self._read

    def _remove_abandoned(self, current: str) -> None:
        """Remove indexes that were left half-built long ago."""
        oldest = time.time_ns() - _ABANDONED // timedelta(microseconds=1) * 1000
        for name in self._client.ask("GET", f"{self._alias}-*/_alias"):
            built = _TIME.match(name.removeprefix(self._alias))
            if built and int(built[1], 16) < oldest and not name.startswith(current):
                self._client.ask("DELETE", name)
