"""Tell whether a small file has been replaced, without reading it."""

from __future__ import annotations

from pathlib import Path

State = tuple[int, int, int]


def state_of(path: Path) -> State:
    """Return what differs between a file and the one that took its place by being renamed.

    Both were there for a moment, so they are two to the system. Only a third one might be given
    the number of the first; then its time differs, unless the index was written twice within a
    tick of the system's clock, some milliseconds.
    """
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size
