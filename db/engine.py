"""Opens SQLite files: modes, pragmas, transactions, and errors that people understand."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.pool import QueuePool

from db.damage import find_damage, is_decoding_error
from model.errors import ArchiveBusy, ArchiveError, ArchiveUnwritable
from model.messages import Code
from model.whole_files import making

# A file may come from anyone: with `trusted_schema` off, its views can only call harmless
# functions.
# #
# Every connection has its own cache, and a bot has five connections. Searches are as fast with four
# megabytes each as with sixteen; imports write 4 % slower.
_PRAGMAS = ("foreign_keys = ON", "trusted_schema = OFF", "cache_size = -4000")
_WRITING = (
    # A post takes two to three kilobytes, which fit badly into pages of the default 4 KB: with 16
    # KB the file is 40 % smaller and written 1.5 times as fast. Affects only new files.
    "page_size = 16384",
    *_PRAGMAS,
    # With a write-ahead log, NORMAL loses nothing when a program is killed.
    "synchronous = NORMAL",
    "journal_size_limit = 67108864",
)
# Sorting would otherwise spill to a temporary folder, whose disk may be full.
_READING = (*_PRAGMAS, "query_only = ON", "temp_store = MEMORY")
# Fallback where the shared-memory file for readers cannot be created.
_NOT_SHARED = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY_DIRECTORY,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_SHMOPEN,
}


def create_file_engine(path: Path, *, read_only: bool, busy_seconds: float) -> Engine:
    """Return the engine of a file, which opens no connection yet."""

    def connect() -> sqlite3.Connection:
        if read_only:
            return _connect_to_read(path, busy_seconds=busy_seconds)
        return _connect(path, "mode=rw", busy_seconds=busy_seconds)

    # No connection limit: a thread that may not read would wait for one that is not done.
    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, max_overflow=-1)
    pragmas = _READING if read_only else _WRITING

    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: sqlite3.Connection, _: Any) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        if not read_only:
            _switch_to_log(connection, busy_seconds=busy_seconds)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes later may be refused without waiting.
        writes = connection.get_execution_options().get("takes_write_lock", False)
        driver_connection(connection).execute("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def driver_connection(connection: Connection) -> sqlite3.Connection:
    """Return the driver's connection under SQLAlchemy's."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


@contextmanager
def creating(path: Path) -> Iterator[Path]:
    """Yield a private temporary file that becomes `path` on success; create its folder.

    Raises:
        FileExistsError: The path is taken; that file is left alone.
        ArchiveUnwritable: The folder is not writable, or holds the write-ahead log of a deleted
            file, which SQLite would apply to this one.
    """
    if path.exists():
        raise FileExistsError(path)
    for log in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-journal")):
        if log.exists():
            raise ArchiveUnwritable(Code.LOG_LEFT, path=log)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with making(path.parent) as part:
            yield part.path
            part.put(path, replaces=False)
    except OSError as exc:
        if not isinstance(exc, FileExistsError):
            raise ArchiveUnwritable(Code.NOT_MADE, path=path, cause=exc.strerror) from exc
        if path.parent.is_dir():
            raise
        raise ArchiveUnwritable(Code.NO_FOLDER, path=path.parent) from exc


def connect_reader(path: Path, *, busy_seconds: float = 5.0) -> sqlite3.Connection:
    """Return a connection that can only read a file, while others write it.

    It may be used by any thread, by one at a time; the caller closes it.
    """
    # A failure of a function is reported by its statement; Datasette has the driver print it too.
    sqlite3.enable_callback_tracebacks(False)  # noqa: FBT003  # positional only
    connection = _connect_to_read(path, busy_seconds=busy_seconds)
    for pragma in _READING:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def refuse_unusable(path: Path, *, read_only: bool) -> None:
    """Refuse an empty file, and for writing a read-only one.

    Raises:
        ArchiveError: The file is empty; archives never are.
        ArchiveUnwritable: The file is read-only.
    """
    if path.is_file() and not path.stat().st_size:
        raise ArchiveError(Code.EMPTY_DATABASE, path=path)
    if not read_only and not is_writable(path):
        raise ArchiveUnwritable(Code.UNWRITABLE, path=path)


