"""The version record of an index, and whether it is the expected one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from db import PostStore
from search.analysis import ANALYSIS_VERSION
from search.documents import DOCUMENT_VERSION
from search.engines import EngineDamaged
from search.engines.failures import EngineFailures
from search.generation import Generations
from search.spellings import SPELLINGS_VERSION


class RebuildReason(StrEnum):
    """Why an index was rebuilt."""

    MISSING = "missing"
    DAMAGED = "damaged"
    OUTDATED = "outdated"
    FOREIGN = "foreign"
    GROWN = "grown"
    ENGINE = "engine"
    ASKED = "asked"


IndexVersion = Mapping[str, object]

AUTO = "auto"

# Increased when the layout of the folder or an engine's schema changes.
_SCHEMA_VERSION = 7
_REASONS = {
    "schema": RebuildReason.OUTDATED,
    "analysis": RebuildReason.OUTDATED,
    "documents": RebuildReason.OUTDATED,
    "forms": RebuildReason.OUTDATED,
    "archive": RebuildReason.FOREIGN,
    "engine": RebuildReason.ENGINE,
}


class VersionCheck:
    """Compares the current generation's version with the expected one."""

    def __init__(
        self, folder: Generations, store: PostStore, *, wanted: str, whoosh_limit: int
    ) -> None:
        self._folder = folder
        self._store = store
        self._wanted = wanted
        self._whoosh_limit = whoosh_limit

    def expected(self, chosen: str | None = None) -> IndexVersion:
        """Return the expected version of the archive's index.

        `chosen` is the requested engine; by default the one chosen for the current generation.
        """
        chosen = chosen or self._chosen()
        return {
            "chosen": chosen,
            "schema": _SCHEMA_VERSION,
            "analysis": ANALYSIS_VERSION,
            "documents": DOCUMENT_VERSION,
            "forms": SPELLINGS_VERSION,
            "archive": self._store.archive_id,
            "engine": self._engine_name(chosen),
        }

    def rebuild_reason(self, expected: IndexVersion) -> RebuildReason | None:
        """Return why the current generation is not the expected one, if so.

        Raises:
            IndexUnavailable: It cannot be read at the moment.
        """
        try:
            with EngineFailures():
                version = self._folder.version()
        except EngineDamaged as exc:
            is_missing = isinstance(exc.__cause__, FileNotFoundError)
            return RebuildReason.MISSING if is_missing else RebuildReason.DAMAGED
        if not isinstance(version, dict):
            return RebuildReason.DAMAGED
        for key, reason in _REASONS.items():
            if version.get(key) != expected[key]:
                grown = key == "engine" and expected["chosen"] == self._wanted == AUTO
                return RebuildReason.GROWN if grown and expected[key] == "tantivy" else reason
        return None

    def _chosen(self) -> str:
        """Return the engine chosen for the current generation, if any."""
        try:
            version = self._folder.version()
        except (OSError, ValueError):
            return AUTO
        chosen = version.get("chosen") if isinstance(version, dict) else None
        return chosen if chosen in {"whoosh", "tantivy"} else AUTO

    def _engine_name(self, chosen: str) -> str:
        """Return the requested engine, or the one for the archive's size."""
        for engine in (self._wanted, chosen):
            if engine != AUTO:
                return engine
        # Every post has taken a number, so this is an upper bound of the number of posts.
        if self._store.last_seq() <= self._whoosh_limit:
            return "whoosh"
        return "tantivy" if self._store.has_more_than(self._whoosh_limit) else "whoosh"
