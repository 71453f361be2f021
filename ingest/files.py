"""The files of an export, whether they lie in a folder or inside a zip."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Hashable, Iterable
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Literal, Protocol


class FileFacts(Protocol):
    """What is known of a file without reading it."""

    @property
    def st_size(self) -> int:
        """Return its length in bytes."""


class ExportPath(Hashable, Protocol):
    """A file or folder of an export: the part of `pathlib.Path` that readers rely on."""

    @property
    def name(self) -> str:
        """Return the last part of the path."""

    @property
    def suffix(self) -> str:
        """Return the name's ending, with its dot."""

    @property
    def parent(self) -> ExportPath:
        """Return the folder it lies in."""

    def joinpath(self, *parts: str) -> ExportPath:
        """Return the path of something below it."""

    def absolute(self) -> ExportPath:
        """Return it with its whole path."""

    def as_posix(self) -> str:
        """Return the path with slashes."""

    def exists(self) -> bool:
        """Tell whether it is there."""

    def is_dir(self) -> bool:
        """Tell whether it is a folder."""

    def is_file(self) -> bool:
        """Tell whether it is a file."""

    def is_symlink(self) -> bool:
        """Tell whether it is a link to something else."""

    def iterdir(self) -> Iterable[ExportPath]:
        """Yield what a folder holds."""

    def open(self, mode: Literal["rb"], /) -> BufferedReader:
        """Open the file for reading."""

    def read_bytes(self) -> bytes:
        """Return what the file holds."""

    def stat(self) -> FileFacts:
        """Return what is known of the file without reading it."""


def find_inside(folder: ExportPath, place: str) -> ExportPath:
    """Return a regular file of an export by its place in the export's folder.

    A folder may come from anyone: neither a place that leads out of it nor a link, anywhere on
    the way, is followed.

    Raises:
        FileNotFoundError: It is not there.
        OSError: It leads elsewhere, or is no file.
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
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_links(folder: Path, file: Path) -> None:
    """Raise if a path is not plainly below a folder: the real path must be the named one."""
    try:
        top, real = folder.resolve(strict=True), file.resolve(strict=True)
        named = top / file.relative_to(folder)
    except (ValueError, RuntimeError) as exc:  # a root or a NUL in the name, links in a circle
        raise OSError(errno.EINVAL, "it leads nowhere") from exc
    if real != named or not real.is_relative_to(top):
        raise PermissionError(errno.EPERM, "it leads out of the export")
