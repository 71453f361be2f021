"""Migrates a schema to the latest version, with Alembic and `db/migrations`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection

from db.database import Database
from db.databases.sqlite import SqliteDatabase
from db.engine import creating, refuse_unusable
from db.kinds import DatabaseKind
from db.schema import alembic_version
from model.errors import ArchiveError, ArchiveTooNew
from model.messages import Code


def open_database(
    path: Path,
    kind: DatabaseKind,
    *,
    read_only: bool = False,
    busy_seconds: float,
    seed: Callable[[Connection], None] | None = None,
) -> Database:
    """Open a file; unless `read_only`, create it if missing and migrate it to the latest version.

    Raises:
        ArchiveError: See `bring_up_to_date`; or the file is empty, or cannot be created.
    """
    if not read_only and not path.exists():
        # Another process may be faster.
        with suppress(FileExistsError), creating(path) as part:
            _open(part, kind, busy_seconds=busy_seconds, seed=seed).close()
    refuse_unusable(path, read_only=read_only)
    return _open(path, kind, read_only=read_only, busy_seconds=busy_seconds)


def _open(
    path: Path,
    kind: DatabaseKind,
    *,
    read_only: bool = False,
    busy_seconds: float,
    seed: Callable[[Connection], None] | None = None,
) -> Database:
    database = SqliteDatabase(path, kind, read_only=read_only, busy_seconds=busy_seconds)
    try:
        bring_up_to_date(database, seed=seed)
    except BaseException:
        database.close()
        raise
    return database


def bring_up_to_date(
    database: Database, *, seed: Callable[[Connection], None] | None = None
) -> None:
    """Create or migrate the schema in one transaction, unless it is the latest.

    Args:
        database: The database.
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
    # Importing Alembic takes long, and nearly every database is up to date.
    from db import upgrade  # noqa: PLC0415

    if revision is not None and revision not in upgrade.known_revisions(kind.folder):
        raise ArchiveTooNew(Code.TOO_NEW, path=database.path)
    if database.read_only:
        if database.reads_alike():
            return
        raise ArchiveError(Code.TOO_OLD, path=database.path)
    with database.migrating() as connection:
        # Another process may have migrated it while this one waited for the lock.
        if database.read_revision(connection) == revision:
            with database.remaking_views(connection, revision=revision):
                alembic_version.create(connection, checkfirst=True)
                upgrade.upgrade(connection, kind.folder, to=kind.head)
            if revision is None and seed:
                seed(connection)
