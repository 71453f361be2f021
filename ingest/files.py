"""Files of an export, in a folder or inside a zip."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Hashable, Iterable
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Literal, Protocol


class FileFacts(Protocol):
    """Metadata of a file."""

    @property
    def st_size(self) -> int:
        """Return the size in bytes."""


class ExportPath(Hashable, Protocol):
    """A file or folder of an export: the subset of `pathlib.Path` used by readers."""

    @property
    def name(self) -> str:
        """Return the last path component."""

    @property
    def suffix(self) -> str:
        """Return the file extension, with its dot."""

    @property
    def parent(self) -> ExportPath:
        """Return the containing folder."""

    def joinpath(self, *parts: str) -> ExportPath:
        """Return a path below this one."""

    def absolute(self) -> ExportPath:
        """Return the absolute path."""

    def as_posix(self) -> str:
        """Return the path with slashes."""

    def exists(self) -> bool:
        """Return whether it exists."""

    def is_dir(self) -> bool:
        """Return whether it is a folder."""

    def is_file(self) -> bool:
        """Return whether it is a file."""

    def is_symlink(self) -> bool:
        """Return whether it is a symbolic link."""

    def iterdir(self) -> Iterable[ExportPath]:
        """Yield the entries of a folder."""

    def open(self, mode: Literal["rb"], /) -> BufferedReader:
        """Open the file for reading."""

    def read_bytes(self) -> bytes:
        """Return the contents of the file."""

    def stat(self) -> FileFacts:
        """Return the metadata of the file."""


def find_inside(folder: ExportPath, place: str) -> ExportPath:
    """Return a regular file by its path within the export's folder.

    A folder may come from anyone: paths that lead out of it, and links anywhere on the way, are not
    followed.

    Raises:
        FileNotFoundError: It does not exist.
        OSError: It leads elsewhere, or is not a file.
    """
    file = folder.joinpath(*PurePosixPath(place).parts)
    if isinstance(folder, Path) and isinstance(file, Path):
        _refuse_links(folder, file)
    if file.is_file():
        return file
    if file.exists():
        raise OSError(errno.EINVAL, "it is no file")
    raise FileNotFoundError(errno.ENOENT, "it is not there")


def digest_of(path: ExportPath) -> str:
    """Return the hex SHA-256 of a file's contents."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_links(folder: Path, file: Path) -> None:
    """Raise unless the real path equals the given one, below the folder."""
    try:
        top, real = folder.resolve(strict=True), file.resolve(strict=True)
        named = top / file.relative_to(folder)
    except (ValueError, RuntimeError) as exc:  # a root or NUL in the name, a cycle of links
        raise OSError(errno.EINVAL, "it leads nowhere") from exc
    if real != named or not real.is_relative_to(top):
        raise PermissionError(errno.EPERM, "it leads out of the export")
