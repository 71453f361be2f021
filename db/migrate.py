"""Migrates a file's schema to the latest version, with Alembic and `db/migrations`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, MetaData, inspect, select

from db.comparison import find_differences
from db.engine import Database, creating, driver_connection, refuse_unusable
from db.foreign import drop_blocking
from db.schema import alembic_version, metadata
from db.schema.bot import bot_metadata
from db.views import VIEWS, create_views
from model.errors import ArchiveError, ArchiveTooNew
from model.messages import Code

_MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseKind:
    """One of the two databases: its migrations, the latest revision, its views, and its id.

    `application_id` is written in the file's header and distinguishes the two from each other and
    from other files.
    """

    file: str
    folder: Path
    head: str
    application_id: int
    metadata: MetaData
    views: Mapping[str, str] = field(default_factory=dict)


ARCHIVE = DatabaseKind(
    file="archive.db",
    folder=_MIGRATIONS / "archive",
    head="archive_0005",
    application_id=0x4C455441,
    metadata=metadata,
    views=VIEWS,
)
BOT = DatabaseKind(
    file="bot.db",
    folder=_MIGRATIONS / "bot",
    head="bot_0007",
    application_id=0x4C455442,
    metadata=bot_metadata,
)


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
    database = Database(
        path, read_only=read_only, busy_seconds=busy_seconds, tables=kind.metadata.tables.keys()
    )
    try:
        bring_up_to_date(database, kind, seed=seed)
    except BaseException:
        database.close()
        raise
    return database


def bring_up_to_date(
    database: Database,
    kind: DatabaseKind,
    *,
    seed: Callable[[Connection], None] | None = None,
) -> None:
    """Create or migrate the schema in one transaction, unless it is the latest.

    Args:
        database: The file.
        kind: What it should hold.
        seed: Writes the first rows of a new file.

    Raises:
        ArchiveTooNew: A newer Letopis wrote the file.
        ArchiveError: The file belongs to another program, or is too old and read-only.
    """
    with database.reading() as connection:
        revision = _read_revision(connection, database.path, kind)
        if revision == kind.head:
            return
    # Importing Alembic takes long, and nearly every file is up to date.
    from db import upgrade  # noqa: PLC0415

    if revision is not None and revision not in upgrade.known_revisions(kind.folder):
        raise ArchiveTooNew(Code.TOO_NEW, path=database.path)
    if database.read_only:
        if _reads_alike(database, kind):
            return
        raise ArchiveError(Code.TOO_OLD, path=database.path)
    with database.migrating() as connection:
        # Another process may have migrated it while this one waited for the lock.
        if _read_revision(connection, database.path, kind) == revision:
            driver = driver_connection(connection)
            own = upgrade.names_created(kind.folder, upto=revision) | kind.views.keys()
            foreign = drop_blocking(driver, own)
            alembic_version.create(connection, checkfirst=True)
            upgrade.upgrade(connection, kind.folder, to=kind.head)
            connection.exec_driver_sql(f"PRAGMA application_id = {kind.application_id}")
            create_views(connection, kind.views)
            for each in foreign:
                connection.exec_driver_sql(each.sql)
            if revision is None and seed:
                seed(connection)


def _reads_alike(database: Database, kind: DatabaseKind) -> bool:
    """Return whether an older file can be read like a current one."""
    with database.reading() as connection:
        return not find_differences(driver_connection(connection), kind.metadata, views={})


def _read_revision(connection: Connection, path: Path, kind: DatabaseKind) -> str | None:
    """Return the file's revision, `None` for an empty one."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    mark = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    if mark != kind.application_id or alembic_version.name not in tables:
        raise ArchiveError(Code.OTHER_DATABASE, path=path, wanted=kind.file)
    return str(connection.execute(select(alembic_version.c.version_num)).scalar_one())
