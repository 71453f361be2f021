"""Why an index is built anew, and how that is said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RebuildReason(StrEnum):
    """Why an index was built anew."""

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
    """What catching up did: documents written, and why all of them, where it was all.

    `limit` is the number of posts above which an archive is given another engine.
    """

    documents: int
    reason: RebuildReason | None = None
    engine: str
    limit: int = 0

    @property
    def rebuilt(self) -> bool:
        """Say whether the index was built anew."""
        return self.reason is not None

    @property
    def said(self) -> str:
        """Say in one sentence that and why the index was built anew; nothing if it was not."""
        if self.reason is None:
            return ""
        return _SAID[self.reason].format(limit=self.limit, engine=self.engine)
