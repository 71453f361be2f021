"""Writes files atomically: they appear complete or not at all, even after a crash or power loss."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

if sys.platform != "win32":  # pragma: no branch
    import fcntl

_NAME = re.compile(r"\.part-[0-9a-f]{16}")
_FOLDER_NAME = re.compile(r"\.parts-[0-9a-f]{16}")
_BESIDE_DATABASES = ("-journal", "-wal", "-shm")


class Part:
    """A file being written, readable only by its owner.

    Write through `file`, or give `path` to another library.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self.file = file

    def put(self, target: Path, *, replaces: bool) -> None:
        """Sync the file to disk and move it to its final name in the same folder.

        Raises:
            FileExistsError: The name is taken and must not be replaced.
            OSError: The disk is full or failing.
        """
        self.file.flush()
        os.fsync(self.file.fileno())
        if sys.platform == "win32":  # pragma: no cover  # Windows cannot rename an open file
            self.file.close()
        if replaces:
            self.path.replace(target)
        else:
            _rename_to_new(self.path, target)
        _sync_folder(target.parent)


@contextmanager
def making(folder: Path) -> Iterator[Part]:
    """Open an empty temporary file in a folder; it is removed on exit unless `put` was called.

    Leftovers of killed programs are removed first. A file that another program is still writing is
    locked and stays.

    Raises:
        OSError: The folder is not writable.
    """
    _sweep(folder)
    part = _open_part(folder)
    try:
        yield part
    finally:
        _remove(part.path)
        with suppress(OSError):  # a full disk may refuse this write too
            part.file.close()


@contextmanager
def making_folder(target: Path) -> Iterator[Path]:
    """Yield an empty temporary folder that becomes `target` on success; it is removed otherwise.

    Its files are not synced one by one, which would take minutes for thousands: it survives a kill
    whole or not at all, but not a power loss within seconds.

    Raises:
        FileExistsError: The name is taken by anything but an empty folder.
        OSError: The disk is full or failing, or the parent folder is not writable.
    """
    for left in target.parent.iterdir():
        if _FOLDER_NAME.fullmatch(left.name):
            with suppress(OSError):  # another program is writing it
                _remove_folder(left)
    path = target.parent / f".parts-{secrets.token_hex(8)}"
    path.mkdir(mode=0o700)
    descriptor = _lock_folder(path)
    try:
        yield path
        try:
            path.rename(target)
        except OSError as exc:
            if exc.errno in {errno.ENOTEMPTY, errno.ENOTDIR, errno.EEXIST}:
                raise FileExistsError(target) from exc
            raise
    finally:
        shutil.rmtree(path, ignore_errors=True)
        if descriptor is not None:  # pragma: no branch
            os.close(descriptor)


def _lock_folder(path: Path) -> int | None:
    """Open a folder and lock it for as long as it is open."""
    if sys.platform == "win32":  # pragma: no cover  # folders cannot be opened there
        return None
    descriptor = os.open(path, os.O_RDONLY)
    with suppress(OSError):  # not every file system supports locks
        _lock(descriptor, waits=True)
    return descriptor


def _open_part(folder: Path) -> Part:
    while True:
        path = folder / f".part-{secrets.token_hex(8)}"
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        file = os.fdopen(descriptor, "wb")
        with suppress(OSError):  # not every file system supports locks
            _lock(descriptor, waits=True)
        if os.fstat(descriptor).st_nlink:
            return Part(path, file)
        file.close()  # pragma: no cover  # another process removed it before it was locked


FileIdentity = tuple[int, int, int]


def identity_of(path: Path) -> FileIdentity:
    """Return a value that differs between a file and another one renamed over it.

    Both existed for a moment, so their inode numbers differ. A third file may reuse the first one's
    number; then its time differs, unless both were written within a tick of the system clock, a few
    milliseconds.

    Raises:
        OSError: There is no such file.
    """
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _sweep(folder: Path) -> None:
    for path in folder.iterdir():
        if _NAME.fullmatch(path.name) and path.is_file():
            with suppress(OSError), path.open("rb") as file:
                _lock(file.fileno(), waits=False)
                _remove(path)


def _remove_folder(path: Path) -> None:
    """Remove what a killed program left.

    Raises:
        OSError: It is still being written, or no folder.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    try:
        _lock(descriptor, waits=False)
        shutil.rmtree(path)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    for suffix in (*_BESIDE_DATABASES, ""):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _lock(descriptor: int, *, waits: bool) -> None:
    """Lock a file until it is closed; on Windows an open file cannot be removed anyway.

    Raises:
        OSError: It is locked already, or the file system has no locks.
    """
    if sys.platform != "win32":  # pragma: no branch
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))


def _rename_to_new(path: Path, target: Path) -> None:
    """Rename without replacing: a hard link fails where the new name exists."""
    try:
        os.link(path, target)
    except FileExistsError:
        raise
    except OSError:
        # FAT and some network file systems have no hard links.
        if target.exists():
            raise FileExistsError(target) from None
        path.rename(target)


def _sync_folder(folder: Path) -> None:
    """Sync the folder, so that the name itself survives a power loss."""
    if sys.platform != "win32":  # pragma: no branch
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
