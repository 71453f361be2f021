"""Time zones as a person names them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from model.errors import UsageError
from model.zones import parse_zone


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("Europe/Moscow", 3),
        ("UTC", 0),
        ("+05:30", 5.5),
        ("UTC+3", 3),
        ("gmt-0330", -3.5),
        (" -04:00 ", -4),
    ],
)
def test_a_zone_is_a_place_or_an_offset(name: str, hours: float) -> None:
    """Names of places follow their summer time, offsets are fixed."""
    instant = datetime(2024, 1, 15, tzinfo=parse_zone(name))
    assert instant.utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "+99:00", "../../etc/passwd", "Europe", "ё"])
def test_an_unknown_zone_is_refused_in_one_sentence(name: str) -> None:
    """The message shows how a zone is written."""
    with pytest.raises(UsageError, match="no_zone"):
        parse_zone(name)
