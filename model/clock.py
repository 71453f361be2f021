"""Timestamps as text, in the one form used by the archive and by JSON output."""

from __future__ import annotations

from datetime import UTC, datetime

_STAMP = "%Y-%m-%dT%H:%M:%SZ"


def to_stamp(instant: datetime) -> str:
    """Return an aware time as UTC text `YYYY-MM-DDTHH:MM:SSZ`, which sorts as time does."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def from_stamp(stamp: str) -> datetime:
    """Parse a text made by `to_stamp` into an aware UTC time."""
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
