"""Allows one import at a time, with a lock beside the archive that a crash releases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from model.errors import ArchiveBusy, ArchiveUnwritable
from model.messages import Code


@contextmanager
def import_lock(home: Path, *, wait: float, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the import lock; the operating system releases it after a crash.

    Args:
        home: The folder of the archive, in which the lock lies.
        wait: Seconds to wait for another process before giving up.
        on_wait: Called once if another process holds the lock.

    Raises:
        ArchiveBusy: Another process was still importing after `wait` seconds.
        ArchiveUnwritable: The folder is not writable.
    """
    lock = FileLock(home / "import.lock", mode=0o600)
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_wait()
            lock.acquire(timeout=wait)
    except Timeout as exc:
        raise ArchiveBusy(Code.IMPORT_RUNS, path=home) from exc
    except OSError as exc:
        raise ArchiveUnwritable(Code.HOME_UNWRITABLE, home=home, cause=exc.strerror) from exc
    try:
        yield
    finally:
        lock.release()
