"""The schema explains itself, and the migrations lead to it."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, MetaData, Table, create_engine, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from db import PostStore, open_archive
from db.bot_store import open_bot_store
from db.ddl import comment_text
from db.dialects import PostgresSpeech
from db.kinds import ARCHIVE, BOT
from db.schema import alembic_version, metadata
from db.schema.bot import bot_metadata
from db.schema.metadata import INT
from db.upgrade import known_revisions
from db.views import VIEWS, view_statement
from tests.db.making import MORNING, a_post

_TABLES = [*metadata.tables.values(), *bot_metadata.tables.values()]
_by_name = pytest.mark.parametrize("table", _TABLES, ids=lambda table: table.name)


@pytest.fixture(scope="module")
def schema(fresh_archive: Path) -> Iterator[sqlite3.Connection]:
    """A new archive, seen through the plain driver."""
    with closing(sqlite3.connect(fresh_archive)) as connection:
        yield connection


def _statements(connection: sqlite3.Connection) -> dict[str, str]:
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'view'"
    )
    return dict(rows.fetchall())


@pytest.mark.parametrize("kind", ["archive", "bot"])
def test_migrations_lead_to_the_described_schema(tmp_path: Path, kind: str) -> None:
    """A file made by the migrations has, to the letter, the tables that the code describes."""
    path = tmp_path / "made.db"
    if kind == "archive":
        open_archive(path).close()
        described, head = metadata, ARCHIVE.head
    else:
        open_bot_store(path).close()
        described, head = bot_metadata, BOT.head
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        described.create_all(connection)
        alembic_version.create(connection, checkfirst=True)
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        expected = _statements(driver)
    engine.dispose()

    with closing(sqlite3.connect(path)) as made:
        assert _statements(made) == expected
        assert made.execute("SELECT version_num FROM alembic_version").fetchall() == [(head,)]
        assert head in known_revisions(ARCHIVE.folder) | known_revisions(BOT.folder)


def test_alembic_finds_nothing_to_migrate(fresh_archive: Path) -> None:
    """Alembic's own comparison agrees that schema and description are one."""
    engine = create_engine(f"sqlite:///{fresh_archive}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


@_by_name
def test_every_table_and_column_has_a_comment(table: Table) -> None:
    """Nothing in the schema is left to be guessed."""
    assert table.comment
    assert [column.name for column in table.columns if not column.comment] == []


def test_every_comment_stands_in_the_file(schema: sqlite3.Connection) -> None:
    """The shell's `.schema` shows each comment, and each column on a line of its own."""
    statements = _statements(schema)
    for table in metadata.tables.values():
        lines = statements[table.name].splitlines()
        assert lines[0] == f"CREATE TABLE {table.name} ("
        assert lines[1] == f"  {comment_text(table.comment or '')}"
        for column, line in zip(table.columns, lines[2:], strict=False):
            assert line.startswith(f"  {column.name} {column.type.compile()}".replace("BIGINT", ""))
            assert line.endswith(comment_text(column.comment or ""))
        assert "--" not in statements[table.name]


def test_every_column_of_a_view_has_a_comment(schema: sqlite3.Connection) -> None:
    """Views explain themselves as tables do."""
    views = schema.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'").fetchall()
    assert [name for name, _ in views] == list(VIEWS)
    for name, statement in views:
        columns = schema.execute(f"SELECT * FROM {name}").description
        assert statement.splitlines()[1].strip().startswith("/* ")
        selected = statement.partition("SELECT")[2].rpartition("\nFROM ")[0]
        assert len(re.findall(r"/\* .*?\. \*/", selected)) == len(columns)


@pytest.mark.skipif(not shutil.which("sqlite3"), reason="the shell is not installed")
def test_the_shell_reads_the_archive(store: PostStore, channel_id: int) -> None:
    """The sqlite3 shell lists the schema with its comments, and answers from the views."""
    store.save(channel_id, [a_post(7, "Слово", hashtags=("a", "b"))], as_of=MORNING)
    store.close()

    def ask(command: str) -> str:
        return subprocess.run(
            ["sqlite3", str(store.path), command], capture_output=True, check=True, encoding="utf-8"
        ).stdout

    listed = ask(".schema posts")
    assert "/* Plain text, exactly as the author wrote it. */" in listed
    assert "/* What stands in the channels?" in ask(".schema archive")
    assert ask("SELECT message_id, text, tags FROM archive") == "7|Слово|#a #b\n"


@_by_name
def test_tables_are_strict_and_their_keys_indexed(table: Table, tmp_path: Path) -> None:
    """SQLite checks types, and finds the rows that refer to another without a search."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        for each in _TABLES:
            each.create(connection, checkfirst=True)
        statement = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE name = ?", (table.name,)
        ).scalar_one()
        indexes = [
            row.name for row in connection.exec_driver_sql(f"PRAGMA index_list({table.name})")
        ]
        leading = {
            connection.exec_driver_sql(f"PRAGMA index_info({name})").first()[2]  # type: ignore[index]
            for name in indexes
        }
    engine.dispose()

    assert statement.endswith("STRICT")
    leading |= {column.name for column in list(table.primary_key.columns)[:1]}
    for column in table.columns:
        if column.foreign_keys:
            assert column.name in leading


@_by_name
def test_tables_can_be_made_on_postgresql(table: Table) -> None:
    """What only SQLite has stays with SQLite."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # untyped upstream

    statement = str(CreateTable(table).compile(dialect=dialect))
    indexes = [str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes]

    assert "STRICT" not in statement
    assert "ROWID" not in statement
    partial = [
        each for each in table.indexes if each.dialect_options["sqlite"]["where"] is not None
    ]
    assert [index.split()[2] for index in indexes if " WHERE " in index] == [
        each.name for each in partial
    ]


@pytest.mark.parametrize("name", VIEWS)
def test_views_can_be_made_on_postgresql(name: str) -> None:
    """The one word that differs is the other database's own."""
    statement = view_statement(name, VIEWS[name], PostgresSpeech())

    assert "group_concat" not in statement
    assert "{" not in statement


def test_a_comment_cannot_end_before_its_time() -> None:
    """A comment that speaks of comments stays one."""
    table = Table(
        "odd",
        MetaData(),
        Column("odd_id", INT, primary_key=True),
        Column("value", INT, comment="Not */ DROP TABLE odd."),
    )
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(CreateTable(table, if_not_exists=True))
        columns = [each["name"] for each in inspect(connection).get_columns("odd")]
    engine.dispose()

    assert columns == ["odd_id", "value"]


def test_other_statements_survive_in_the_file(store: PostStore) -> None:
    """A column that is added later leaves the comments readable."""
    store.close()
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("ALTER TABLE posts ADD COLUMN extra TEXT /* Added later. */")
        statement = _statements(connection)["posts"]

    assert "extra TEXT /* Added later. */" in statement
    assert "/* Digest of the post" in statement
    assert store.last_seq() == 0
