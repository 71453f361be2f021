"""Compares a file's schema with the one the migrations produce, one sentence per difference."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import MetaData, create_engine

from db.foreign import SchemaObject, describe_foreign, quote, read_objects
from db.full_text_schema import STEMS, find_own
from db.schema import alembic_version
from db.sql_text import same_statement
from db.views import create_views
from model.messages import Code, Message


def own_names(metadata: MetaData) -> frozenset[str]:
    """Return the names of our own tables and their indexes."""
    tables = [*metadata.tables.values(), alembic_version]
    indexes = [str(index.name) for table in tables for index in table.indexes]
    return frozenset([*(table.name for table in tables), *indexes])


def find_differences(
    connection: sqlite3.Connection, metadata: MetaData, views: Mapping[str, str]
) -> Sequence[Message]:
    """Describe where a schema differs from ours; additions by others do not count.

    The migrations produce exactly the described schema, which tests verify.
    """
    actual = {each.name: each for each in read_objects(connection)}
    with _made(metadata, views) as made:
        return [
            difference
            for wanted in read_objects(made)
            for difference in _compare(wanted, actual.get(wanted.name), made, connection)
        ]


@contextmanager
def _made(metadata: MetaData, views: Mapping[str, str]) -> Iterator[sqlite3.Connection]:
    """Create an empty database with the described schema in memory."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        alembic_version.create(connection, checkfirst=True)
        create_views(connection, views)
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        yield driver
    engine.dispose()


def _compare(
    wanted: SchemaObject,
    found: SchemaObject | None,
    made: sqlite3.Connection,
    connection: sqlite3.Connection,
) -> Iterator[Message]:
    if found is None or found.kind != wanted.kind:
        yield Message.of(Code.SCHEMA_LACKS, kind=wanted.kind, name=wanted.name)
    elif wanted.kind != "table":
        if not same_statement(wanted.sql, found.sql):
            yield Message.of(Code.SCHEMA_DIFFERS, kind=wanted.kind, name=wanted.name)
    elif not same_statement(wanted.sql, found.sql):
        yield from _compare_tables(wanted.name, made, connection)


def _compare_tables(
    name: str, made: sqlite3.Connection, connection: sqlite3.Connection
) -> Iterator[Message]:
    wanted, found = _columns(made, name), _columns(connection, name)
    references = _references(connection, name)
    differences = [
        Message.of(Code.COLUMN_LACKS, table=name, column=each)
        for each in wanted
        if each not in found
    ]
    differences += [
        Message.of(Code.COLUMN_DIFFERS, column=each, table=name)
        for each in wanted
        if each in found and wanted[each] != found[each]
    ]
    differences += [
        Message.of(Code.COLUMN_REFERENCE, column=column, table=name, parent=parent)
        for column, parent, *more in _references(made, name)
        if (column, parent, *more) not in references and column in found
    ]
    yield from differences
    if not differences and found.keys() == wanted.keys():
        yield Message.of(Code.SCHEMA_DIFFERS, kind="table", name=name)


def find_foreign(
    connection: sqlite3.Connection, metadata: MetaData, views: Mapping[str, str]
) -> Sequence[str]:
    """Describe what other programs have added, a few words each."""
    full_text = {each.name for each in find_own(connection)}
    added = [
        f"column {column} of {table.name}"
        for table in metadata.tables.values()
        for column in _columns(connection, table.name)
        if column not in table.columns
        if not (full_text and (table.name, column) == ("posts", STEMS))
    ]
    own = own_names(metadata) | views.keys() | full_text
    return [*describe_foreign(connection, own), *added]


def _columns(connection: sqlite3.Connection, table: str) -> Mapping[str, tuple[object, ...]]:
    """Return type, nullability, default, key position and kind of each column, by name."""
    rows = connection.execute(f"PRAGMA table_xinfo({quote(table)})")
    return {name: tuple(facts) for _, name, *facts in rows}


def _references(connection: sqlite3.Connection, table: str) -> Sequence[tuple[object, ...]]:
    """Return column, parent table, parent column and actions of each foreign key."""
    rows = connection.execute(f"PRAGMA foreign_key_list({quote(table)})")
    return [(column, parent, *more) for _, _, parent, column, *more in rows]
