"""Dates of the macOS export, in English and Russian."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from ingest.desktop.dates import Moment, parse_moment

_ENGLISH = "january february march april may june july august september october november december"
_RUSSIAN = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
_MONTHS = {
    name: number
    for names in (_ENGLISH.split(), _RUSSIAN.split())
    for number, name in enumerate(names, start=1)
}
_DAY = re.compile(r"(?:(\d{1,2})\.? ([^\W\d]+)|([^\W\d]+) (\d{1,2})),? (\d{4})(?: г\.)?")
_TIME = re.compile(r"(?:,| at| в)? (\d{1,2}):(\d\d):(\d\d)(?:\s([AaPp])\.?[Mm]\.?)?\Z")


def parse_local(text: str) -> Moment | None:
    """Parse `3 April 2023, 12:34:07`, `9 ноября 2017, 15:54:55` or `April 3, 2023 at 1:34:07 PM`.

    They are local to the exporting machine; no zone is named.
    """
    day = _DAY.match(text)
    clock = _TIME.match(text, day.end()) if day else None
    on = _read_day(day)
    if clock is None or on is None:
        return parse_moment(text)
    hour, half = int(clock[1]), (clock[4] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        at = time(hour, int(clock[2]), int(clock[3]))
    except ValueError:
        return None
    return Moment(datetime.combine(on, at))


def parse_local_day(text: str) -> date | None:
    """Parse a date separator: `3 April 2023`, `9 ноября 2017 г.`, `April 3, 2023`."""
    return _read_day(_DAY.fullmatch(text.strip()))


def _read_day(match: re.Match[str] | None) -> date | None:
    if match is None:
        return None
    month = _MONTHS.get((match[2] or match[3]).lower())
    try:
        return date(int(match[5]), month, int(match[1] or match[4])) if month else None
    except ValueError:
        return None
