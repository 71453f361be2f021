"""The home folder: paths of archive, bot state, index and settings."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from platformdirs import user_cache_path, user_data_path

from model.errors import AlreadyRunning, ArchiveUnwritable
from model.messages import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def default_home() -> Path:
    """Return the platform's user data folder for Letopis, without creating it."""
    return user_data_path("letopis", appauthor=False)


@dataclass(frozen=True, slots=True)
class Home:
    """The paths inside a home folder; creates nothing.

    A temporary one has its archive in it, wherever settings may say that archives are.
    """

    folder: Path
    is_temporary: bool = False

    @property
    def archive(self) -> Path:
        """The archive, a SQLite file that can be given away."""
        return self.folder / "archive.db"

    @property
    def bot_state(self) -> Path:
        """The bot's own state, such as people and sessions, separate from the archive."""
        return self.folder / "bot.db"

    @property
    def index(self) -> Path:
        """The search index, a cache that is rebuilt if missing."""
        return self.folder / "index"

    @property
    def cached_index(self) -> Path:
        """This user's own index, if the one in the home is another user's or not writable.

        It is in the platform's cache folder, under a name derived from the home's path.
        """
        from hashlib import sha256

        key = sha256(os.fsencode(self.archive.absolute())).hexdigest()[:32]
        return user_cache_path("letopis", appauthor=False) / "indexes" / key

    @property
    def media(self) -> Path:
        """Copies of attached files, each stored once, named by content."""
        return self.folder / "media"

    @property
    def spool(self) -> Path:
        """Posts that the bot received but has not archived yet, one file each."""
        return self.folder / "spool"

    @property
    def fetched(self) -> Path:
        """Pages of web previews on their way into the archive, and notes on what was read."""
        return self.folder / "fetched"

    @property
    def watched(self) -> Path:
        """Notes on the exports that `letopis watch` has taken in."""
        return self.folder / "watched.json"

    @property
    def sql_history(self) -> Path:
        """What was typed in the shell of `letopis sql`."""
        return self.folder / "sql_history"

    @property
    def webhook_secret(self) -> Path:
        """The generated webhook secret, used if the settings have none."""
        return self.folder / "webhook.secret"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.folder / "letopis.toml"

    @property
    def dotenv(self) -> Path:
        """Settings as environment variables, such as secrets."""
        return self.folder / ".env"

    def why_no_archive(self) -> str | None:
        """Return why there is no accessible archive, `None` if there is one."""
        try:
            self.archive.stat()
        except OSError as exc:
            return str(exc.strerror)
        return None

    def is_writable(self) -> bool:
        """Return whether the archive, and SQLite's files beside it, can be written."""
        from db.engine import is_writable

        return self.has_writable_folder() and is_writable(self.archive)

    def has_writable_folder(self) -> bool:
        """Return whether files can be created in the folder."""
        from db.engine import is_writable

        return is_writable(self.folder)

    def make(self) -> None:
        """Create the folder, readable only by its owner.

        Raises:
            ArchiveUnwritable: It cannot be created.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as exc:
            raise ArchiveUnwritable(
                Code.HOME_UNWRITABLE, home=self.folder, cause=exc.strerror
            ) from exc

    @contextmanager
    def writing(self, *, wait: float, on_wait: Callable[[], None]) -> Iterator[None]:
        """Hold the import lock; the operating system releases it after a crash.

        Args:
            wait: Seconds to wait for another process before giving up.
            on_wait: Called once if another process holds the lock.

        Raises:
            ArchiveBusy: Another process was still importing after `wait` seconds.
            ArchiveUnwritable: The folder is not writable.
        """
        from db import import_lock

        with import_lock(self.folder, wait=wait, on_wait=on_wait):
            yield

    @contextmanager
    def fetching(self) -> Iterator[None]:
        """Hold the lock of fetching; the operating system releases it after a crash.

        Raises:
            AlreadyRunning: Another process is fetching for this home.
            ArchiveUnwritable: The folder is not writable.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / "fetch.lock", mode=0o600)
        try:
            lock.acquire(timeout=0)
        except Timeout as exc:
            raise AlreadyRunning(Code.FETCH_RUNS, home=self.folder) from exc
        except OSError as exc:
            raise ArchiveUnwritable(
                Code.HOME_UNWRITABLE, home=self.folder, cause=exc.strerror
            ) from exc
        try:
            yield
        finally:
            lock.release()
