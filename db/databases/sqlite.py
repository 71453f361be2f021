"""An archive or a state of the bot in a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path

from sqlalchemy import Connection, inspect, select

from db import full_text, maintenance, statements
from db.comparison import find_differences, find_foreign
from db.database import Parameters, TextFunction
from db.engine import create_file_engine, driver_connection, explaining_errors
from db.foreign import drop_blocking, has_triggers, trusted_schema
from db.full_text_schema import find_harmful
from db.kinds import DatabaseKind
from db.leadership import FileLeadership, Leadership
from db.lease import Fence, Fenced
from db.schema import alembic_version
from db.values import QueryResult
from db.views import create_views
from model.errors import ArchiveError
from model.messages import Code, Message


class SqliteDatabase:
    """One SQLite file; see `db.database.Database` for what its methods promise."""

    def __init__(
        self,
        path: Path,
        kind: DatabaseKind,
        *,
        read_only: bool,
        busy_seconds: float,
    ) -> None:
        """Open nothing yet."""
        self.path = path.absolute()
        self.kind = kind
        self.read_only = read_only
        self._tables = kind.metadata.tables.keys()
        self._identity: tuple[int, int] | None = None
        self._engine = create_file_engine(path, read_only=read_only, busy_seconds=busy_seconds)
        self._writer = self._engine.execution_options(takes_write_lock=True)

    @property
    def address(self) -> Path:
        """Return the file."""
        return self.path

    @property
    def file(self) -> SqliteDatabase:
        """Return itself."""
        return self

    def close(self) -> None:
        """Close all connections; closing the last one removes the write-ahead log."""
        self._engine.dispose()
        self._identity = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read one consistent snapshot of the file, unaffected by concurrent writes."""
        self._refuse_another()
        with explaining_errors(self.path), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write in one transaction, rolled back on any exception.

        Raises:
            ArchiveError: Another program's triggers would do more than maintain full-text tables.
        """
        self._refuse_another()
        with explaining_errors(self.path), ExitStack() as stack:
            connection = stack.enter_context(self._writer.connect())
            with connection.begin():
                if self._has_harmless_triggers(connection):
                    stack.enter_context(trusted_schema(driver_connection(connection)))
                yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Write in one transaction that may rebuild tables.

        A rebuild drops the old table; with foreign keys enforced that would delete the rows of
        every table that references it. They can only be switched off outside a transaction.
        """
        self._refuse_another()
        with explaining_errors(self.path), self._writer.connect() as connection:
            driver = driver_connection(connection)
            driver.execute("PRAGMA foreign_keys = OFF")
            try:
                with connection.begin():
                    yield connection
            finally:
                driver.execute("PRAGMA foreign_keys = ON")

    def importing(self, channel_id: int, *, wait: float) -> AbstractContextManager[None]:
        """Do nothing: no other machine writes a file, and on this one `import_lock` is held."""
        del channel_id, wait
        return nullcontext()

    @contextmanager
    def raw_connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection without a transaction; it is closed afterwards and not reused."""
        self._refuse_another()
        with explaining_errors(self.path):
            lent = self._engine.raw_connection()
        try:
            driver = lent.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            yield driver
        finally:
            lent.invalidate()

    def leadership(
        self,
        name: str,
        *,
        guarded: Sequence[Fenced] = (),  # noqa: ARG002  # a process that ended writes nothing
    ) -> Leadership:
        """Return a lock beside the file, which ends with its process."""
        return FileLeadership(self.path.with_name(f"{name}.lock"))

    def fence_off(self, fence: Fence) -> None:
        """Do nothing: who leads on another machine writes to a file there."""

    def read_revision(self, connection: Connection) -> str | None:
        """Return the latest migration that was run, `None` if the file is empty."""
        tables = inspect(connection).get_table_names()
        if not tables:
            return None
        mark = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        if mark != self.kind.application_id or alembic_version.name not in tables:
            raise ArchiveError(Code.OTHER_DATABASE, path=self.path, wanted=self.kind.file)
        return str(connection.execute(select(alembic_version.c.version_num)).scalar_one())

    @contextmanager
    def remaking_views(self, connection: Connection, *, revision: str | None) -> Iterator[None]:
        """Drop what would block migrations, or be lost by them, and make it anew afterwards."""
        from db import upgrade  # noqa: PLC0415  # imports Alembic, which takes long

        views = self.kind.views
        own = upgrade.names_created(self.kind.folder, upto=revision) | views.keys()
        foreign = drop_blocking(driver_connection(connection), own)
        yield
        connection.exec_driver_sql(f"PRAGMA application_id = {self.kind.application_id}")
        create_views(connection, views)
        for each in foreign:
            connection.exec_driver_sql(each.sql)

    def reads_alike(self) -> bool:
        """Return whether an older file can be read like a current one."""
        with self.reading() as connection:
            driver = driver_connection(connection)
            return not find_differences(driver, self.kind.metadata, views={})

    def query(
        self,
        statement: str,
        *,
        parameters: Parameters | None = None,
        functions: Mapping[str, TextFunction] | None = None,
        limit: int | None = None,
        seconds: float | None = None,
    ) -> QueryResult:
        """Run a person's own read-only statement; see `PostStore.query`."""
        return statements.query(
            self,
            statement,
            parameters=parameters,
            functions=functions,
            limit=limit,
            seconds=seconds,
        )

    def read_schema(self, connection: Connection) -> str:
        """Return the statements of all tables and views, without parts of full-text tables."""
        return maintenance.read_schema(driver_connection(connection))

    def read_columns(self, connection: Connection) -> Mapping[str, Sequence[str]]:
        """Return the columns of each view and table, views first."""
        return statements.read_columns(driver_connection(connection))

    def read_counters(self, connection: Connection) -> Mapping[str, int]:
        """Return the last keys of tables that never give one twice."""
        if not self._counted():
            return {}  # nor is there a table of counters
        rows = connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")
        return {row.name: row.seq for row in rows}

    def write_counters(self, connection: Connection, counters: Mapping[str, int]) -> None:
        """Continue after the last keys; of other tables, SQLite continues after the highest."""
        here = self.read_counters(connection)
        for name in self._counted() & counters.keys():
            last = max(counters[name], here.get(name, 0))
            delete = "DELETE FROM sqlite_sequence WHERE name = ?"
            connection.exec_driver_sql(delete, (name,))
            insert = "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)"
            connection.exec_driver_sql(insert, (name, last))

    def find_faults(self, connection: Connection) -> Sequence[Message]:
        """Check the whole file; return its problems."""
        return maintenance.find_file_faults(driver_connection(connection))

    def find_schema_faults(self, connection: Connection) -> Sequence[Message]:
        """Describe how the schema differs from a new one, and what prevents writing."""
        driver = driver_connection(connection)
        hindrances = [
            Message.of(Code.MEDDLING, path=self.kind.file, trigger=each)
            for each in find_harmful(driver, self._tables)
        ]
        differences = find_differences(driver, self.kind.metadata, self.kind.views)
        return (*differences, *hindrances, *full_text.find_faults(connection))

    def find_added(self, connection: Connection) -> Sequence[str]:
        """Describe what other programs have added to the file, a few words each."""
        driver = driver_connection(connection)
        return find_foreign(driver, self.kind.metadata, self.kind.views)

    def disk_usage(self) -> int:
        """Return the sizes of the file and its logs; one that vanishes counts as empty."""
        total = 0
        for path in self.path.parent.glob(f"{self.path.name}*"):
            with suppress(OSError):
                total += path.lstat().st_size
        return total

    def back_up(self, target: Path) -> None:
        """Write a complete copy to a new file; copying the file itself would miss its log."""
        maintenance.back_up(self, target)

    def _counted(self) -> Collection[str]:
        """Return the tables that never give a key twice."""
        tables = self.kind.metadata.tables.values()
        return {each.name for each in tables if each.dialect_options["sqlite"]["autoincrement"]}

    def _has_harmless_triggers(self, connection: Connection) -> bool:
        """Return whether the tables have triggers; refuse those that may do harm.

        The result is cached until the schema changes, which is cheap to ask SQLite.
        """
        version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
        seen, is_known = connection.info.get("triggers", (None, False))
        if seen != version:
            driver = driver_connection(connection)
            is_known = has_triggers(driver, self._tables)
            if is_known and (found := find_harmful(driver, self._tables)):
                raise ArchiveError(Code.MEDDLING, path=self.path, trigger=found[0])
            connection.info["triggers"] = version, is_known
        return bool(is_known)

    def _refuse_another(self) -> None:
        """Refuse to continue if the path now leads to a different file.

        Open connections would use the old file, new connections the new one.
        """
        try:
            found = self.path.stat()
        except OSError as exc:
            raise ArchiveError(Code.GONE, path=self.path, cause=exc.strerror) from exc
        identity = found.st_dev, found.st_ino
        if self._identity is None:
            self._identity = identity
        elif self._identity != identity:
            raise ArchiveError(Code.REPLACED, path=self.path)
