"""The SQLite file under a store, for tests about the file itself."""

from __future__ import annotations

from db import PostStore
from db.bot_store import BotStore
from db.databases.sqlite import SqliteDatabase


def file_of(store: PostStore | BotStore) -> SqliteDatabase:
    """Return the database of a store that is a file."""
    database = store._database
    assert isinstance(database, SqliteDatabase)
    return database
