"""The file as a whole: a person's own statements, a check, a copy."""

from __future__ import annotations

import random
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest

from db import PostStore, QueryResult, open_archive
from model.errors import ArchiveError, ArchiveUnwritable, UsageError
from tests.db.making import MORNING, a_channel, a_post, the_post


def test_a_statement_is_answered_with_columns_and_rows(store: PostStore) -> None:
    """A person's own statement sees everything, with the names it gives."""
    store.resolve_channel(a_channel("Раз"), as_of=MORNING)

    answer = store.query("SELECT title AS name, NULL, 1.5, x'00' FROM channels")

    assert answer == QueryResult(
        columns=("name", "NULL", "1.5", "x'00'"), rows=(("Раз", None, 1.5, b"\x00"),)
    )


def test_rows_beyond_the_limit_are_told_of(store: PostStore) -> None:
    """A long answer is cut, and says so."""
    statement = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) "

    cut = store.query(f"{statement} SELECT i FROM n", limit=2)
    whole = store.query(f"{statement} SELECT i FROM n", limit=5)

    assert (cut.rows, cut.more) == (((1,), (2,)), True)
    assert (len(whole.rows), whole.more) == (5, False)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT value FROM json_each('[1]')",
        "PRAGMA table_info(posts)",
        "SELECT name FROM pragma_table_list('posts')",
        "EXPLAIN QUERY PLAN SELECT * FROM archive",
        "VALUES (1)",
    ],
)
def test_whatever_reads_is_permitted(store: PostStore, statement: str) -> None:
    """The schema and JSON can be looked into as in the shell."""
    assert store.query(statement).rows


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM posts",
        "CREATE TABLE a (b)",
        "CREATE TEMP TABLE a (b)",
        "ATTACH '{other}' AS other",
        "VACUUM INTO '{other}'",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA query_only = OFF",
        "BEGIN IMMEDIATE",
    ],
)
def test_whatever_writes_is_refused(store: PostStore, tmp_path: Path, statement: str) -> None:
    """No statement changes this file, or makes another."""
    other = tmp_path / "other.db"

    with pytest.raises(UsageError, match="sql_reads_only"):
        store.query(statement.format(other=other))

    assert not other.exists()
    assert store.query("PRAGMA table_info(posts)").rows


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("SELEC 1", 'near "SELEC": syntax error'),
        ("SELECT :tag", "did not supply a value"),
        ("SELECT 1; SELECT 2", "one statement at a time"),
    ],
)
def test_a_wrong_statement_is_told_of_in_a_sentence(
    store: PostStore, statement: str, reason: str
) -> None:
    """The reason is SQLite's own."""
    with pytest.raises(UsageError, match=f"sql_not_understood .*{reason}"):
        store.query(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT fts3_tokenizer('simple')",
        "SELECT Load_Extension('x')",
        "SELECT load_extension('x', 'y')",
    ],
)
def test_what_runs_foreign_code_is_refused(store: PostStore, statement: str) -> None:
    """No function gives or takes the address of code."""
    with pytest.raises(UsageError, match="not authorized to use function"):
        store.query(statement)


_ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def test_a_statement_that_takes_too_long_is_ended(store: PostStore) -> None:
    """The limit is said; the store can be asked again."""
    with pytest.raises(UsageError, match=r"sql_too_slow \(seconds=0\.2\)"):
        store.query(_ENDLESS, seconds=0.2)

    assert store.query("SELECT 1", seconds=5).rows == ((1,),)


def test_a_statement_ends_at_the_first_interruption(store: PostStore) -> None:
    """SQLite gives the signal a chance, although it is not Python that is busy."""
    killer = Timer(0.2, signal.raise_signal, [signal.SIGINT])
    killer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            store.query(_ENDLESS, seconds=30)
    finally:
        killer.join()


def test_an_empty_statement_returns_nothing(store: PostStore) -> None:
    """An empty statement has neither columns nor rows."""
    assert store.query("") == QueryResult(columns=(), rows=())


def test_a_statement_that_goes_wrong_on_the_way_is_an_error(store: PostStore) -> None:
    """What is neither a mistake of the person nor of the file is not hidden."""
    with pytest.raises(sqlite3.DataError):
        store.query("SELECT zeroblob(2000000000)")


def test_a_whole_archive_has_no_faults(store: PostStore, channel_id: int) -> None:
    """A check of a sound archive finds nothing."""
    store.save(channel_id, [a_post()], as_of=MORNING)

    assert store.check() == ()


