"""The files of an export, whether they lie in a folder or inside a zip."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from io import BufferedReader
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
