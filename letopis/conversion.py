"""Converts the values of parameters without pydantic, where they are valid and of plain types."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

if TYPE_CHECKING:
    from typer import Context

_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


def convert_plainly(params: list[Any]) -> list[Any]:
    """Let parameters of Typer convert plain values by themselves, and return them.

    Typer imports pydantic and builds a validator for every parameter, given or not, which takes
    60 ms of a search.
    """
    for param in params:
        # Typer caches its own conversion here on first use; if it no longer does, nothing changes.
        if param._runtime_param is None:  # noqa: SLF001
            param._runtime_param = _PlainConversion(param)  # noqa: SLF001
    return params


class _PlainConversion:
    """Converts the values of one parameter; what is invalid or unusual is left to Typer."""

    def __init__(self, param: Any) -> None:
        self._info = param.type_descriptor.parameter_info
        self._type = param.type_descriptor.annotation

    def coerce(self, value: Any, *, param: Any, ctx: Context) -> Any:
        """Return a value in the parameter's type; `None` means that it is not given."""
        if value is None or self._type is str or value in get_args(self._type):
            return value
        if self._type == list[str]:
            return list(value)
        if self._type is Path:
            return Path(value)
        if self._type is int and _NUMBER.fullmatch(str(value)) and self._is_in_range(int(value)):
            return int(value)
        param._runtime_param = None  # noqa: SLF001  # Typer makes its own
        return param.get_runtime_param().coerce(value, param=param, ctx=ctx)

    def _is_in_range(self, value: int) -> bool:
        least, most = self._info.min, self._info.max
        return (least is None or value >= least) and (most is None or value <= most)
