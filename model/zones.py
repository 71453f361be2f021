"""Parses time zones as people write them."""

import re
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from model.errors import UsageError
from model.messages import Code

_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)


def parse_zone(name: str) -> tzinfo:
    """Parse an IANA name (`Europe/Moscow`) or an offset (`+03:00`, `UTC+3`).

    Raises:
        UsageError: There is no such zone.
    """
    if match := _OFFSET.fullmatch(name.strip()):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        if offset < timedelta(hours=24):
            return timezone(-offset if match[1] == "-" else offset)
    try:
        return ZoneInfo(name.strip())
    except (OSError, ValueError, KeyError) as exc:
        raise UsageError(Code.NO_ZONE, name=name) from exc
