"""An archive or a state of the bot in a PostgreSQL database, in a schema of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import QueuePool

from db.copies.copying import copy_to_new_file
from db.database import Parameters, TextFunction
from db.databases import postgres_counters, postgres_schema
from db.databases.postgres_errors import explaining_server_errors
from db.databases.postgres_statements import run_statement
from db.databases.postgres_text import keep_nul
from db.kinds import DatabaseKind
from db.leadership import Leadership
from db.lease import Fence, Fenced, Lease
from db.schema import alembic_version
from db.values import QueryResult
from db.views import create_views
from model.addresses import ServerAddress
from model.errors import ArchiveError
from model.messages import Code, Message

_CONNECT_SECONDS = 10
# A link that was cut is noticed after this many seconds.
_SILENCE = 30
_LEASE_SECONDS = 2
# A program that was stopped in the middle of a change keeps others from writing no longer.
_IDLE = "60s"
# Another bot is to take over within seconds from one that was stopped so.
_IDLE_LEADER = "3s"
_BEGIN_WRITING = text(
    "SELECT set_config('idle_in_transaction_session_timeout', :idle, true), "
    "pg_advisory_xact_lock(:kind, 0)"
)
_BEGIN_IMPORT = text("SELECT pg_advisory_lock(:kind, :channel_id)")
_SIZE = text(
    "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class "
    "WHERE relkind = 'r' AND relnamespace = to_regnamespace(:schema)"
)
_SET_PATIENCE = text("SELECT set_config('lock_timeout', :patience, false)")


def create_server_engine(
    address: ServerAddress,
    *,
    schema: str,
    lock_seconds: float,
    answer_seconds: float = 0,
    settings: Mapping[str, str] | None = None,
) -> Engine:
    """Return the engine of a schema, which opens no connection yet.

    Args:
        address: The database.
        schema: The schema; no other is looked into.
        lock_seconds: How long to wait for others that are writing.
        answer_seconds: How long to wait for any answer; 0: as long as the link is up.
        settings: Further settings of its connections.
    """
    given = {
        "search_path": schema,
        "lock_timeout": f"{lock_seconds * 1000:.0f}ms",
        "statement_timeout": f"{answer_seconds * 1000:.0f}ms",
        "timezone": "UTC",
        **(settings or {}),
    }
    options = [f"{name}={value}".replace(" ", r"\ ") for name, value in given.items()]
    silence = answer_seconds or _SILENCE
    engine = create_engine(
        address.url,
        poolclass=QueuePool,
        # No connection limit: a thread that may not read would wait for one that is not done.
        max_overflow=-1,
        # A server that was restarted is noticed before it is asked, not by a failed answer.
        pool_pre_ping=True,
        connect_args={
            "application_name": "letopis",
            "connect_timeout": round(min(silence, _CONNECT_SECONDS)),
            "tcp_user_timeout": round(silence * 1000),
            "client_encoding": "utf8",
            "options": "-c " + " -c ".join(options),
        },
    )
    event.listen(engine, "connect", lambda connection, _: keep_nul(connection))
    return engine


class PostgresDatabase:
    """A PostgreSQL database; see `db.database.Database` for what its methods promise.

    Writers exclude each other by an advisory lock, which is held until everybody sees what was
    written. So no change ever appears after one with a higher number.
    """

    def __init__(
        self,
        address: ServerAddress,
        kind: DatabaseKind,
        *,
        read_only: bool,
        busy_seconds: float,
    ) -> None:
        """Open nothing yet."""
        self.address = address
        self.file = None
        self.kind = kind
        self.read_only = read_only
        writing = {"default_transaction_isolation": "read committed"}
        reading = {
            "default_transaction_isolation": "repeatable read",
            "default_transaction_read_only": "on",
        }
        # Connections of their own, since SQLAlchemy would make those that were read-only writable
        # even where the server says that they are not.
        self._writer, self._reader = (
            create_server_engine(
                address, schema=kind.schema, lock_seconds=busy_seconds, settings=settings
            )
            for settings in (writing, reading)
        )
        # For leases alone, whose holder must soon know that it cannot reach the server.
        self._lease_engine = create_server_engine(
            address, schema=kind.schema, lock_seconds=_LEASE_SECONDS, answer_seconds=_LEASE_SECONDS
        )
        self._fence: Fence | None = None

    def close(self) -> None:
        """Close all connections."""
        for engine in (self._reader, self._writer, self._lease_engine):
            engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read one consistent snapshot, unaffected by concurrent writes."""
        with explaining_server_errors(self.address), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write in one transaction, rolled back on any exception."""
        with self._changing(idle=_IDLE_LEADER if self._fence else _IDLE) as connection:
            if self._fence:
                self._fence.check(connection)
            yield connection

    def migrating(self) -> AbstractContextManager[Connection]:
        """Write in one transaction; any may rebuild tables."""
        return self.writing()

    def leadership(self, name: str, *, guarded: Sequence[Fenced] = ()) -> Leadership:
        """Return the leadership in a role, by a lease in this database."""
        return Lease(self._lease_engine, name, guarded=guarded)

    def fence_off(self, fence: Fence) -> None:
        """Refuse what earlier leaders write, and check the fence in every change from now on."""
        with self._changing(idle=_IDLE_LEADER) as connection:
            fence.put_up(connection)
        self._fence = fence

    @contextmanager
    def _changing(self, *, idle: str) -> Iterator[Connection]:
        with explaining_server_errors(self.address), self._writer.begin() as connection:
            connection.execute(_BEGIN_WRITING, {"idle": idle, "kind": self.kind.application_id})
            yield connection

    @contextmanager
    def importing(self, channel_id: int, *, wait: float) -> Iterator[None]:
        """Keep other programs from importing into a channel, on this machine or another.

        The server releases the lock when the connection ends.
        """
        key = {"kind": self.kind.application_id, "channel_id": channel_id}
        with ExitStack() as stack:
            with explaining_server_errors(self.address, busy=Code.IMPORT_RUNS):
                connection = stack.enter_context(self._writer.connect())
                # Not in a transaction: a server may end those that are idle.
                connection.execution_options(isolation_level="AUTOCOMMIT")
                stack.callback(connection.invalidate)
                connection.execute(_SET_PATIENCE, {"patience": f"{wait * 1000:.0f}ms"})
                connection.execute(_BEGIN_IMPORT, key)
            yield

    def read_revision(self, connection: Connection) -> str | None:
        """Return the latest migration that was run, `None` if there is no schema yet."""
        names = postgres_schema.read_names(connection, self.kind.schema)
        if not names:
            return None
        if alembic_version.name not in names:
            raise ArchiveError(Code.OTHER_DATABASE, path=self.address, wanted=self.kind.file)
        # With its schema, or a user without rights to that would be told that there is none.
        table = f"{self.kind.schema}.{alembic_version.name}"
        return str(connection.exec_driver_sql(f"SELECT version_num FROM {table}").scalar_one())  # noqa: S608  # ours

    @contextmanager
    def remaking_views(self, connection: Connection, *, revision: str | None) -> Iterator[None]:
        """Make the schema if it is missing; drop its views, and make them anew afterwards."""
        if revision is None:
            self._make_schema(connection)
        foreign = postgres_schema.drop_views(connection, self.kind)
        yield
        create_views(connection, self.kind.views)
        postgres_schema.comment_views(connection, self.kind.views)
        for view in foreign:
            postgres_schema.create_view(connection, view)

    def _make_schema(self, connection: Connection) -> None:
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
        if encoding != "UTF8":
            raise ArchiveError(Code.SERVER_ENCODING, path=self.address, encoding=encoding)
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {self.kind.schema}")

    def reads_alike(self) -> bool:
        """Return whether an older schema can be read like a current one."""
        with self.reading() as connection:
            return not any(
                postgres_schema.find_differences(connection, replace(self.kind, views={}))
            )

    def query(
        self,
        statement: str,
        *,
        parameters: Parameters | None = None,
        functions: Mapping[str, TextFunction] | None = None,
        limit: int | None = None,
        seconds: float | None = None,
    ) -> QueryResult:
        """Run a person's own read-only statement; the server knows no functions of ours."""
        del functions
        with explaining_server_errors(self.address), self._reader.connect() as connection:
            tables = list(postgres_schema.read_columns(connection))
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            try:
                return run_statement(
                    driver,
                    statement,
                    parameters or {},
                    limit=limit,
                    seconds=seconds,
                    tables=tables,
                )
            finally:
                # The statement may have changed what would hold for later ones.
                connection.invalidate()

    def read_schema(self, connection: Connection) -> str:
        """Return the statements of our tables, and of all views."""
        return postgres_schema.read_schema(connection, self.kind)

    def read_columns(self, connection: Connection) -> Mapping[str, Sequence[str]]:
        """Return the columns of each view and table, views first."""
        return postgres_schema.read_columns(connection)

    def read_counters(self, connection: Connection) -> Mapping[str, int]:
        """Return the last key that each table has given."""
        return postgres_counters.read_counters(connection, self.kind)

    def write_counters(self, connection: Connection, counters: Mapping[str, int]) -> None:
        """Continue after the last keys."""
        postgres_counters.write_counters(connection, self.kind, counters)

    def find_faults(self, connection: Connection) -> Sequence[Message]:
        """Return nothing: the server checks pages, keys and encoding itself."""
        del connection
        return ()

    def find_schema_faults(self, connection: Connection) -> Sequence[Message]:
        """Describe how the schema differs from a new one."""
        return tuple(postgres_schema.find_differences(connection, self.kind))

    def find_added(self, connection: Connection) -> Sequence[str]:
        """Describe what others have added, a few words each."""
        return postgres_schema.find_added(connection, self.kind)

    def disk_usage(self) -> int:
        """Return the sizes of the tables and their indexes."""
        with self.reading() as connection:
            return int(connection.execute(_SIZE, {"schema": self.kind.schema}).scalar_one())

    def back_up(self, target: Path) -> None:
        """Write a complete copy to a new SQLite file, from one snapshot."""
        copy_to_new_file(self, target)
