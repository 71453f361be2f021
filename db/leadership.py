"""Leadership: of all processes that share a database, one acts in a role, and others are ready."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from model.errors import ArchiveUnwritable
from model.messages import Code


class Leadership(Protocol):
    """The right to act in a role, which one process at a time has.

    `can_wait` tells whether another process may wait for it: where it is refused for good, the
    second one was started by mistake.
    """

    @property
    def can_wait(self) -> bool:
        """Return whether a process that does not lead may wait until it does."""

    def take(self, *, on_lost: Callable[[], object]) -> bool:
        """Lead, unless another process does; return whether this one leads.

        `on_lost` is called once, from any thread, if the right is lost before it is given up.
        Until then everything that is written is checked against it in the same transaction.

        Raises:
            ArchiveError: The database cannot be asked.
        """

    def is_held(self) -> bool:
        """Return whether this process certainly still leads; asks nobody."""

    def give_up(self) -> None:
        """Let another process lead at once."""


class FileLeadership:
    """Leadership among the processes of one machine, by a lock that ends with its process."""

    can_wait = False

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(path, mode=0o600, thread_local=False)

    def take(self, *, on_lost: Callable[[], object]) -> bool:  # noqa: ARG002  # nobody takes it away
        """Take the lock, unless another process has it.

        Raises:
            ArchiveUnwritable: The folder is not writable.
        """
        path = Path(self._lock.lock_file)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as exc:
            raise ArchiveUnwritable(
                Code.HOME_UNWRITABLE, home=path.parent, cause=exc.strerror
            ) from exc
        return True

    def is_held(self) -> bool:
        """Return whether this process has the lock."""
        return self._lock.is_locked

    def give_up(self) -> None:
        """Release the lock."""
        self._lock.release()