def test_a_check_names_what_is_wrong(store: PostStore, channel_id: int) -> None:
    """Rows without their owner, a counter behind and a broken index are each told of."""
    store.save(channel_id, [a_post(hashtags=("a",))], as_of=MORNING)
    store.close()
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("UPDATE posts SET channel_id = 77")
        connection.execute("UPDATE archive_info SET value = '0' WHERE name = 'last_seq'")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, '(tag, post_id)', '(position, post_id)') "
            "WHERE name = 'post_hashtags_by_tag'"
        )
        connection.commit()

    faults = [str(fault) for fault in store.check()]

    assert "lost_reference (row=1, table=posts, parent=channels)" in faults
    assert "counter_behind (latest=1)" in faults
    assert any(fault.startswith("sqlite_reports (report=") for fault in faults)


def test_a_copy_is_whole_and_private(store: PostStore, channel_id: int, tmp_path: Path) -> None:
    """A copy made while the archive is open holds what its log still holds."""
    store.save(channel_id, [a_post()], as_of=MORNING)
    target = tmp_path / "copies" / "copy.db"

    store.back_up(target)

    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with open_archive(target) as copy:
        assert the_post(copy, channel_id).post == a_post()
        assert copy.archive_id == store.archive_id


def test_an_archive_that_can_only_be_read_is_copied(
    store: PostStore, channel_id: int, tmp_path: Path
) -> None:
    """So is what another program's log holds."""
    store.save(channel_id, [a_post()], as_of=MORNING)
    target = tmp_path / "copy.db"

    with open_archive(store.path, read_only=True) as reader:
        reader.back_up(target)

    with open_archive(target) as copy:
        assert the_post(copy, channel_id).post == a_post()


def test_a_copy_does_not_overwrite(store: PostStore, tmp_path: Path) -> None:
    """A file that is there stays as it is."""
    target = tmp_path / "copy.db"
    target.write_text("mine")

    with pytest.raises(ArchiveUnwritable, match="exists"):
        store.back_up(target)

    assert target.read_text() == "mine"


def test_a_copy_that_fails_leaves_no_file(
    store: PostStore, channel_id: int, tmp_path: Path
) -> None:
    """Half a copy is no copy."""
    store.save(channel_id, [a_post(text="слово " * 99_999)], as_of=MORNING)
    store.close()
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**18, limits[1]))
    try:
        with pytest.raises(ArchiveError, match=r"copy\.db"):
            store.back_up(tmp_path / "copies" / "copy.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)

    assert list((tmp_path / "copies").iterdir()) == []


def test_a_copy_is_not_mixed_with_the_log_of_another_file(store: PostStore, tmp_path: Path) -> None:
    """SQLite would take what a deleted file left behind for the copy's own."""
    (tmp_path / "copy.db-wal").touch()

    with pytest.raises(ArchiveUnwritable, match=r"log_left .*copy.db-wal"):
        store.back_up(tmp_path / "copy.db")

    assert not (tmp_path / "copy.db").exists()


_COPYING = """
import sys
from pathlib import Path
from db import open_archive

with open_archive(Path(sys.argv[1])) as store:
    print(flush=True)
    while True:
        store.back_up(Path(sys.argv[2], f"{len(list(Path(sys.argv[2]).iterdir()))}.db"))
"""


@pytest.mark.slow
def test_a_killed_copy_is_none(store: PostStore, channel_id: int, tmp_path: Path) -> None:
    """Whenever a program that copies is killed, what bears a copy's name is whole."""
    store.save(channel_id, [a_post(n, "слово " * 99) for n in range(3000)], as_of=MORNING)
    copies = tmp_path / "copies"
    copies.mkdir()
    dice = random.Random(1)
    for _ in range(15):
        program = [sys.executable, "-c", _COPYING, str(store.path), str(copies)]
        with subprocess.Popen(program, stdout=subprocess.PIPE) as copying:
            assert copying.stdout
            copying.stdout.readline()
            time.sleep(dice.random() / 10)
            copying.kill()

    store.back_up(tmp_path / "copies" / "last.db")
    assert all(path.suffix == ".db" for path in copies.iterdir())
    for path in copies.iterdir():
        with open_archive(path, read_only=True) as copy:
            assert (copy.stats().posts, copy.check()) == (3000, ())
