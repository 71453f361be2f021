"""Letopis's own copies of attached files, stored once each under their SHA-256."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import IO

from ingest.files import ExportPath, digest_of
from model.errors import ArchiveUnwritable
from model.messages import Code
from model.whole_files import Part, making

_PORTION = 1024 * 1024
_LONGEST_CLONE = 1024 * _PORTION
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")
_NAME = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}(?:\.[a-z0-9]{1,8})?")


class MediaStore:
    """A folder of files such as `3f/3fa9….jpg`; several programs may add to it at once.

    `Media.copy` holds the names it returns. The folder is created with the first file.

    Args:
        folder: Where files are kept.
        link: Whether to hard-link files on the same disk. That takes no space, but anything that
            overwrites the original overwrites the kept file too.
    """

    def __init__(self, folder: Path, *, link: bool = False) -> None:
        self.folder = folder
        self._may_link = link

    def keep_file(self, path: ExportPath) -> str:
        """Keep a file, and return its name; keeping it again changes nothing.

        It stays when its export is deleted. On file systems with shared extents (Btrfs, XFS) the
        copy takes no space.

        Raises:
            OSError: The file cannot be read.
            ArchiveUnwritable: The folder is not writable.
        """
        with path.open("rb") as file:
            if isinstance(path, Path):
                name = _name(hashlib.file_digest(file, "sha256").hexdigest(), path.suffix)
                if self._holds(name, size=file.tell()) and not self._shares(path, name):
                    return name
                if self._may_link and self._link(path, name):
                    return name
                file.seek(0)
            return self._take_in(file, path.suffix)

    def keep_bytes(self, data: bytes, suffix: str) -> str:
        """Keep a file that is in memory, and return its name.

        Raises:
            ArchiveUnwritable: The folder is not writable.
        """
        return self._take_in(BytesIO(data), suffix)

    def find(self, name: str) -> Path | None:
        """Return the path of a kept file, or `None`.

        An archive may come from anyone: names that no store returns are not followed.
        """
        if not _NAME.fullmatch(name):
            return None
        path = self.folder / name
        return path if path.is_file() and not path.is_symlink() else None

    def is_whole(self, name: str, *, size: int | None, thorough: bool) -> bool:
        """Return whether a kept file is unchanged.

        Args:
            name: Its name.
            size: Its expected size, if a source gives one.
            thorough: Whether to read it even if the size is right.
        """
        path = self.folder / name
        try:
            if not thorough and (size is None or _is_about(path.stat().st_size, size)):
                return True
            return digest_of(path) == path.stem
        except OSError:
            return False

    def _holds(self, name: str, *, size: int) -> bool:
        """Return whether a file exists and is complete."""
        path = self.find(name)
        return path is not None and path.stat().st_size == size

    def _link(self, path: Path, name: str) -> bool:
        """Create the hard link if the file system allows it and the name is free."""
        with self._explaining_errors():
            place = self._place(name)
        try:
            os.link(path, place)
        except OSError:
            return False
        return True

    def _shares(self, path: Path, name: str) -> bool:
        """Return whether a kept file is a hard link to the original but must not be."""
        return not self._may_link and path.samefile(self.folder / name)

    def _take_in(self, data: IO[bytes], suffix: str) -> str:
        """Write a temporary file; complete and synced, it gets its name."""
        with self._making() as part:
            digest = _clone(data, part) or self._write(data, part)
            name = _name(digest, suffix)
            with self._explaining_errors():
                part.put(self._place(name), replaces=True)
        return name

    def _write(self, data: IO[bytes], part: Part) -> str:
        """Copy the rest of a stream, and return its digest."""
        digest = hashlib.sha256()
        while portion := data.read(_PORTION):
            digest.update(portion)
            with self._explaining_errors():
                part.file.write(portion)
        return digest.hexdigest()

    @contextmanager
    def _making(self) -> Iterator[Part]:
        """Create a temporary file."""
        with ExitStack() as stack:
            with self._explaining_errors():
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                part = stack.enter_context(making(self.folder))
            yield part

    def _place(self, name: str) -> Path:
        place = self.folder / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return place

    @contextmanager
    def _explaining_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as exc:
            raise ArchiveUnwritable(
                Code.MEDIA_UNWRITABLE, folder=self.folder, cause=exc.strerror or exc
            ) from exc


def _clone(data: IO[bytes], part: Part) -> str | None:
    """Let the system clone a file, which may be free, and return the digest of the clone.

    `None` if it cannot: not on Linux, from memory, or from another disk.
    """
    with suppress(OSError, AttributeError):
        source, copied = data.fileno(), 0
        while portion := os.copy_file_range(source, part.file.fileno(), _LONGEST_CLONE, copied):
            copied += portion
        return digest_of(part.path)
    part.file.seek(0)
    part.file.truncate()
    return None


def _name(digest: str, suffix: str) -> str:
    """Return the name to keep a file under; only a plain extension is taken from the original."""
    ending = suffix.lower() if _SUFFIX.fullmatch(suffix) else ""
    return f"{digest[:2]}/{digest}{ending}"


def _is_about(size: int, told: int) -> bool:
    """Compare a size with one that a page may have rounded to a tenth of a unit."""
    unit = 1024 * 1024 if told >= 1024 * 1024 else 1024
    return abs(size - told) <= unit // 10
