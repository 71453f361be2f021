"""What an index says of itself, and whether that is what an archive's index has to say now."""

from __future__ import annotations

from collections.abc import Mapping

from db import PostStore
from search.analysis import ANALYSIS_VERSION
from search.documents import DOCUMENT_VERSION
from search.index_folder import Generations
from search.rebuilding import RebuildReason
from search.spellings import FORMS_VERSION

Stamp = Mapping[str, object]

AUTO = "auto"

# Raised when the layout of the folder or of an engine's schema changes.
_SCHEMA_VERSION = 7
_REASONS = {
    "schema": RebuildReason.OUTDATED,
    "analysis": RebuildReason.OUTDATED,
    "documents": RebuildReason.OUTDATED,
    "forms": RebuildReason.OUTDATED,
    "archive": RebuildReason.FOREIGN,
    "engine": RebuildReason.ENGINE,
}


class Stamps:
    """Compares the stamp of the current generation with the one that an archive's index has."""

    def __init__(
        self, generations: Generations, store: PostStore, *, wanted: str, whoosh_limit: int
    ) -> None:
        self._generations = generations
        self._store = store
        self._wanted = wanted
        self._whoosh_limit = whoosh_limit

    def expected(self, chosen: str | None = None) -> Stamp:
        """Return what an index of the archive has to say of itself.

        `chosen` is the engine that was asked for; by default the one that the current generation
        was asked to have.
        """
        chosen = chosen or self._chosen()
        return {
            "chosen": chosen,
            "schema": _SCHEMA_VERSION,
            "analysis": ANALYSIS_VERSION,
            "documents": DOCUMENT_VERSION,
            "forms": FORMS_VERSION,
            "archive": self._store.archive_id,
            "engine": self._engine_name(chosen),
        }

    def doubt(self, expected: Stamp) -> RebuildReason | None:
        """Return why the current generation is not the one that is expected, if so."""
        try:
            stamp = self._generations.stamp()
        except FileNotFoundError:
            return RebuildReason.MISSING
        except (OSError, ValueError):
            return RebuildReason.DAMAGED
        if not isinstance(stamp, dict):
            return RebuildReason.DAMAGED
        for key, reason in _REASONS.items():
            if stamp.get(key) != expected[key]:
                grown = key == "engine" and expected["chosen"] == self._wanted == AUTO
                return RebuildReason.GROWN if grown and expected[key] == "tantivy" else reason
        return None

    def _chosen(self) -> str:
        """Return the engine that was chosen for the current generation, if any was."""
        try:
            stamp = self._generations.stamp()
        except (OSError, ValueError):
            return AUTO
        chosen = stamp.get("chosen") if isinstance(stamp, dict) else None
        return chosen if chosen in {"whoosh", "tantivy"} else AUTO

    def _engine_name(self, chosen: str) -> str:
        """Return the engine that was asked for, or the one that fits the archive's size."""
        for engine in (self._wanted, chosen):
            if engine != AUTO:
                return engine
        # Every post has taken a number, so there are never more posts than that.
        if self._store.last_seq() <= self._whoosh_limit:
            return "whoosh"
        return "whoosh" if self._store.size() <= self._whoosh_limit else "tantivy"
