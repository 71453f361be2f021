"""Generated files that are read at random: mapped into memory, so that opening one takes no time.

Processes share their pages, and only those that are looked at are read.
"""

from __future__ import annotations

from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TypeAlias

Mapped: TypeAlias = bytes | mmap
"""The content of a file; slices are bytes."""


def map_file(path: Path) -> Mapped:
    """Return the content of a file that is not empty."""
    with path.open("rb") as file:
        return mmap(file.fileno(), 0, access=ACCESS_READ)


def line_at(data: Mapped, start: int) -> bytes:
    """Return the line, or the rest of it, that begins at a place."""
    end = data.find(b"\n", start)
    return data[start : end if end >= 0 else len(data)]
