"""Makes the bot's file fail, as a disk, another program or damage would."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import event

from db.bot_store import BotStore
from tests.files import file_of

_FILLERS = {
    "seen_updates": "INSERT INTO seen_updates (fingerprint) VALUES (random())",
    "search_sessions": "INSERT INTO search_sessions VALUES "
    "(hex(randomblob(8)), 7, 7, '', hex(zeroblob(200)), '2025-01-01T00:00:00Z', "
    "'2025-01-01T00:00:00Z')",
}


def drop_table(path: Path, name: str) -> None:
    """Take a table away under the bot's hands."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(f"DROP TABLE {name}")


def damage(path: Path) -> None:
    """Overwrite a file with what is no database."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.write(b"\xff" * path.stat().st_size)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Write into a file and do not finish."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def full(path: Path, store: BotStore) -> Iterator[None]:
    """Let a file not grow any more, and leave no room in its pages."""

    def limit(connection: sqlite3.Connection, *_more: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # that is, as many as there are

    engine = file_of(store)._engine
    event.listen(engine, "checkout", limit)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        limit(connection)
        for statement in _FILLERS.values():
            with suppress(sqlite3.OperationalError):
                while True:
                    connection.execute(statement)
    try:
        yield
    finally:
        event.remove(engine, "checkout", limit)
        with closing(sqlite3.connect(path)) as connection:
            for table in _FILLERS:
                connection.execute(f"DELETE FROM {table} WHERE random() % 2")
            connection.commit()
