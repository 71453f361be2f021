"""Takes exports into the archive that appear in a folder, once they are complete."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from ingest import run_import
from model.errors import ChannelError, SourceError
from model.messages import Code, Message
from model.whole_files import making

if TYPE_CHECKING:
    from db import PostStore
    from ingest import ImportReport

_KINDS = frozenset({".zip", ".html", ".htm", ".json"})
# What lies in a folder that is not only for exports.
_OTHER_THINGS = frozenset(
    {Code.NO_EXPORT, Code.OTHER_JSON, Code.OFFICE, Code.PICTURE, Code.EMPTY, Code.NO_WEB_POSTS}
)

Signature: TypeAlias = str
"""A value that changes with any file of an export: how many, their sizes, the latest time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An export that was not imported: it needs an answer, or is damaged."""

    path: Path
    message: Message


class FolderWatch:
    """Looks at a folder; an export is complete if two looks see the same.

    `notes` is a file that remembers what was taken in, by path and signature.
    """

    def __init__(self, folder: Path, *, notes: Path) -> None:
        self._folder = folder
        self._notes = notes
        self._seen: Mapping[Path, Signature] = {}

    def look(self) -> Sequence[tuple[Path, Signature]]:
        """Return the complete exports that were not taken in yet, oldest name first.

        Raises:
            SourceError: The folder cannot be read.
        """
        before = self._seen
        try:
            self._seen = dict(_signed(_candidates(self._folder)))
        except OSError as exc:
            raise SourceError(Code.UNREADABLE, path=self._folder, cause=exc.strerror) from exc
        taken = self._taken()
        return [
            (path, signature)
            for path, signature in self._seen.items()
            if before.get(path) == signature
            and taken.get(str(path)) != signature
            and _is_whole(path)
        ]

    def is_settled(self) -> bool:
        """Return whether a further look would find nothing, unless something changes."""
        taken = self._taken()
        return all(
            taken.get(str(path)) == signature or not _is_whole(path)
            for path, signature in self._seen.items()
        )

    def note(self, path: Path, signature: Signature) -> None:
        """Remember that an export was taken in, or refused; forget those that are gone."""
        taken = {**self._taken(), str(path): signature}
        kept = {each: sign for each, sign in taken.items() if Path(each).exists()}
        with making(self._notes.parent) as part:
            part.file.write(json.dumps(kept).encode())
            part.put(self._notes, replaces=True)

    def _taken(self) -> Mapping[str, object]:
        try:
            notes = json.loads(self._notes.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return notes if isinstance(notes, dict) else {}


def take_in(
    watch: FolderWatch,
    store: PostStore,
    *,
    importing: Callable[[], AbstractContextManager[None]],
    jobs: int = 1,
) -> Iterator[ImportReport | Waiting]:
    """Look once, and import what is complete; what is no export is passed over.

    An export that needs an answer is told of once, and again when it changes.

    Raises:
        SourceError: The folder cannot be read.
        ArchiveError: The archive cannot be written; the export is tried again at the next look.
    """
    for path, signature in watch.look():
        outcome: ImportReport | Waiting | None
        try:
            with importing():
                outcome = run_import(store, path, is_confirmed=False, jobs=jobs)
        except (ChannelError, SourceError) as exc:
            is_other = exc.reason in _OTHER_THINGS
            outcome = None if is_other else Waiting(path=path, message=exc.message)
        watch.note(path, signature)
        if outcome is not None:
            yield outcome


def _candidates(folder: Path) -> Iterator[Path]:
    """Yield the entries that may be exports; unfinished downloads have other endings."""
    for path in sorted(folder.iterdir()):
        is_file = path.suffix.lower() in _KINDS and path.is_file()
        if not path.name.startswith(".") and (is_file or path.is_dir()):
            yield path


def _signed(paths: Iterable[Path]) -> Iterator[tuple[Path, Signature]]:
    for path in paths:
        with suppress(OSError):  # it is being moved or removed
            yield path, _sign(path)


def _sign(path: Path) -> Signature:
    files = [path]
    if path.is_dir():
        files = [Path(place, name) for place, _, names in os.walk(path) for name in names]
    found = [file.lstat() for file in files]
    size = sum(each.st_size for each in found)
    return f"{len(found)} {size} {max((each.st_mtime_ns for each in found), default=0)}"


def _is_whole(path: Path) -> bool:
    """Return whether a zip has its end; anything else is whole if it does not change."""
    return path.suffix.lower() != ".zip" or path.is_dir() or zipfile.is_zipfile(path)
