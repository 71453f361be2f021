"""What other programs have put into the file: it is left alone, named, and kept from doing harm."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

from db.sql_text import module_of, says

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
    """A table, index, view or trigger; `table` is the one it stands on, else its own name."""

    kind: str
    name: str
    table: str
    sql: str


def read_objects(connection: sqlite3.Connection) -> Sequence[SchemaObject]:
    """Return what a file holds, in the order in which it was made, but for SQLite's own."""
    rows = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema "
        r"WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY rowid"
    )
    return [
        SchemaObject(kind=kind, name=name, table=table, sql=sql) for kind, name, table, sql in rows
    ]


def describe_foreign(connection: sqlite3.Connection, own: Collection[str]) -> Sequence[str]:
    """Name what is not among `own`, a few words each; parts of a full-text table go with it."""
    shadows = {
        name
        for name, kind in connection.execute("SELECT name, type FROM pragma_table_list")
        if kind == "shadow"
    }
    return [
        _describe(each)
        for each in read_objects(connection)
        if each.name not in own and each.name not in shadows and each.table not in shadows
    ]


def _describe(found: SchemaObject) -> str:
    if _is_full_text(found):
        return f"full-text table {found.name}"
    if found.table != found.name:
        return f"{found.kind} {found.name} on {found.table}"
    return f"{found.kind} {found.name}"


def _is_full_text(found: SchemaObject) -> bool:
    return says(found.sql, "virtual") and module_of(found.sql) in _FULL_TEXT


def has_triggers(connection: sqlite3.Connection, tables: Collection[str]) -> bool:
    """Tell whether writing one of these tables sets a trigger off."""
    on = connection.execute("SELECT DISTINCT tbl_name FROM sqlite_schema WHERE type = 'trigger'")
    return any(table in tables for (table,) in on)


def find_meddling(connection: sqlite3.Connection, tables: Collection[str]) -> Sequence[str]:
    """Say which triggers do more, when these tables are written, than keep full-text tables.

    SQLite itself says what a trigger touches, while it prepares statements that are not run.
    """
    objects = read_objects(connection)
    triggers = {each.name: each for each in objects if each.kind == "trigger"}
    touched = {each.table for each in triggers.values()} & set(tables)
    full_text = {each.name.lower() for each in objects if _is_full_text(each)}
    with trusting(connection):
        found: list[str] = []
        for table in sorted(touched):
            acts, failure = _watch(connection, table)
            found += [
                f"trigger {name} on {table}"
                for name, done in acts.items()
                if not done <= full_text or (name in triggers and says(triggers[name].sql, "raise"))
            ]
            if failure:
                names = (each.name for each in triggers.values() if each.table == table)
                found.append(f"one of the triggers {', '.join(names)} on {table} ({failure})")
    return list(dict.fromkeys(found))


@contextmanager
def trusting(connection: sqlite3.Connection) -> Iterator[None]:
    """Let triggers write into virtual tables."""
    connection.execute("PRAGMA trusted_schema = ON")
    try:
        yield
    finally:
        connection.execute("PRAGMA trusted_schema = OFF")


def _watch(connection: sqlite3.Connection, table: str) -> tuple[Mapping[str, set[str]], str]:
    """Return which tables each trigger, or view that one reads, writes when a table is written.

    What is neither a write of a table nor harmless stands among them in angle brackets. The second
    value says why such statements fail, where they do.
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
    # Hidden columns are computed.
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
    """Return a name as it stands in a statement, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def take_away(connection: sqlite3.Connection, own: Collection[str]) -> Sequence[SchemaObject]:
    """Drop what stands on tables and would keep them from being rebuilt, or be lost by it.

    These are all views, and of what is not among `own` the indexes and triggers. Return what is to
    be made anew afterwards.
    """
    objects = read_objects(connection)
    foreign = [each for each in objects if each.name not in own and each.kind != "table"]
    views = [each for each in objects if each.kind == "view" and each.name in own]
    for each in reversed([*views, *foreign]):
        connection.execute(f"DROP {each.kind} IF EXISTS {quote(each.name)}")
    return foreign
