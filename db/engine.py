"""Opening SQLite files: modes, pragmas, transactions, and their failures in our own words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from model.errors import ArchiveBusy, ArchiveError, ArchiveUnwritable

# A file may come from anyone: `trusted_schema` off keeps what its views may call to harmless
# functions.
# Every connection has a cache of its own, and a bot has five of them: with four megabytes each a
# search reads as fast as with sixteen, and an import writes 4 % slower.
_PRAGMAS = ("foreign_keys = ON", "trusted_schema = OFF", "cache_size = -4000")
_WRITING = (
    # A post takes two to three kilobytes, which fill pages of the default four badly: with sixteen
    # the file is 40 % smaller and written half as fast again. It counts for a new file only.
    "page_size = 16384",
    *_PRAGMAS,
    # With a write-ahead log, NORMAL loses nothing when a program is killed.
    "synchronous = NORMAL",
    "journal_size_limit = 67108864",
)
_READING = (*_PRAGMAS, "query_only = ON")


class Database:
    """One SQLite file: reads and writes in transactions, errors that a person understands."""

    def __init__(self, path: Path, *, read_only: bool, busy_seconds: float) -> None:
        self.path = path.absolute()
        self.read_only = read_only
        self._engine = _create_engine(path, read_only=read_only, busy_seconds=busy_seconds)
        self._writer = self._engine.execution_options(takes_write_lock=True)

    def close(self) -> None:
        """Close every connection; the write-ahead file goes with the last one."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read one unchanging state of the file, whatever others write meanwhile."""
        with telling_why(self.path), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write as one transaction: all of it or, on any exception, nothing."""
        with telling_why(self.path), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Write as one transaction that may rebuild tables.

        A rebuild drops the old table, and with foreign keys enforced that would empty every table
        that refers to it. They can only be switched outside a transaction.
        """
        with telling_why(self.path), self._writer.connect() as connection:
            driver = _driver_connection(connection.connection)
            driver.execute("PRAGMA foreign_keys = OFF")
            try:
                with connection.begin():
                    yield connection
            finally:
                driver.execute("PRAGMA foreign_keys = ON")

    @contextmanager
    def lending(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection without a transaction; it is closed afterwards, not used again."""
        with telling_why(self.path):
            lent = self._engine.raw_connection()
        try:
            yield _driver_connection(lent)
        finally:
            lent.invalidate()


def _driver_connection(pooled: PoolProxiedConnection) -> sqlite3.Connection:
    driver = pooled.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def create_private_file(path: Path) -> None:
    """Create an empty file that only its owner may read, unless there is a file already.

    SQLite would follow the umask; the files that it puts beside inherit this one's mode.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError as exc:
        if not path.parent.is_dir():
            raise ArchiveUnwritable(f"{path.parent} is not a folder; name another place.") from exc
        if not is_writable(path):
            raise ArchiveUnwritable(_UNWRITABLE.format(path=path)) from exc
    except OSError as exc:
        raise ArchiveUnwritable(
            f"{path} cannot be created ({exc.strerror}); name another place or mend its rights."
        ) from exc


@contextmanager
def telling_why(path: Path) -> Iterator[None]:
    """Turn what SQLite reports of a file into one sentence; a bug of ours stays as it is."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as exc:
        original = exc.orig if isinstance(exc, DBAPIError) else exc
        code = getattr(original, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code not in _REASONS:
            raise
        kind, sentence = _REASONS[code]
        raise kind(sentence.format(path=path)) from exc


_BUSY = "{path} is being written by another process; wait until it is done and try again."
_UNWRITABLE = "{path} cannot be written; mend its rights and its folder's, or name another place."
_DAMAGED = "{path} is damaged or no SQLite database; restore it from a backup or name another file."
_REASONS: dict[int, tuple[type[ArchiveError], str]] = {
    sqlite3.SQLITE_BUSY: (ArchiveBusy, _BUSY),
    sqlite3.SQLITE_LOCKED: (ArchiveBusy, _BUSY),
    sqlite3.SQLITE_READONLY: (ArchiveUnwritable, _UNWRITABLE),
    sqlite3.SQLITE_CANTOPEN: (ArchiveUnwritable, _UNWRITABLE),
    sqlite3.SQLITE_PERM: (ArchiveUnwritable, _UNWRITABLE),
    sqlite3.SQLITE_FULL: (
        ArchiveUnwritable,
        "{path} cannot grow, its disk is full; make room and try again, nothing is half-written.",
    ),
    sqlite3.SQLITE_IOERR: (
        ArchiveError,
        "{path} cannot be read or written, its disk reports an error; check the disk.",
    ),
    sqlite3.SQLITE_CORRUPT: (ArchiveError, _DAMAGED),
    sqlite3.SQLITE_NOTADB: (ArchiveError, _DAMAGED),
}


def _create_engine(path: Path, *, read_only: bool, busy_seconds: float) -> Engine:
    # As a URI the path is escaped (`?` and `#` may stand in a folder's name), and a missing file is
    # an error: SQLite would create one with the wrong mode.
    uri = f"{path.absolute().as_uri()}?{_read_mode(path) if read_only else 'mode=rw'}"

    def connect() -> sqlite3.Connection:
        # `isolation_level=None`: Python's driver begins no transaction of its own; `_begin` does.
        return sqlite3.connect(
            uri, uri=True, timeout=busy_seconds, isolation_level=None, check_same_thread=False
        )

    # No limit of connections: a thread that may not read would wait for one that is not done.
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
        # A transaction that reads first and writes later may be refused without any wait.
        writes = connection.get_execution_options().get("takes_write_lock", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _switch_to_log(connection: sqlite3.Connection, *, busy_seconds: float) -> None:
    """Switch a new file to a write-ahead log; for one that has it, this does nothing.

    SQLite's own patience does not cover this step, so two programs that create one archive at the
    same moment would fail without ours.
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


def _read_mode(path: Path) -> str:
    """Return how to open a file for reading, even in a folder where nothing can be written.

    Readers of a write-ahead log share a file beside the database, which SQLite has to create.
    Where it may not, the file is read as one that nobody changes; a log there forbids that.
    """
    log = path.with_name(f"{path.name}-wal")
    is_frozen = not is_writable(path.parent) and not log.exists()
    return "mode=ro&immutable=1" if is_frozen else "mode=ro"


def is_writable(path: Path) -> bool:
    """Tell whether this process may write a file, or into a folder."""
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
