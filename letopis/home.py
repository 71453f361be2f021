"""The home folder: where the archive, the bot's state, the index and the settings lie."""

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
    """Return the platform's user data folder for Letopis; nothing is created."""
    return user_data_path("letopis", appauthor=False)


@dataclass(frozen=True, slots=True)
class Home:
    """The paths inside one home folder; nothing is created by naming it."""

    folder: Path

    @property
    def archive(self) -> Path:
        """The archive, a SQLite file that can be handed to anyone."""
        return self.folder / "archive.db"

    @property
    def bot_state(self) -> Path:
        """The bot's own state: people and sessions, kept apart from the archive."""
        return self.folder / "bot.db"

    @property
    def index(self) -> Path:
        """The search index, a cache that is rebuilt whenever it is missing."""
        return self.folder / "index"

    @property
    def cached_index(self) -> Path:
        """The index of this user's own, where that of the home is another's or cannot be written.

        It lies in the platform's cache folder, under a name that is made of the archive's path.
        """
        from hashlib import sha256

        key = sha256(os.fsencode(self.archive.absolute())).hexdigest()[:32]
        return user_cache_path("letopis", appauthor=False) / "indexes" / key

    @property
    def media(self) -> Path:
        """Copies of what was attached to posts, each file once, named by what it holds."""
        return self.folder / "media"

    @property
    def spool(self) -> Path:
        """Posts that the bot received and that are not archived yet, a file each."""
        return self.folder / "spool"

    @property
    def webhook_secret(self) -> Path:
        """What Telegram shows the bot, where the settings name no secret of their own."""
        return self.folder / "webhook.secret"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.folder / "letopis.toml"

    def why_no_archive(self) -> str | None:
        """Return what keeps the archive from being found, `None` where it is there."""
        try:
            self.archive.stat()
        except OSError as exc:
            return str(exc.strerror)
        return None

    def is_writable(self) -> bool:
        """Tell whether the archive can be written, and what SQLite puts beside it."""
        from db.engine import is_writable

        return is_writable(self.folder) and is_writable(self.archive)

    def make(self) -> None:
        """Create the folder, readable by its owner alone.

        Raises:
            ArchiveUnwritable: it cannot be created.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as exc:
            raise ArchiveUnwritable(
                Code.HOME_UNWRITABLE, home=self.folder, cause=exc.strerror
            ) from exc

    @contextmanager
    def writing(self, *, wait: float, on_wait: Callable[[], None]) -> Iterator[None]:
        """Hold the home for one import at a time; the operating system frees it after a crash.

        Args:
            wait: seconds to wait for another process before giving up.
            on_wait: called once if another process is at work.

        Raises:
            ArchiveBusy: another process was still importing after `wait` seconds.
            ArchiveUnwritable: the folder cannot be written.
        """
        from db import import_lock

        with import_lock(self.archive, wait=wait, on_wait=on_wait):
            yield

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Hold the home for one bot at a time; the operating system frees it after a crash.

        Raises:
            AlreadyRunning: another bot answers from this home.
            ArchiveUnwritable: the folder cannot be written.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / "bot.lock", mode=0o600)
        try:
            lock.acquire(timeout=0)
        except Timeout as exc:
            raise AlreadyRunning(Code.BOT_RUNS, home=self.folder) from exc
        except OSError as exc:
            raise ArchiveUnwritable(
                Code.HOME_UNWRITABLE, home=self.folder, cause=exc.strerror
            ) from exc
        try:
            yield
        finally:
            lock.release()
