"""The folder of an index: several generations, one of which is current."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from model.errors import IndexBusy, IndexUnwritable
from model.messages import Code
from model.whole_files import FileIdentity, identity_of, making
from search.generation import Generation, open_generation

_CURRENT = "CURRENT"
_STAMP = "stamp.json"
_LOCK = "write.lock"
_NAME = re.compile(r"(?:whoosh|tantivy)-\w+")


class IndexFolder:
    """Folders named after their engine, and the file `CURRENT` with the name of the one in use.

    A new generation is built beside it and swapped in by one rename, so that at any moment, even
    after a power loss, there is either the old or the new one.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder
        # Cached, because every search needs `CURRENT`, and it rarely changes.
        self._read: tuple[FileIdentity, Path] | None = None

    def current(self) -> Path:
        """Return the folder of the current generation.

        Raises:
            FileNotFoundError: There is none.
            ValueError: `CURRENT` is invalid.
        """
        path = self.path / _CURRENT
        identity = identity_of(path)
        if self._read is None or identity != self._read[0]:
            name = path.read_text("utf-8").strip()
            if not _NAME.fullmatch(name):
                raise ValueError(name)
            self._read = identity, self.path / name
        return self._read[1]

    def version(self) -> object:
        """Return the version record of the current generation.

        Raises:
            FileNotFoundError: There is none, or it was not finished.
            ValueError: A file is invalid.
        """
        version: object = json.loads((self.current() / _STAMP).read_text("utf-8"))
        return version

    def open(self, folder: Path, *, create: bool = False) -> Generation:
        """Open a generation by its folder."""
        return open_generation(folder, create=create)

    @contextmanager
    def new_generation(self, engine: str, version: Mapping[str, object]) -> Iterator[Path]:
        """Yield a folder for a new generation, which becomes the current one afterwards.

        It is removed on any exception, as it may have filled the disk.
        """
        generation = Path(tempfile.mkdtemp(prefix=f"{engine}-", dir=self.path))
        try:
            yield generation
            _write_whole(generation / _STAMP, json.dumps(version))
            _write_whole(self.path / _CURRENT, generation.name)
        except BaseException:
            shutil.rmtree(generation, ignore_errors=True)
            raise
        self.sweep()

    def check_room(self) -> None:
        """Check that there is room for a new generation beside the current one.

        Raises:
            OSError: There is not.
        """
        needed = sum(path.stat().st_size for path in self.current().rglob("*"))
        if shutil.disk_usage(self.path).free < needed:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def sweep(self) -> None:
        """Remove generations that are not current."""
        current = self.current()
        for folder in self.path.iterdir():
            if _NAME.fullmatch(folder.name) and folder != current:
                shutil.rmtree(folder, ignore_errors=True)

    def writing(self, *, lock_seconds: float) -> AbstractContextManager[None]:
        """Hold the write lock, against threads and other processes: see `write_lock`."""
        return write_lock(self.path, lock_seconds=lock_seconds)


@contextmanager
def write_lock(folder: Path, *, lock_seconds: float) -> Iterator[None]:
    """Hold the write lock of an index's folder.

    Raises:
        IndexBusy: Another writer keeps it.
        IndexUnwritable: The folder is not writable.
    """
    try:
        with FileLock(folder / _LOCK, timeout=lock_seconds):
            yield
    except Timeout as exc:
        raise IndexBusy(Code.INDEX_BUSY) from exc
    except OSError as exc:
        raise IndexUnwritable(
            Code.INDEX_UNWRITABLE, folder=folder, cause=exc.strerror or exc
        ) from exc


def _write_whole(path: Path, text: str) -> None:
    if path.is_dir():
        shutil.rmtree(path)  # whatever brought it here, it keeps every index from being published
    with making(path.parent) as part:
        part.file.write(text.encode())
        part.put(path, replaces=True)
