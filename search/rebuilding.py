"""Why an index was rebuilt, and how to report it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RebuildReason(StrEnum):
    """Why an index was rebuilt."""

    MISSING = "missing"
    DAMAGED = "damaged"
    OUTDATED = "outdated"
    FOREIGN = "foreign"
    GROWN = "grown"
    ENGINE = "engine"
    ASKED = "asked"


_SAID = {
    RebuildReason.MISSING: "The search index was built from the archive.",
    RebuildReason.DAMAGED: "The search index was damaged and has been built anew from the archive.",
    RebuildReason.OUTDATED: "The search index was another version's and has been built anew.",
    RebuildReason.FOREIGN: "The search index was another archive's and has been built anew.",
    RebuildReason.GROWN: "The archive has more than {limit:,} posts now: its search index has been "
    "built anew, this once, with {engine}.",
    RebuildReason.ENGINE: "The search index has been built anew with {engine}.",
    RebuildReason.ASKED: "The search index has been built anew with {engine}, as asked.",
}


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

    @property
    def said(self) -> str:
        """Return a sentence on the rebuild and its reason, empty if there was none."""
        if self.reason is None:
            return ""
        return _SAID[self.reason].format(limit=self.limit, engine=self.engine)
