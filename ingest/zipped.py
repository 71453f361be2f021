"""An export inside a zip, read without unpacking it to disk."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BufferedReader, RawIOBase
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Literal

from ingest.files import ExportPath
from model.errors import SourceError
from model.messages import Code

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_TOP = PurePosixPath()
_MAX_DEPTH = 32
_DRIVE = re.compile(r"[A-Za-z]:")
_ENCRYPTED = 0x1
_NESTED = frozenset({".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz"})
_OFFICE = ("[Content_Types].xml", "META-INF/manifest.xml")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits on a zip, in bytes that really come out of it.

    `total` bounds everything read, unless `growth` times the zip's own size is more. `page` bounds
    a file held in memory as a whole. Up to `ratio_from` bytes a member may have any compression
    ratio, beyond that at most `ratio`.
    """

    entries: int = 100_000
    total: int = 1024**3
    growth: int = 4
    page: int = 200 * 1024**2
    ratio: int = 100
    ratio_from: int = 10 * 1024**2


LIMITS = Limits()


@dataclass(slots=True, eq=False)
class _Archive:
    """An open zip: its members by path, and how much of each has been read."""

    path: ExportPath
    zip: zipfile.ZipFile
    members: Mapping[PurePosixPath, zipfile.ZipInfo]
    folders: Mapping[PurePosixPath, frozenset[PurePosixPath]]
    limits: Limits
    read: dict[PurePosixPath, int] = field(default_factory=dict)
    total: int = 0

    def count(self, place: PurePosixPath, position: int) -> None:
        """Count what was read of a member, from its start up to `position`.

        Raises:
            SourceError: It is more than an export would contain.
        """
        before = self.read.get(place, 0)
        if position <= before:
            return
        self.read[place] = position
        self.total += position - before
        limits, packed = self.limits, self.members[place].compress_size
        if position > limits.ratio_from and position > packed * limits.ratio:
            raise SourceError(Code.ZIP_BOMB, path=self.path)
        most = max(limits.total, limits.growth * self.path.stat().st_size)
        if self.total > most:
            raise SourceError(Code.ZIP_TOO_BIG, path=self.path, most=most)


class MemberError(OSError):
    """A file in a zip cannot be read; `code` says why."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """Metadata of a member."""

    st_size: int


@dataclass(frozen=True, slots=True)
class ZippedPath:
    """A file or folder inside a zip."""

    archive: _Archive
    place: PurePosixPath = _TOP

    def __str__(self) -> str:
        return f"{self.archive.path}/{self.place}" if self.place.name else str(self.archive.path)

    @property
    def name(self) -> str:
        """Return the last path component; for the root, the zip's name without its extension."""
        zip_name = self.archive.path.name
        return self.place.name or zip_name.removesuffix(self.archive.path.suffix)

    @property
    def suffix(self) -> str:
        """Return the file extension, with its dot."""
        return self.place.suffix

    @property
    def parent(self) -> ZippedPath:
        """Return the containing folder; the root is the zip itself."""
        return ZippedPath(self.archive, self.place.parent)

    def joinpath(self, *parts: str) -> ZippedPath:
        """Return a path below this one."""
        return ZippedPath(self.archive, self.place.joinpath(*parts))

    def absolute(self) -> ZippedPath:
        """Return itself."""
        return self

    def as_posix(self) -> str:
        """Return the path with slashes, prefixed by the zip's own."""
        return (PurePosixPath(self.archive.path.absolute().as_posix()) / self.place).as_posix()

    def exists(self) -> bool:
        """Return whether it exists."""
        return self.is_file() or self.is_dir()

    def is_dir(self) -> bool:
        """Return whether it is a folder."""
        return self.place in self.archive.folders

    def is_file(self) -> bool:
        """Return whether it is a file."""
        return self.place in self.archive.members

    def is_symlink(self) -> bool:
        """Return `False`: links are left out."""
        return False

    def iterdir(self) -> Iterator[ZippedPath]:
        """Yield the entries of a folder."""
        for place in self.archive.folders.get(self.place, ()):
            yield ZippedPath(self.archive, place)

    def stat(self) -> MemberFacts:
        """Return the size that the zip claims."""
        return MemberFacts(st_size=self.archive.members[self.place].file_size)

    def open(self, _mode: Literal["rb"], /) -> BufferedReader:
        """Open the file for reading.

        Raises:
            MemberError: The data is damaged or encrypted.
        """
        member = self.archive.members[self.place]
        if member.flag_bits & _ENCRYPTED:
            raise MemberError(Code.ZIP_LOCKED)
        try:
            return BufferedReader(_Member(self, self.archive.zip.open(member)))
        except _DAMAGE as exc:
            raise MemberError(Code.ZIP_DAMAGED) from exc

    def read_bytes(self) -> bytes:
        """Return the contents of the file.

        Raises:
            SourceError: It is larger than a page would be.
        """
        limit = self.archive.limits.page
        with self.open("rb") as file:
            content = file.read(limit + 1)
        if len(content) > limit:
            raise SourceError(Code.ZIP_TOO_BIG, path=self, most=limit)
        return content


