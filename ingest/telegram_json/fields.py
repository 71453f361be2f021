"""Reads fields of JSON objects by expected type; anything else counts as absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TypeAlias, cast

JsonObject: TypeAlias = Mapping[str, object]

# The range of SQLite's integers, and more digits than any Telegram number has.
_BIGGEST = 2**63
_MAX_DIGITS = 18


def as_object(value: object) -> JsonObject | None:
    """Return the value if it is an object."""
    return cast("JsonObject", value) if isinstance(value, dict) else None


def object_of(holder: JsonObject, key: str) -> JsonObject | None:
    """Return a field if it is an object."""
    return as_object(holder.get(key))


def list_of(holder: JsonObject, key: str) -> Sequence[object]:
    """Return a field if it is a list, else an empty one."""
    value = holder.get(key)
    return cast("list[object]", value) if isinstance(value, list) else ()


def objects_of(holder: JsonObject, key: str) -> Iterator[JsonObject]:
    """Yield the objects in a list field."""
    return (one for value in list_of(holder, key) if (one := as_object(value)) is not None)


def string_of(holder: JsonObject, key: str) -> str | None:
    """Return a non-empty string field without NUL, which the archive cannot hold."""
    value = holder.get(key)
    return value.replace("\0", "\ufffd") if isinstance(value, str) and value else None


def integer_of(holder: JsonObject, key: str) -> int | None:
    """Return an integer field, written as a number or a string."""
    value = holder.get(key)
    if isinstance(value, str) and len(value) <= _MAX_DIGITS and value.isascii():
        return int(value) if value.isdigit() else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value if -_BIGGEST <= value < _BIGGEST else None
    return None


def count_of(holder: JsonObject, key: str) -> int | None:
    """Return a field if it is an integer from zero up."""
    value = integer_of(holder, key)
    return value if value is not None and value >= 0 else None


def moment_of(holder: JsonObject, key: str, *, zone: tzinfo | None) -> datetime | None:
    """Return the UTC time of a field such as `date`.

    Since 3.7.6 `date_unixtime` is exact. `date` alone is the exporting machine's local time: in
    `zone`, or taken as UTC.
    """
    written = holder.get(key)
    instant = integer_of(holder, key if isinstance(written, int) else f"{key}_unixtime")
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
