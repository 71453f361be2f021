"""Why an index was rebuilt."""

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
