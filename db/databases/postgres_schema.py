"""The schema on PostgreSQL: what is there, what should be, and what others have added."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, inspect, text
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.schema import CreateTable

from db.comparison import own_names
from db.descriptions import describe_view
from db.kinds import DatabaseKind
from db.schema import alembic_version
from model.messages import Code, Message

_NAMES = text("SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(:schema)")
_VIEWS = text(
    "SELECT relname, pg_get_viewdef(oid) AS definition FROM pg_class "
    "WHERE relkind = 'v' AND relnamespace = to_regnamespace(:schema) ORDER BY oid"
)
_TRIGGERS = text(
    "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
    "WHERE NOT tgisinternal AND relnamespace = to_regnamespace(:schema) ORDER BY 1, 2"
)


# Made by `db.lease` where they are needed.
_LEASES = {"fences", "leases"}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view of another program, and the query that it stands for."""

    name: str
    definition: str


def read_names(connection: Connection, schema: str) -> Collection[str]:
    """Return the names of everything in a schema; nothing if there is no such schema."""
    return frozenset(connection.execute(_NAMES, {"schema": schema}).scalars())


def drop_views(connection: Connection, kind: DatabaseKind) -> Sequence[View]:
    """Drop all views of the schema; return those of others, to be made anew."""
    rows = connection.execute(_VIEWS, {"schema": kind.schema}).all()
    for row in reversed(rows):
        connection.exec_driver_sql(f"DROP VIEW {_quote(row.relname)}")
    return [
        View(name=row.relname, definition=row.definition)
        for row in rows
        if row.relname not in kind.views
    ]


def create_view(connection: Connection, view: View) -> None:
    """Make a view of another program anew."""
    connection.exec_driver_sql(
        f"CREATE VIEW {_quote(view.name)} AS {_driver_text(view.definition)}"
    )


def comment_views(connection: Connection, views: Mapping[str, str]) -> None:
    """Describe our views and their columns."""
    for name, body in views.items():
        described = describe_view(body)
        _comment(connection, f"VIEW {name}", described.text)
        for column, comment in described.columns.items():
            _comment(connection, f"COLUMN {name}.{column}", comment)


def _comment(connection: Connection, on: str, comment: str) -> None:
    said = comment.replace("'", "''")
    connection.exec_driver_sql(f"COMMENT ON {on} IS '{_driver_text(said)}'")


def _driver_text(text: str) -> str:
    """Return SQL as the driver takes it, to which `%` is special."""
    return text.replace("%", "%%")


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'


def read_columns(connection: Connection) -> Mapping[str, Sequence[str]]:
    """Return the columns of each view and table, views first."""
    found = inspect(connection)
    names = [*sorted(found.get_view_names()), *sorted(found.get_table_names())]
    return {name: [column["name"] for column in found.get_columns(name)] for name in names}


def read_schema(connection: Connection, kind: DatabaseKind) -> str:
    """Return the statements of our tables, and of all views."""
    tables = _tables(kind)
    made = [str(CreateTable(table).compile(connection)).strip() + ";" for table in tables]
    views = connection.execute(_VIEWS, {"schema": kind.schema})
    made += [f"CREATE VIEW {view.relname} AS\n{view.definition}" for view in views]
    return "\n\n".join(made)


def find_differences(connection: Connection, kind: DatabaseKind) -> Iterator[Message]:
    """Describe where the schema differs from ours."""
    found = inspect(connection)
    names = read_names(connection, kind.schema)
    for table in _tables(kind):
        if table.name not in names:
            yield Message.of(Code.SCHEMA_LACKS, kind="table", name=table.name)
            continue
        columns = {column["name"]: column for column in found.get_columns(table.name)}
        for column in table.columns:
            there = columns.get(column.name)
            if there is None:
                yield Message.of(Code.COLUMN_LACKS, table=table.name, column=column.name)
            elif _is_other(there, nullable=bool(column.nullable)):
                yield Message.of(Code.COLUMN_DIFFERS, table=table.name, column=column.name)
        for index in table.indexes:
            if index.name not in names:
                yield Message.of(Code.SCHEMA_LACKS, kind="index", name=str(index.name))
    for name in kind.views:
        if name not in names:
            yield Message.of(Code.SCHEMA_LACKS, kind="view", name=name)


def _tables(kind: DatabaseKind) -> Sequence[Table]:
    return [*dict.fromkeys([*kind.metadata.sorted_tables, alembic_version])]


def _is_other(found: ReflectedColumn, *, nullable: bool) -> bool:
    return bool(found["nullable"]) != nullable


def find_added(connection: Connection, kind: DatabaseKind) -> Sequence[str]:
    """Describe what others have added to the schema, a few words each."""
    found = inspect(connection)
    own = own_names(kind.metadata) | kind.views.keys() | _LEASES
    added = [f"table {name}" for name in sorted(found.get_table_names()) if name not in own]
    added += [f"view {name}" for name in sorted(found.get_view_names()) if name not in own]
    tables = [table for table in kind.metadata.sorted_tables if found.has_table(table.name)]
    for table in tables:
        added += [
            f"index {index['name']} on {table.name}"
            for index in found.get_indexes(table.name)
            if index["name"] not in own and "duplicates_constraint" not in index
        ]
    triggers = connection.execute(_TRIGGERS, {"schema": kind.schema})
    added += [f"trigger {row.tgname} on {row.relname}" for row in triggers]
    for table in tables:
        added += [
            f"column {column['name']} of {table.name}"
            for column in found.get_columns(table.name)
            if column["name"] not in table.columns
        ]
    return added
