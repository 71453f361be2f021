"""Differences from the schema that the migrations make are reported one by one."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from db import PostStore


def change(store: PostStore, script: str) -> None:
    """Do to an archive what a person does in the sqlite3 shell."""
    store.close()
    with closing(sqlite3.connect(store.path)) as connection:
        connection.executescript(script)


def reworded(table: str, old: str, new: str) -> str:
    """Return a script that changes the statement that made a table."""
    return (
        "PRAGMA writable_schema = ON; "
        f"UPDATE sqlite_schema SET sql = replace(sql, '{old}', '{new}') WHERE name = '{table}'; "
        "PRAGMA writable_schema = RESET;"
    )


@pytest.mark.parametrize(
    ("script", "difference"),
    [
        ("DROP TABLE import_problems", "schema_lacks (kind=table, name=import_problems)"),
        ("DROP INDEX links_by_host", "schema_lacks (kind=index, name=links_by_host)"),
        ("DROP VIEW code; CREATE TABLE code (x)", "schema_lacks (kind=view, name=code)"),
        (
            "DROP VIEW code; CREATE VIEW code AS SELECT 1",
            "schema_differs (kind=view, name=code)",
        ),
        ("ALTER TABLE links DROP COLUMN text", "column_lacks (table=links, column=text)"),
        (
            reworded("posts", "views INTEGER", "views TEXT"),
            "column_differs (column=views, table=posts)",
        ),
        (
            reworded("post_versions", "ON DELETE SET NULL", ""),
            "column_reference (column=import_id, table=post_versions, parent=imports)",
        ),
        (
            reworded("posts", "''day''", "''hour''"),
            "schema_differs (kind=table, name=posts)",
        ),
    ],
)
def test_a_difference_is_named(store: PostStore, script: str, difference: str) -> None:
    """The check of the archive says what is missing and what is otherwise."""
    change(store, script)

    assert difference in map(str, store.schema_faults())


@pytest.mark.parametrize(
    "script",
    [
        reworded("posts", "Telegram", "Somebody"),
        "ALTER TABLE reactions RENAME TO r; ALTER TABLE r RENAME TO reactions",
        "ANALYZE",
    ],
    ids=["comments", "quotes", "statistics"],
)
def test_cosmetic_differences_are_ignored(store: PostStore, script: str) -> None:
    """Comments and quoting may differ, and SQLite's own statistics tables are ignored."""
    change(store, script)

    assert (store.schema_faults(), store.added_by_others()) == ((), [])


def test_what_others_have_added_is_named_and_no_fault(store: PostStore) -> None:
    """Tables, indexes, views and columns of other programs are left alone."""
    change(
        store,
        """
        CREATE TABLE notes (body TEXT);
        CREATE INDEX posts_by_author ON posts (author);
        CREATE VIEW authors AS SELECT DISTINCT author FROM posts;
        CREATE VIRTUAL TABLE "posts_fts" USING FTS5 (text, content=[posts]);
        CREATE TRIGGER posts_ai AFTER INSERT ON posts BEGIN
            INSERT INTO posts_fts (rowid, text) VALUES (new.post_id, new.text);
        END;
        ALTER TABLE posts ADD COLUMN stars INTEGER;
        """,
    )

    assert (store.check(), store.schema_faults()) == ((), ())
    assert store.added_by_others() == [
        "table notes",
        "index posts_by_author on posts",
        "view authors",
        "full-text table posts_fts",
        "trigger posts_ai on posts",
        "column stars of posts",
    ]