@contextmanager
def explaining_errors(path: Path, *, damaged: Path | None = None) -> Iterator[None]:
    """Turn failures of a file into one sentence; leave our own bugs as they are.

    An exception that damage could cause counts as a bug only if the file, which is then read once,
    shows no damage. `damaged` is the file to check, if it is a different one.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as exc:
        original = exc.orig if isinstance(exc, DBAPIError) else exc
        found = getattr(original, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        kind, code = _REASONS.get(found, _REASONS.get(found & 0xFF, (None, Code.DAMAGED)))
        if kind is None:
            if not is_decoding_error(original) and not is_damaged(damaged or path):
                raise
            kind = ArchiveError
        blamed = damaged if code is Code.DAMAGED else None
        raise kind(code, path=blamed or path) from exc
    except SIGNS_OF_DAMAGE as exc:
        if not is_damaged(damaged or path):
            raise
        raise ArchiveError(Code.DAMAGED, path=damaged or path) from exc


def is_damaged(path: Path) -> bool:
    """Return whether a file is damaged; reads all of it once."""
    try:
        with closing(_connect_to_read(path, busy_seconds=5)) as connection:
            return any(find_damage(connection, is_quick=True))
    except sqlite3.DatabaseError as exc:
        # A header with a wrong format version is an error without a code of its own.
        return exc.sqlite_errorcode & 0xFF in {
            sqlite3.SQLITE_CORRUPT,
            sqlite3.SQLITE_ERROR,
            sqlite3.SQLITE_NOTADB,
        }


SIGNS_OF_DAMAGE = (
    ArithmeticError,
    AttributeError,
    InvalidRequestError,  # no row where there must be one, or several
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
_REASONS: dict[int, tuple[type[ArchiveError], Code]] = {
    sqlite3.SQLITE_BUSY: (ArchiveBusy, Code.BUSY),
    sqlite3.SQLITE_LOCKED: (ArchiveBusy, Code.BUSY),
    sqlite3.SQLITE_READONLY: (ArchiveUnwritable, Code.UNWRITABLE),
    sqlite3.SQLITE_CANTOPEN: (ArchiveUnwritable, Code.UNWRITABLE),
    sqlite3.SQLITE_PERM: (ArchiveUnwritable, Code.UNWRITABLE),
    sqlite3.SQLITE_FULL: (ArchiveUnwritable, Code.DISK_FULL),
    sqlite3.SQLITE_IOERR_WRITE: (ArchiveUnwritable, Code.DISK_FULL),
    sqlite3.SQLITE_IOERR_SHMOPEN: (ArchiveUnwritable, Code.DISK_FULL),
    sqlite3.SQLITE_IOERR_SHMSIZE: (ArchiveUnwritable, Code.DISK_FULL),
    sqlite3.SQLITE_IOERR: (ArchiveError, Code.DISK_FAILS),
    sqlite3.SQLITE_CORRUPT: (ArchiveError, Code.DAMAGED),
    sqlite3.SQLITE_CORRUPT_VTAB: (ArchiveError, Code.FULL_TEXT_DAMAGED),
    sqlite3.SQLITE_NOTADB: (ArchiveError, Code.DAMAGED),
}


def _switch_to_log(connection: sqlite3.Connection, *, busy_seconds: float) -> None:
    """Switch a new file to write-ahead logging; does nothing if it is on already.

    SQLite's busy timeout does not cover this step, so two programs creating one archive at the same
    moment would fail without our own retry.
    """
    deadline = monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
            sleep(0.01)
        else:
            return


def _connect(path: Path, mode: str, *, busy_seconds: float) -> sqlite3.Connection:
    # A URI, because it escapes `?` and `#` in folder names, and because with `mode=rw` a missing
    # file is an error instead of being created with the wrong mode. With `isolation_level=None`
    # Python's driver begins no transactions; `_begin` does.
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
    )


def _connect_to_read(path: Path, *, busy_seconds: float) -> sqlite3.Connection:
    """Open a file for reading, even on a read-only or full file system.

    Readers in WAL mode share a file beside the database, which SQLite must create. If it cannot,
    the file is opened as immutable, which is only correct without a write-ahead log.
    """
    connection = _connect(path, "mode=ro", busy_seconds=busy_seconds)
    try:
        connection.execute("PRAGMA schema_version")
    except sqlite3.Error as exc:
        connection.close()
        log = path.with_name(f"{path.name}-wal")
        if exc.sqlite_errorcode not in _NOT_SHARED or (log.exists() and log.stat().st_size):
            raise
        return _connect(path, "mode=ro&immutable=1", busy_seconds=busy_seconds)
    return connection


def is_writable(path: Path) -> bool:
    """Return whether this process may write a file, or into a folder."""
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
