"""Times as the archive stores them: UTC to the second, as text that sorts."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the current time; the default clock."""
    return datetime.now(UTC)


def time_text(moment: datetime) -> str:
    """Return `YYYY-MM-DDTHH:MM:SSZ`; fractions of a second are dropped, Telegram has none."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat()[:19] + "Z"


def read_time(text: str) -> datetime:
    """Parse a text written by `time_text`."""
    return datetime.fromisoformat(text)


def maybe_text(moment: datetime | None) -> str | None:
    """Like `time_text`, with `None` for an unknown time."""
    return None if moment is None else time_text(moment)


def maybe_time(text: str | None) -> datetime | None:
    """Like `read_time`, with `None` for an unknown time."""
    return None if text is None else read_time(text)
