"""The statements that make the full-text table, and which of a file's objects are made by them.

SQLite only. A name alone proves nothing: an object is ours if its statement is.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, count

from db.foreign import SchemaObject, find_harmful_triggers, read_objects
from db.sql_text import same_statement

# `posts_fts` is the name that sqlite-utils and Datasette would give; it may be taken.
_NAME = re.compile(r"posts_fts|letopis_fts(?:_\d+)?")
# They also recognise the table by `content` in these quotes, and by `USING` right after its name.
_TABLE = """
CREATE VIRTUAL TABLE {table} USING fts5
  /* Full text of the posts: words as written, and their stems. Kept by triggers on posts. */
  (text, stems, content="posts", content_rowid="post_id")"""
_TRIGGERS = {
    "insert": """
CREATE TRIGGER {table}_insert AFTER INSERT ON posts BEGIN
  {add};
END""",
    "delete": """
CREATE TRIGGER {table}_delete AFTER DELETE ON posts BEGIN
  {remove};
END""",
    "update": """
CREATE TRIGGER {table}_update AFTER UPDATE OF post_id, text ON posts
WHEN new.post_id <> old.post_id OR new.text IS NOT old.text BEGIN
  {remove};
  {add};
  /* The stems of the old text; Letopis writes those of the new one. */
  UPDATE posts SET stems = NULL WHERE post_id = new.post_id AND stems IS old.stems;
END""",
    "stems": """
CREATE TRIGGER {table}_stems AFTER UPDATE OF stems ON posts
WHEN new.stems IS NOT old.stems AND new.text IS old.text AND new.post_id = old.post_id BEGIN
  {remove};
  {add};
END""",
}
# With the name in quotes, `sqlite-utils disable-fts` knows the triggers that it has to drop.
_ADD = """INSERT INTO "{table}" (rowid, text, stems)
    VALUES (new.post_id, new.text, new.stems)"""
# An FTS5 table without a copy of its content is told what to remove.
_REMOVE = """INSERT INTO "{table}" ("{table}", rowid, text, stems)
    VALUES ('delete', old.post_id, old.text, old.stems)"""

STEMS = "stems"
COLUMN = f"{STEMS} TEXT /* A stem for each word, ё as е; NULL: not written by Letopis yet. */"
UNSTEMMED = "posts_unstemmed"
INDEX = f"CREATE INDEX {UNSTEMMED} ON posts (post_id) WHERE stems IS NULL"


def statements(table: str) -> Mapping[str, str]:
    """Return the statements that make a full-text table and its triggers, by the names made."""
    parts = {"table": table, "add": _ADD.format(table=table), "remove": _REMOVE.format(table=table)}
    triggers = {f"{table}_{name}": text for name, text in _TRIGGERS.items()}
    return {
        name: text.strip().format(**parts) for name, text in ({table: _TABLE} | triggers).items()
    }


def find_own(connection: sqlite3.Connection) -> Sequence[SchemaObject]:
    """Return the index, the full-text table and the triggers of this layer that a file has."""
    return [each for each in read_objects(connection) if _is_own(each)]


def own_table(connection: sqlite3.Connection) -> str | None:
    """Return the name of the full-text table of Letopis, if the file has one."""
    return next((each.name for each in find_own(connection) if each.kind == "table"), None)


def find_harmful(connection: sqlite3.Connection, tables: Collection[str]) -> Sequence[str]:
    """Describe triggers of other programs that do more than maintain full-text tables."""
    own = [each.name for each in find_own(connection)]
    return find_harmful_triggers(connection, tables, own=own)


def free_name(connection: sqlite3.Connection) -> str:
    """Return a name for the table that clashes with no object of another program."""
    foreign = {each.name.lower() for each in read_objects(connection) if not _is_own(each)}
    return next(name for name in _names() if foreign.isdisjoint(statements(name)))


def _names() -> Iterator[str]:
    return chain(("posts_fts", "letopis_fts"), (f"letopis_fts_{number}" for number in count(2)))


def _is_own(found: SchemaObject) -> bool:
    if found.name == UNSTEMMED:
        return same_statement(found.sql, INDEX)
    table = found.name if found.kind == "table" else found.name.rpartition("_")[0]
    if not _NAME.fullmatch(table):
        return False
    return same_statement(found.sql, statements(table).get(found.name, ""))
