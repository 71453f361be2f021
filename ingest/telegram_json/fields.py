"""Fields of a JSON object by the type they should have; anything else counts as absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TypeAlias, cast

JsonObject: TypeAlias = Mapping[str, object]

# SQLite's integers, and more digits than any number of Telegram's has.
_BIGGEST = 2**63
_MAX_DIGITS = 18


def as_object(value: object) -> JsonObject | None:
    """Return the value if it is an object."""
    return cast("JsonObject", value) if isinstance(value, dict) else None


def object_of(holder: JsonObject, key: str) -> JsonObject | None:
    """Return a field that is an object."""
    return as_object(holder.get(key))


def list_of(holder: JsonObject, key: str) -> Sequence[object]:
    """Return a field that is a list, or an empty one."""
    value = holder.get(key)
    return cast("list[object]", value) if isinstance(value, list) else ()


def objects_of(holder: JsonObject, key: str) -> Iterator[JsonObject]:
    """Yield the objects of a field that is a list."""
    return (one for value in list_of(holder, key) if (one := as_object(value)) is not None)


def string_of(holder: JsonObject, key: str) -> str | None:
    """Return a field that is a string and not empty, without NUL, which no archive can hold."""
    value = holder.get(key)
    return value.replace("\0", "\ufffd") if isinstance(value, str) and value else None


def integer_of(holder: JsonObject, key: str) -> int | None:
    """Return a field that is a whole number, written as one or in quotes."""
    value = holder.get(key)
    if isinstance(value, str) and len(value) <= _MAX_DIGITS and value.isascii():
        return int(value) if value.isdigit() else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value if -_BIGGEST <= value < _BIGGEST else None
    return None


def count_of(holder: JsonObject, key: str) -> int | None:
    """Return a field that is a whole number from zero up."""
    value = integer_of(holder, key)
    return value if value is not None and value >= 0 else None


def moment_of(holder: JsonObject, key: str, *, zone: tzinfo | None) -> datetime | None:
    """Return the UTC time of a field such as `date`.

    Since 3.7.6 `date_unixtime` names the instant. `date` alone is what the exporting machine's
    clock showed: in `zone`, or else taken as UTC.
    """
    instant = integer_of(holder, f"{key}_unixtime")
    shown = string_of(holder, key)
    try:
        if instant is not None:
            return datetime.fromtimestamp(instant, UTC)
        if shown is None:
            return None
        local = datetime.fromisoformat(shown)
        return local.replace(tzinfo=local.tzinfo or zone or UTC).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