class _Member(RawIOBase):
    """A member's data, counted while it is read."""

    def __init__(self, path: ZippedPath, data: IO[bytes]) -> None:
        super().__init__()
        self._path = path
        self._data = data
        self._position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        try:
            portion = self._data.read(len(view))
        except _DAMAGE as exc:
            raise MemberError(Code.ZIP_DAMAGED) from exc
        self._position += len(portion)
        self._path.archive.count(self._path.place, self._position)
        view[: len(portion)] = portion
        return len(portion)

    def close(self) -> None:
        self._data.close()
        super().close()


def open_zip(path: ExportPath, *, limits: Limits = LIMITS) -> ZippedPath:
    """Open a zip as a folder.

    Data is decompressed in chunks and counted as it comes out, since the sizes stored in a zip may
    be false. Links, and members whose paths lead outside, are left out.

    Raises:
        SourceError: It is damaged, has too many members, or has one of them twice.
        OSError: It cannot be read.
    """
    try:
        opened = zipfile.ZipFile(path.as_posix())
    except _DAMAGE as exc:
        raise SourceError(Code.ZIP_DAMAGED, path=path) from exc
    entries = opened.infolist()
    if len(entries) > limits.entries:
        raise SourceError(Code.ZIP_TOO_MANY, path=path, most=limits.entries)
    members: dict[PurePosixPath, zipfile.ZipInfo] = {}
    for entry in entries:
        place = _safe_place(entry)
        if place in members:
            raise SourceError(Code.ZIP_TWICE, path=path, place=place)
        if place is not None:
            members[place] = entry
    archive = _Archive(
        path=path, zip=opened, members=members, folders=_find_folders(members), limits=limits
    )
    return ZippedPath(archive)


def nested_archive(root: ZippedPath) -> str | None:
    """Return the name of an archive inside the zip, if there is one."""
    places = root.archive.members
    return next((str(place) for place in places if place.suffix.lower() in _NESTED), None)


def is_office_document(root: ZippedPath) -> bool:
    """Return whether the zip is an office document."""
    return any(PurePosixPath(name) in root.archive.members for name in _OFFICE)


def _safe_place(entry: zipfile.ZipInfo) -> PurePosixPath | None:
    """Return a member's path within the zip, or nothing if its name leads outside.

    Old Windows packers write backslashes.
    """
    name = entry.orig_filename.replace("\\", "/")
    place = PurePosixPath(name)
    leads_away = name.startswith("/") or ".." in place.parts or _DRIVE.match(name)
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    is_file = not name.endswith("/") and "\0" not in name and not is_link
    return place if is_file and not leads_away and 0 < len(place.parts) <= _MAX_DEPTH else None


def _find_folders(
    places: Iterable[PurePosixPath],
) -> Mapping[PurePosixPath, frozenset[PurePosixPath]]:
    folders: dict[PurePosixPath, set[PurePosixPath]] = {_TOP: set()}
    for place in places:
        below = place
        for folder in place.parents:
            folders.setdefault(folder, set()).add(below)
            below = folder
    return {folder: frozenset(inside) for folder, inside in folders.items()}
