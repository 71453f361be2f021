"""Objects added to the file by other programs: left alone, listed, and kept from doing harm."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

from db.sql_text import has_keyword, module_of

_FULL_TEXT = {"fts3", "fts4", "fts5"}
_READS = {
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_SELECT,
}
_WRITES = {sqlite3.SQLITE_DELETE, sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE}
_INNOCUOUS = 0x200000


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaObject:
    """A table, index, view or trigger; `table` is the one it belongs to, or its own name."""

    kind: str
    name: str
    table: str
    sql: str


def read_objects(connection: sqlite3.Connection) -> Sequence[SchemaObject]:
    """Return the objects of a file in order of creation, without SQLite's internal ones."""
    rows = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema "
        r"WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY rowid"
    )
    return [
        SchemaObject(kind=kind, name=name, table=table, sql=sql) for kind, name, table, sql in rows
    ]


def describe_foreign(connection: sqlite3.Connection, own: Collection[str]) -> Sequence[str]:
    """Describe objects not in `own`, a few words each; parts of a full-text table count with it."""
    shadows = find_shadows(connection)
    return [
        _describe(each)
        for each in read_objects(connection)
        if each.name not in own and each.name not in shadows and each.table not in shadows
    ]


def find_shadows(connection: sqlite3.Connection) -> Collection[str]:
    """Return the names of the tables in which full-text tables keep their data."""
    tables = connection.execute("SELECT name, type FROM pragma_table_list")
    return {name for name, kind in tables if kind == "shadow"}


def _describe(found: SchemaObject) -> str:
    if _is_full_text(found):
        return f"full-text table {found.name}"
    if found.table != found.name:
        return f"{found.kind} {found.name} on {found.table}"
    return f"{found.kind} {found.name}"


def _is_full_text(found: SchemaObject) -> bool:
    return has_keyword(found.sql, "virtual") and module_of(found.sql) in _FULL_TEXT


def has_triggers(connection: sqlite3.Connection, tables: Collection[str]) -> bool:
    """Return whether writing one of these tables fires a trigger."""
    on = connection.execute("SELECT DISTINCT tbl_name FROM sqlite_schema WHERE type = 'trigger'")
    return any(table in tables for (table,) in on)


def find_harmful_triggers(
    connection: sqlite3.Connection, tables: Collection[str], *, own: Collection[str] = ()
) -> Sequence[str]:
    """Describe triggers that do more than maintain full-text tables when these tables are written.

    SQLite itself reports what a trigger touches while statements are prepared but not run. Those
    named in `own` are ours.
    """
    objects = read_objects(connection)
    triggers = {each.name: each for each in objects if each.kind == "trigger"}
    touched = {each.table for each in triggers.values()} & set(tables)
    full_text = {each.name.lower() for each in objects if _is_full_text(each)}
    with trusted_schema(connection):
        found: list[str] = []
        for table in sorted(touched):
            acts, failure = _tables_written(connection, table)
            found += [
                f"trigger {name} on {table}"
                for name, done in acts.items()
                if name not in own
                if not done <= full_text
                or (name in triggers and has_keyword(triggers[name].sql, "raise"))
            ]
            if failure:
                names = (each.name for each in triggers.values() if each.table == table)
                found.append(f"one of the triggers {', '.join(names)} on {table} ({failure})")
    return list(dict.fromkeys(found))


@contextmanager
def trusted_schema(connection: sqlite3.Connection) -> Iterator[None]:
    """Allow triggers to write to virtual tables."""
    connection.execute("PRAGMA trusted_schema = ON")
    try:
        yield
    finally:
        connection.execute("PRAGMA trusted_schema = OFF")


def _tables_written(
    connection: sqlite3.Connection, table: str
) -> tuple[Mapping[str, set[str]], str]:
    """Return the tables that each trigger, or view it reads, writes when a table is written.

    Anything that is neither a table write nor harmless is listed in angle brackets. The second
    value explains why such statements fail, if they do.
    """
    harmless = {
        name.lower()
        for name, is_builtin, flags in connection.execute(
            "SELECT name, builtin, flags FROM pragma_function_list"
        )
        if is_builtin or flags & _INNOCUOUS
    }
    acts: defaultdict[str, set[str]] = defaultdict(set)

    def note(
        action: int, first: str | None, second: str | None, _: str | None, inside: str | None
    ) -> int:
        if inside is None:
            return sqlite3.SQLITE_OK
        done = acts[inside]
        is_call = action == sqlite3.SQLITE_FUNCTION
        if action in _WRITES:
            done.add((first or "").lower())
        elif action not in _READS or (is_call and (second or "").lower() not in harmless):
            done.add(f"<{second}>")
        return sqlite3.SQLITE_OK

    connection.set_authorizer(note)
    try:
        for statement in _writes_of(connection, table):
            with closing(connection.execute(f"EXPLAIN {statement}")):
                pass
    except sqlite3.Error as exc:
        return acts, str(exc)
    finally:
        connection.set_authorizer(None)
    return acts, ""


def _writes_of(connection: sqlite3.Connection, table: str) -> Sequence[str]:
    name = quote(table)
    # Hidden columns are generated.
    columns = [
        quote(row[1]) for row in connection.execute(f"PRAGMA table_xinfo({name})") if not row[6]
    ]
    nothing = ", ".join("NULL" for _ in columns)
    return (
        f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({nothing})",  # noqa: S608  # quoted
        f"UPDATE {name} SET {', '.join(f'{column} = NULL' for column in columns)}",  # noqa: S608
        f"DELETE FROM {name}",  # noqa: S608
    )


def quote(name: str) -> str:
    """Quote a name for use in a statement."""
    return '"' + name.replace('"', '""') + '"'


def drop_blocking(connection: sqlite3.Connection, own: Collection[str]) -> Sequence[SchemaObject]:
    """Drop objects that would block a table rebuild or be lost by it; return them for re-creation.

    These are all views, and the indexes and triggers not in `own`.
    """
    objects = read_objects(connection)
    foreign = [each for each in objects if each.name not in own and each.kind != "table"]
    views = [each for each in objects if each.kind == "view" and each.name in own]
    for each in reversed([*views, *foreign]):
        connection.execute(f"DROP {each.kind} IF EXISTS {quote(each.name)}")
    return foreign
