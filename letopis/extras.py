"""Extras: packages that one command needs and the base install lacks."""

from __future__ import annotations

from importlib.util import find_spec

from model.errors import UsageError
from model.messages import Code


def require_extra(extra: str, *, package: str) -> None:
    """Check that the package of an extra is installed, without importing it.

    Raises:
        UsageError: It is not.
    """
    if find_spec(package) is None:
        raise UsageError(Code.EXTRA_MISSING, extra=extra)
