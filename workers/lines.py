"""The messages between a program and its workers: dataclasses, one line of JSON each.

Nothing else is exchanged: a worker compromised by a file can give wrong answers, but no more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Message = TypeVar("_Message")


def write_line(message: DataclassInstance) -> bytes:
    """Encode a message as a line that names its type."""
    return json.dumps({"kind": type(message).__name__, **asdict(message)}).encode() + b"\n"


def read_line(line: bytes, kinds: Iterable[type[_Message]]) -> _Message:
    """Decode a message of one of the given types.

    Fields may be JSON values, enums, other dataclasses, or tuples of these.

    Raises:
        ValueError: It is not one of these messages.
    """
    try:
        values = json.loads(line)
        name = values.pop("kind")
        kind = next(kind for kind in kinds if kind.__name__ == name)
        message: _Message = _decode(values, kind)
    except (KeyError, TypeError, AttributeError, StopIteration) as exc:
        raise ValueError("it is no message of a worker") from exc
    return message


def _decode(value: Any, form: Any) -> Any:
    if is_dataclass(form):
        forms = get_type_hints(form)
        return form(**{name: _decode(each, forms[name]) for name, each in value.items()})  # type: ignore[operator]  # mypy also considers instances
    if get_origin(form) is tuple:
        return tuple(_decode(each, get_args(form)[0]) for each in value)
    if isinstance(form, type) and issubclass(form, Enum):
        return form(value)
    return value
