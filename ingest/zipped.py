"""An export inside a zip, read without unpacking it."""

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
from model.errors import Reason, SourceError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_TOP = PurePosixPath()
_UNPACK = "unpack it and give the folder"
_MAX_DEPTH = 32
_DRIVE = re.compile(r"[A-Za-z]:")
_ENCRYPTED = 0x1
_NESTED = frozenset({".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz"})
_OFFICE = ("[Content_Types].xml", "META-INF/manifest.xml")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a zip may hold: bytes are those that really come out of it.

    `total` is for all that is read, unless the zip itself is so large that `growth` times its size
    is more. `page` is for what has to be in memory as a whole. Up to `ratio_from` bytes a member
    may be packed as tightly as it likes, beyond that `ratio` times.
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
    """An open zip: its members by place, and how much of each has been read."""

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
            SourceError: It is more than a zip of pages would hold.
        """
        before = self.read.get(place, 0)
        if position <= before:
            return
        self.read[place] = position
        self.total += position - before
        limits, packed = self.limits, self.members[place].compress_size
        if position > limits.ratio_from and position > packed * limits.ratio:
            raise SourceError(
                f"{self.path} unpacks to far more than an export has: {_UNPACK}.",
                reason=Reason.ZIP_BOMB,
            )
        most = max(limits.total, limits.growth * self.path.stat().st_size)
        if self.total > most:
            raise SourceError(
                f"{self.path} holds more than {most:,} bytes: {_UNPACK}.",
                reason=Reason.ZIP_TOO_BIG,
            )


class MemberError(OSError):
    """A file in a zip cannot be read; `reason` says why."""

    def __init__(self, sentence: str, *, reason: Reason) -> None:
        super().__init__(sentence)
        self.reason = reason


def _damaged() -> MemberError:
    return MemberError("it is damaged; pack or download it again", reason=Reason.ZIP_DAMAGED)


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """What a zip says of a member."""

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
        """Return the last part of the path; of the whole, the zip's name without its ending."""
        zip_name = self.archive.path.name
        return self.place.name or zip_name.removesuffix(self.archive.path.suffix)

    @property
    def suffix(self) -> str:
        """Return the name's ending, with its dot."""
        return self.place.suffix

    @property
    def parent(self) -> ZippedPath:
        """Return the folder it lies in; above all is the zip itself."""
        return ZippedPath(self.archive, self.place.parent)

    def joinpath(self, *parts: str) -> ZippedPath:
        """Return the path of something below it."""
        return ZippedPath(self.archive, self.place.joinpath(*parts))

    def absolute(self) -> ZippedPath:
        """Return itself."""
        return self

    def as_posix(self) -> str:
        """Return the path with slashes, the zip's own in front."""
        return (PurePosixPath(self.archive.path.absolute().as_posix()) / self.place).as_posix()

    def exists(self) -> bool:
        """Tell whether it is there."""
        return self.is_file() or self.is_dir()

    def is_dir(self) -> bool:
        """Tell whether it is a folder."""
        return self.place in self.archive.folders

    def is_file(self) -> bool:
        """Tell whether it is a file."""
        return self.place in self.archive.members

    def is_symlink(self) -> bool:
        """Say no: links were left out."""
        return False

    def iterdir(self) -> Iterator[ZippedPath]:
        """Yield what a folder holds."""
        for place in self.archive.folders.get(self.place, ()):
            yield ZippedPath(self.archive, place)

    def stat(self) -> MemberFacts:
        """Return the size that the zip names."""
        return MemberFacts(st_size=self.archive.members[self.place].file_size)

    def open(self, _mode: Literal["rb"], /) -> BufferedReader:
        """Open the file for reading.

        Raises:
            MemberError: Its data are damaged or encrypted.
        """
        member = self.archive.members[self.place]
        if member.flag_bits & _ENCRYPTED:
            raise MemberError(f"it is protected by a password; {_UNPACK}", reason=Reason.ZIP_LOCKED)
        try:
            return BufferedReader(_Member(self, self.archive.zip.open(member)))
        except _DAMAGE as exc:
            raise _damaged() from exc

    def read_bytes(self) -> bytes:
        """Return what the file holds.

        Raises:
            SourceError: It is more than a page would hold.
        """
        limit = self.archive.limits.page
        with self.open("rb") as file:
            content = file.read(limit + 1)
        if len(content) > limit:
            raise SourceError(
                f"{self.place} in {self.archive.path} has more than {limit:,} bytes: {_UNPACK}.",
                reason=Reason.ZIP_TOO_BIG,
            )
        return content


class _Member(RawIOBase):
    """A member's data, counted as they come out."""

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
            raise _damaged() from exc
        self._position += len(portion)
        self._path.archive.count(self._path.place, self._position)
        view[: len(portion)] = portion
        return len(portion)

    def close(self) -> None:
        self._data.close()
        super().close()


def open_zip(path: ExportPath, *, limits: Limits = LIMITS) -> ZippedPath:
    """Open a zip as a folder.

    What is read of it is unpacked by portions and counted as it comes out: what a zip says of its
    sizes may be a lie. Members are left out whose names lead elsewhere, and so are links.

    Raises:
        SourceError: It is damaged, holds too many members, or one of them twice.
        OSError: It cannot be read.
    """
    try:
        opened = zipfile.ZipFile(path.as_posix())
    except _DAMAGE as exc:
        raise SourceError(
            f"{path} is a damaged zip: pack or download it again.", reason=Reason.ZIP_DAMAGED
        ) from exc
    entries = opened.infolist()
    if len(entries) > limits.entries:
        raise SourceError(
            f"{path} holds more than {limits.entries:,} files: {_UNPACK}.",
            reason=Reason.ZIP_TOO_MANY,
        )
    members: dict[PurePosixPath, zipfile.ZipInfo] = {}
    for entry in entries:
        place = _safe_place(entry)
        if place in members:
            raise SourceError(f"{path} holds {place} twice: {_UNPACK}.", reason=Reason.ZIP_TWICE)
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
    """Tell whether the zip is what a program for texts or tables saves."""
    return any(PurePosixPath(name) in root.archive.members for name in _OFFICE)


def _safe_place(entry: zipfile.ZipInfo) -> PurePosixPath | None:
    """Return where a file lies in the zip, or nothing if its name leads anywhere else.

    Old packers for Windows write backslashes.
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
