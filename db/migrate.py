"""Migrates a schema to the latest version, with Alembic and `db/migrations`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import Connection

from db.copies.marks import is_unfinished
from db.database import Database
from db.databases.sqlite import SqliteDatabase
from db.engine import creating, refuse_unusable
from db.kinds import DatabaseKind
from db.schema import alembic_version
from model.addresses import Address
from model.errors import ArchiveError, ArchiveTooNew, UsageError
from model.messages import Code


def open_database(
    address: Address,
    kind: DatabaseKind,
    *,
    read_only: bool = False,
    creates: bool = True,
    busy_seconds: float,
    seed: Callable[[Connection], None] | None = None,
) -> Database:
    """Open a database; unless `read_only`, migrate it to the latest version.

    With `creates`, and not `read_only`, it is made if it does not exist.

    Raises:
        ArchiveError: See `bring_up_to_date`; or a file is empty, or cannot be created.
    """
    creates = creates and not read_only
    if isinstance(address, Path):
        if not address.exists():
            if not creates:
                raise ArchiveError(Code.NO_DATABASE, path=address)
            # Another process may be faster.
            with suppress(FileExistsError), creating(address) as part:
                _open(part, kind, busy_seconds=busy_seconds, seed=seed).close()
        refuse_unusable(address, read_only=read_only)
    return _open(
        address, kind, read_only=read_only, creates=creates, busy_seconds=busy_seconds, seed=seed
    )


def has_database(address: Address, kind: DatabaseKind) -> bool:
    """Return whether there is a file, or what a server holds of this kind, in any version.

    Raises:
        ArchiveError: The server cannot be reached, or has no such database.
    """
    if isinstance(address, Path):
        return address.exists()
    with (
        closing(connect(address, kind, read_only=True, busy_seconds=5.0)) as database,
        database.reading() as connection,
    ):
        return database.read_revision(connection) is not None


def connect(
    address: Address, kind: DatabaseKind, *, read_only: bool, busy_seconds: float
) -> Database:
    """Return a database as it is; nothing is opened yet.

    Raises:
        UsageError: The packages for its server are not installed.
    """
    if isinstance(address, Path):
        return SqliteDatabase(address, kind, read_only=read_only, busy_seconds=busy_seconds)
    if find_spec("psycopg") is None:
        raise UsageError(Code.EXTRA_MISSING, extra="postgres")
    # Few need it, and it takes long to import.
    from db.databases.postgres import PostgresDatabase  # noqa: PLC0415

    return PostgresDatabase(address, kind, read_only=read_only, busy_seconds=busy_seconds)


def _open(
    address: Address,
    kind: DatabaseKind,
    *,
    read_only: bool = False,
    creates: bool = True,
    busy_seconds: float,
    seed: Callable[[Connection], None] | None = None,
) -> Database:
    database = connect(address, kind, read_only=read_only, busy_seconds=busy_seconds)
    try:
        bring_up_to_date(database, creates=creates, seed=seed)
    except BaseException:
        database.close()
        raise
    return database


def bring_up_to_date(
    database: Database,
    *,
    creates: bool = True,
    seed: Callable[[Connection], None] | None = None,
) -> None:
    """Create or migrate the schema in one transaction, unless it is the latest.

    Args:
        database: The database.
        creates: Whether to create the schema if there is none.
        seed: Writes the first rows of a new one.

    Raises:
        ArchiveTooNew: A newer Letopis wrote it.
        ArchiveError: It belongs to another program, or is too old and read-only.
    """
    kind = database.kind
    with database.reading() as connection:
        revision = database.read_revision(connection)
        if revision == kind.head:
            return
    if revision is None and not creates:
        raise ArchiveError(Code.NO_DATABASE, path=database.address)
    # Importing Alembic takes long, and nearly every database is up to date.
    from db import upgrade  # noqa: PLC0415

    if is_unfinished(revision):
        raise ArchiveError(Code.COPY_UNFINISHED, path=database.address)
    if revision is not None and revision not in upgrade.known_revisions(kind.folder):
        raise ArchiveTooNew(Code.TOO_NEW, path=database.address)
    if database.read_only:
        if database.reads_alike():
            return
        raise ArchiveError(Code.TOO_OLD, path=database.address)
    with database.migrating() as connection:
        # Another process may have migrated it while this one waited for the lock.
        if database.read_revision(connection) == revision:
            with database.remaking_views(connection, revision=revision):
                alembic_version.create(connection, checkfirst=True)
                upgrade.upgrade(connection, kind.folder, to=kind.head)
            if revision is None and seed:
                seed(connection)
