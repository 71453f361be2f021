"""Values as JSON text: dataclasses as objects, times as timestamps."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from model.clock import to_stamp
from model.printable import OBEYED

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def to_json(value: Any) -> str:
    """Return a value as one line of JSON, with times in UTC.

    Control characters are escaped, so a terminal does not obey them and nothing is lost.

    Raises:
        ValueError: It contains a number that JSON cannot represent.
    """
    written = json.dumps(value, ensure_ascii=False, allow_nan=False, default=_as_json)
    return OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def _as_json(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return fields_of(value)
    if isinstance(value, datetime):
        return to_stamp(value)
    return str(value)


def fields_of(value: DataclassInstance) -> dict[str, Any]:
    """Return the fields of a dataclass by name."""
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
