"""Refuses index folders that another user may have written."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_OTHERS_READ = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_ROOT = 0


def make_private(folder: Path, *, user: int | None) -> Path | None:
    """Create a folder accessible only to its user, or check an existing one.

    Args:
        folder: The folder; its parents are created too.
        user: The id of the user who opens it, including root. `None` where folders have no such
            owner, as on Windows; then nothing is checked.

    Returns:
        What another user may have written, a path; `None` if that is impossible.

    Raises:
        OSError: The folder cannot be created or read.
    """
    home = folder.parent
    if user is not None and home.exists() and home.stat().st_uid not in {user, _ROOT}:
        return home
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user is not None and (found := _find_foreign(folder, user)):
        return found
    with suppress(OSError):  # it may still be readable
        folder.chmod(0o700)
    return None


def _find_foreign(folder: Path, user: int) -> Path | None:
    is_closed = not folder.lstat().st_mode & _OTHERS_READ
    for path, found in _looked_through(folder):
        is_plain = stat.S_ISDIR(found.st_mode) or stat.S_ISREG(found.st_mode)
        is_open = found.st_mode & _OTHERS_WRITE and not is_closed
        if found.st_uid != user or not is_plain or is_open:
            return path
    return None


def _looked_through(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield a folder and everything in it, except what disappears meanwhile."""
    yield folder, folder.lstat()
    for parent, folders, files in os.walk(folder):
        for path in (Path(parent, name) for name in (*folders, *files)):
            with suppress(FileNotFoundError):
                yield path, path.lstat()
