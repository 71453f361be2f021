"""The descriptions of tables and views."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from db import PostStore
from db.descriptions import describe_schema


def test_everything_is_described(store: PostStore) -> None:
    """Each table, view and column of an archive has its comment."""
    with closing(sqlite3.connect(store.path)) as connection:
        columns = {
            name: {row[1] for row in connection.execute(f"PRAGMA table_xinfo({name})")}
            for name, kind in connection.execute("SELECT name, type FROM pragma_table_list")
            if kind in {"table", "view"} and not name.startswith("sqlite_")
        }
    described = describe_schema()
    assert {name: set(each.columns) for name, each in described.items()} == columns
    assert all(each.text and all(each.columns.values()) for each in described.values())
