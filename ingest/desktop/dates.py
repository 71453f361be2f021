"""Dates of Telegram Desktop pages, from the exporting machine's clock to UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

_MOMENT = re.compile(r"(\d\d)\.(\d\d)\.(\d{4} \d\d:\d\d:\d\d)(?: UTC([+-]\d\d:\d\d))?")
_DAY = re.compile(r"(\d{1,2}) ([A-Z][a-z]+) (\d{4})")
# fmt: off
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on
# Telegram began in 2013; the bounds only keep broken dates within the calendar.
_EARLIEST, _LATEST = 1970, 9998


@dataclass(frozen=True, slots=True)
class Moment:
    """A time on the exporting machine's clock; aware if the page names its UTC offset."""

    clock: datetime

    @property
    def offset(self) -> tzinfo | None:
        """Return the offset that the page names; versions before 3.7.6 name none."""
        return self.clock.tzinfo

    def in_utc(self, zone: tzinfo | None) -> datetime:
        """Return the time in UTC, from the given `zone`, else the page's own offset, else UTC.

        Exporters write the zone's standard offset all year although the clock follows summer time,
        so a named zone is more accurate.
        """
        clock = self.clock
        if zone is not None or clock.tzinfo is None:
            clock = clock.replace(tzinfo=zone or UTC)
        return clock.astimezone(UTC)


def parse_moment(text: str) -> Moment | None:
    """Parse `17.07.2023 18:22:43 UTC+08:00`, with or without the suffix."""
    match = _MOMENT.search(text)
    if match is None:
        return None
    day, month, rest, offset = match.groups()
    try:
        clock = datetime.fromisoformat(f"{rest[:4]}-{month}-{day}{rest[4:]}{offset or ''}")
    except ValueError:
        return None
    return Moment(clock) if _EARLIEST <= clock.year <= _LATEST else None


def parse_day(text: str) -> date | None:
    """Parse a date separator, `9 June 2019`: English in every language, the day not zero-padded."""
    match = _DAY.fullmatch(text.strip())
    if match is None or match[2] not in _MONTHS:
        return None
    try:
        day = date(int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1]))
    except ValueError:
        return None
    return day if _EARLIEST <= day.year <= _LATEST else None


def midday(day: date) -> Moment:
    """Return noon, for a line of which only the day is known."""
    return Moment(datetime.combine(day, time(12)))
