"""Points in time as text: the one form that the archive stores and programs are given."""

from __future__ import annotations

from datetime import UTC, datetime

_STAMP = "%Y-%m-%dT%H:%M:%SZ"


def to_stamp(instant: datetime) -> str:
    """Return an aware time as UTC text `YYYY-MM-DDTHH:MM:SSZ`, which sorts as time does."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def from_stamp(stamp: str) -> datetime:
    """Return the aware UTC time of a text that `to_stamp` made."""
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
