"""Full text from SQL: an FTS5 table over the posts, and the stems that Letopis keeps for it.

SQLite only, and only where it was asked for, since the file grows by half. Everything stands beside
the schema of the migrations: a column `posts.stems`, an index of the posts that lack them, the
table, and its triggers, which any program that writes posts fires. `write_stems` alone writes
stems, so the triggers need no function of ours.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, delete, insert, select

from db.database import Database, Progress, Stem
from db.engine import driver_connection
from db.foreign import quote
from db.full_text_schema import (
    COLUMN,
    INDEX,
    STEMS,
    UNSTEMMED,
    find_own,
    free_name,
    own_table,
    statements,
)
from db.schema import archive_info
from model.errors import UsageError
from model.messages import Code, Message

# The row of `archive_info` that says which analysis made the stems; without it there are none.
STEMS_VERSION = "stems_version"
_BATCH = 1000


def enable(
    database: Database, stem: Stem, *, version: str, progress: Progress | None = None
) -> str:
    """Make the table, or make it anew, and return its name.

    Stems are written in short transactions; if interrupted, the next call continues.

    Raises:
        UsageError: Another program added a column `stems` to the posts.
    """
    with database.writing() as connection:
        _remove_table(connection)
        _prepare_column(connection, is_current=_read_version(connection) in {None, version})
        _write_version(connection, None)
    _write_all(database, stem, progress=progress)
    with database.writing() as connection:
        while _write_batch(connection, stem):
            pass  # written by others meanwhile
        table = free_name(driver_connection(connection))
        made = list(statements(table).values())
        fill = f"INSERT INTO {table} ({table}) VALUES ('rebuild')"
        for statement in (made[0], fill, *made[1:]):
            connection.exec_driver_sql(statement)
        _write_version(connection, version)
    return table


def disable(database: Database) -> None:
    """Remove the table and the stems, if there are any."""
    with database.writing() as connection:
        driver = driver_connection(connection)
        _remove_table(connection)
        if any(each.name == UNSTEMMED for each in find_own(driver)):
            connection.exec_driver_sql(f"DROP INDEX {UNSTEMMED}")
            connection.exec_driver_sql(f"ALTER TABLE posts DROP COLUMN {STEMS}")
        _write_version(connection, None)


def find_table(connection: Connection) -> str | None:
    """Return the name of the full-text table, if it is enabled."""
    return own_table(driver_connection(connection))


def find_faults(connection: Connection) -> Iterator[Message]:
    """Yield what keeps the full-text table from being that of the posts, if it is enabled."""
    table = find_table(connection)
    if table is None:
        return
    own = {each.name for each in find_own(driver_connection(connection))}
    for trigger in statements(table).keys() - own:
        yield Message.of(Code.FULL_TEXT_NOT_KEPT, table=table, trigger=trigger)
    # FTS5 compares the words too, but only while it holds up writers; the rows tell of whatever
    # was written while the triggers were away.
    kept = f"SELECT id FROM {table}_docsize"
    differing = (
        f"SELECT count(*) FROM (SELECT post_id FROM posts EXCEPT {kept}"
        f" UNION ALL SELECT * FROM ({kept} EXCEPT SELECT post_id FROM posts))"
    )
    if number := connection.exec_driver_sql(differing).scalar_one():
        yield Message.of(Code.FULL_TEXT_LAGS, table=table, number=number)


def write_stems(database: Database, stem: Stem, *, version: str) -> int:
    """Write the stems of posts that lack them, if the table is enabled; return how many.

    Stems of another version of the analysis are all written anew. Costs one look if there is
    nothing to do.
    """
    if database.read_only:
        return 0
    with database.reading() as connection:
        known = _read_version(connection)
        is_behind = known is not None and _count_unstemmed(connection, upto=1) > 0
    if known not in {None, version}:
        enable(database, stem, version=version)
    elif is_behind:
        return _write_all(database, stem)
    return 0


def _remove_table(connection: Connection) -> None:
    own = [each for each in find_own(driver_connection(connection)) if each.kind != "index"]
    for each in reversed(own):  # triggers before their table
        connection.exec_driver_sql(f"DROP {each.kind} {quote(each.name)}")


def _prepare_column(connection: Connection, *, is_current: bool) -> None:
    """Add the column if it is missing, and empty it if its stems are of another version."""
    driver = driver_connection(connection)
    there = {row[1] for row in driver.execute("PRAGMA table_xinfo(posts)")}
    if STEMS not in there:
        connection.exec_driver_sql(f"ALTER TABLE posts ADD COLUMN {COLUMN}")
        connection.exec_driver_sql(INDEX)
    elif not any(each.name == UNSTEMMED for each in find_own(driver)):
        raise UsageError(Code.STEMS_TAKEN)
    elif not is_current:
        connection.exec_driver_sql(f"UPDATE posts SET {STEMS} = NULL")


def _write_all(database: Database, stem: Stem, *, progress: Progress | None = None) -> int:
    with database.reading() as connection:
        expected = _count_unstemmed(connection)
    done, is_done = 0, False
    while not is_done:
        with database.writing() as connection:
            written = _write_batch(connection, stem)
        done, is_done = done + written, written < _BATCH
        if progress is not None:
            progress(done, max(expected, done))
    return done


def _write_batch(connection: Connection, stem: Stem) -> int:
    rows = connection.exec_driver_sql(
        f"SELECT post_id, text FROM posts WHERE {STEMS} IS NULL LIMIT {_BATCH}"
    ).all()
    if rows:
        connection.exec_driver_sql(
            f"UPDATE posts SET {STEMS} = ? WHERE post_id = ?",
            [(stem(text), post_id) for post_id, text in rows],
        )
    return len(rows)


def _count_unstemmed(connection: Connection, *, upto: int = -1) -> int:
    lacking = f"SELECT 1 FROM posts WHERE {STEMS} IS NULL LIMIT {upto}"
    counted = connection.exec_driver_sql(f"SELECT count(*) FROM ({lacking})")
    return int(counted.scalar_one())


def _read_version(connection: Connection) -> str | None:
    stored = select(archive_info.c.value).where(archive_info.c.name == STEMS_VERSION)
    return connection.execute(stored).scalar()


def _write_version(connection: Connection, version: str | None) -> None:
    connection.execute(delete(archive_info).where(archive_info.c.name == STEMS_VERSION))
    if version is not None:
        connection.execute(insert(archive_info), {"name": STEMS_VERSION, "value": version})
