"""The sample channel: an invented channel about data, as an export for `letopis demo`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

_EXPORT = "ChatExport_2026-11-20"


def sample_export() -> Path:
    """Return the folder of the sample export, beside this module."""
    return Path(str(files(__name__))) / _EXPORT
