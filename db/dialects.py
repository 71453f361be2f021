"""What the databases say differently: everything in which their SQL and their drivers differ."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from json import dumps
from typing import Any, Protocol

from sqlalchemy import Connection, Dialect, Table, insert
from sqlalchemy.exc import IntegrityError

Rows = Sequence[tuple[Any, ...]]


class Speech(Protocol):
    """How one database is spoken to."""

    @property
    def join_texts(self) -> str:
        """Return the name of the aggregate function that joins texts."""

    def select_by_keys(self, connection: Connection, statement: str, keys: Sequence[int]) -> Rows:
        """Run a statement in which `{keys}` follows a column that is among the keys.

        By the driver: a search reads its posts so, and SQLAlchemy spends more time per statement
        than the database.
        """

    def insert_rows(
        self, connection: Connection, table: Table, columns: tuple[str, ...], rows: Rows
    ) -> None:
        """Insert rows whose values are in the order of the columns, as fast as possible.

        Raises:
            IntegrityError: A row breaks a rule of the schema.
        """


class SqliteSpeech:
    """SQLite, by the driver of the standard library."""

    join_texts = "group_concat"

    def select_by_keys(self, connection: Connection, statement: str, keys: Sequence[int]) -> Rows:
        """Run a statement; the keys are a JSON list."""
        driver = connection.connection.driver_connection
        assert driver is not None
        asked = statement.format(keys="IN (SELECT value FROM json_each(:keys))")
        rows: Rows = driver.execute(asked, {"keys": dumps(keys)}).fetchall()
        return rows

    def insert_rows(
        self, connection: Connection, table: Table, columns: tuple[str, ...], rows: Rows
    ) -> None:
        """Insert rows with a statement that SQLAlchemy compiles once.

        Also passing it each row as a dictionary would cost more than SQLite's own work.
        """
        statement = _insert_statement(table, columns, connection.dialect)
        connection.exec_driver_sql(statement, rows)


@lru_cache(maxsize=64)  # a few databases, each with its own dialect
def _insert_statement(table: Table, columns: tuple[str, ...], dialect: Dialect) -> str:
    return insert(table).compile(dialect=dialect, column_keys=columns).string


class PostgresSpeech:
    """PostgreSQL, by psycopg."""

    join_texts = "string_agg"

    def select_by_keys(self, connection: Connection, statement: str, keys: Sequence[int]) -> Rows:
        """Run a statement; the keys are an array."""
        driver = connection.connection.driver_connection
        assert driver is not None
        asked = statement.format(keys="= ANY(CAST(%(keys)s AS bigint[]))")
        rows: Rows = driver.execute(asked, {"keys": list(keys)}).fetchall()
        return rows

    def insert_rows(
        self, connection: Connection, table: Table, columns: tuple[str, ...], rows: Rows
    ) -> None:
        """Insert rows with COPY, several times as fast as INSERT."""
        names = ", ".join(f'"{name}"' for name in columns)
        statement = f'COPY "{table.name}" ({names}) FROM STDIN'
        driver = connection.connection.driver_connection
        assert driver is not None
        try:
            with driver.cursor() as cursor, cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
        except connection.dialect.loaded_dbapi.IntegrityError as exc:
            raise IntegrityError(statement, None, exc) from exc


_SPEECHES: dict[str, Speech] = {"sqlite": SqliteSpeech(), "postgresql": PostgresSpeech()}


def speech_of(dialect: Dialect) -> Speech:
    """Return how a database is spoken to."""
    return _SPEECHES[dialect.name]
