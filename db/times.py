"""Times as the archive writes them: UTC to the second, in a text that sorts."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the present moment; the clock that is used where none is given."""
    return datetime.now(UTC)


def time_text(moment: datetime) -> str:
    """Return `YYYY-MM-DDTHH:MM:SSZ`; fractions of a second are dropped, Telegram has none."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat()[:19] + "Z"


def read_time(text: str) -> datetime:
    """Return the aware moment that `time_text` wrote."""
    return datetime.fromisoformat(text)


def maybe_text(moment: datetime | None) -> str | None:
    """Return `time_text`, or `None` for an unknown moment."""
    return None if moment is None else time_text(moment)


def maybe_time(text: str | None) -> datetime | None:
    """Return `read_time`, or `None` for an unknown moment."""
    return None if text is None else read_time(text)
