"""A later schema is reached without loss, whatever has been built on the present one."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection

from db import PostStore, open_archive
from db.databases.sqlite import SqliteDatabase
from db.kinds import ARCHIVE, DatabaseKind
from db.migrate import bring_up_to_date
from tests.db.making import MORNING, a_post

# It rebuilds a table that others refer to and that views stand on, and rewords a view.
_LATER = """
from alembic import op

revision = "archive_later"
down_revision = "archive_0005"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE channels_new (channel_id INTEGER PRIMARY KEY, title TEXT, username TEXT, "
        "telegram_id INTEGER UNIQUE, country TEXT /* New. */) STRICT"
    )
    op.execute("INSERT INTO channels_new SELECT *, 'RU' FROM channels")
    op.execute("DROP TABLE channels")
    op.execute("ALTER TABLE channels_new RENAME TO channels")
    {more}
"""
_OWN_VIEW = 'CREATE VIEW "my channels" AS SELECT title FROM channels'


@pytest.fixture
def later(tmp_path: Path) -> DatabaseKind:
    """The archive's migrations and one more."""
    folder = tmp_path / "100% migrations"
    shutil.copytree(ARCHIVE.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "archive_later.py").write_text(_LATER.format(more=""))
    views = {**ARCHIVE.views, "hashtag_counts": " SELECT 'reworded' AS answer"}
    return replace(ARCHIVE, folder=folder, head="archive_later", views=views)


@pytest.fixture
def database(store: PostStore, channel_id: int, later: DatabaseKind) -> Iterator[SqliteDatabase]:
    """An archive with a post and a view of its owner's, as the present Letopis leaves it."""
    store.save(channel_id, [a_post(1, "Слово", hashtags=("a", "b"))], as_of=MORNING)
    store.close()
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute(_OWN_VIEW)
    database = SqliteDatabase(store.path, later, read_only=False, busy_seconds=1)
    yield database
    database.close()


def _ask(database: SqliteDatabase, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database.path)) as connection:
        return connection.execute(statement).fetchall()


def test_a_table_is_rebuilt_without_loss(database: SqliteDatabase) -> None:
    """Rows that refer to a rebuilt table stay, and every reference holds."""
    bring_up_to_date(database)

    assert _ask(database, "SELECT title, country FROM channels") == [("Ежедневник", "RU")]
    assert _ask(database, "SELECT count(*) FROM channel_titles") == [(1,)]
    assert _ask(database, "SELECT count(*) FROM post_hashtags") == [(2,)]
    assert _ask(database, "PRAGMA foreign_key_check") == []
    assert _ask(database, "SELECT version_num FROM alembic_version") == [("archive_later",)]


def test_views_are_made_anew(database: SqliteDatabase) -> None:
    """Views stand on the new tables: ours in their new words, the owner's in their own."""
    bring_up_to_date(database)

    assert _ask(database, "SELECT channel, tags FROM archive") == [("Ежедневник", "#a #b")]
    assert _ask(database, "SELECT * FROM hashtag_counts") == [("reworded",)]
    assert _ask(database, 'SELECT * FROM "my channels"') == [("Ежедневник",)]


def test_references_are_enforced_again_afterwards(database: SqliteDatabase) -> None:
    """The connection that migrated takes no wrong row after that."""
    bring_up_to_date(database)

    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_migration_that_fails_changes_nothing(
    database: SqliteDatabase, later: DatabaseKind
) -> None:
    """A file is migrated as a whole or left as it was."""
    broken = _LATER.format(more='op.execute("SELECT nonsense")')
    (later.folder / "archive_later.py").write_text(broken)
    before = _ask(database, "SELECT type, name, sql FROM sqlite_master ORDER BY name")

    with pytest.raises(Exception, match="no such column: nonsense"):
        bring_up_to_date(database)

    assert _ask(database, "SELECT type, name, sql FROM sqlite_master ORDER BY name") == before
    with open_archive(database.path) as store:
        assert store.stats().posts == 1


def test_an_older_archive_that_lacks_nothing_is_read(
    database: SqliteDatabase, later: DatabaseKind
) -> None:
    """A reader, who cannot migrate, needs what it reads, and not the name of a migration."""
    reader = SqliteDatabase(database.path, later, read_only=True, busy_seconds=1)

    bring_up_to_date(reader)

    with reader.reading() as connection:
        assert connection.exec_driver_sql("SELECT title FROM channels").scalar() == "Ежедневник"
    reader.close()


@pytest.mark.parametrize("name", ["posts_by_a_word", "posts by views", 'a "quoted" one'])
def test_indexes_and_triggers_of_others_are_made_anew(
    database: SqliteDatabase, later: DatabaseKind, name: str
) -> None:
    """What others put on a table survives its rebuilding."""
    quoted = name.replace('"', '""')
    index = f'CREATE INDEX "{quoted}" ON channels (title)'
    view = f'CREATE VIEW "{quoted} too" AS SELECT 1 AS one'
    trigger = f'CREATE TRIGGER "{quoted} 3" INSTEAD OF INSERT ON "{quoted} too" BEGIN SELECT 1; END'
    with closing(sqlite3.connect(database.path)) as connection:
        connection.executescript(f"{index};{view};{trigger}")

    bring_up_to_date(database)

    found = _ask(database, "SELECT sql FROM sqlite_master")
    assert {(index,), (view,), (trigger,)} <= set(found)


class _Overtaken(SqliteDatabase):
    """A database that another program migrates just before this one gets to it."""

    def __init__(self, first: SqliteDatabase, overtake: Callable[[], None]) -> None:
        super().__init__(first.path, first.kind, read_only=False, busy_seconds=1)
        self._overtake = overtake

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        self._overtake()
        with super().migrating() as connection:
            yield connection


def test_a_second_migration_does_nothing(database: SqliteDatabase) -> None:
    """A program that waited while another one migrated does not migrate again."""
    second = _Overtaken(database, lambda: bring_up_to_date(database))

    bring_up_to_date(second)

    second.close()
    assert _ask(database, "SELECT title, country FROM channels") == [("Ежедневник", "RU")]
