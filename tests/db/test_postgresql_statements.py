"""A person's statements on PostgreSQL read, and can do nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db import PostStore, canned_queries, open_archive
from model.addresses import parse_address
from model.errors import ArchiveUnreachable, UsageError
from tests.db.making import MORNING, a_channel, a_post
from tests.servers.postgresql import PostgreSQL

# README says how many they are.
_FOR_SQLITE = {
    *("answers", "beginning", "busiest-months", "code-of-post", "formatted-words"),
    *("history-of-post", "most-answered", "pauses", "phrase", "post-by-number"),
    *("posts-of-a-day", "posts-of-a-month", "repeated-links", "thread", "weekdays", "words"),
    "words-with-tag",
}


@pytest.fixture
def store(postgresql: PostgreSQL, postgres_template: str, tmp_path: Path) -> Iterator[PostStore]:
    """An archive with three posts."""
    with (
        postgresql.database(template=postgres_template) as url,
        open_archive(parse_address(url), home=tmp_path) as store,
    ):
        channel_id = store.resolve_channel(a_channel(), as_of=MORNING)
        store.save(channel_id, [a_post(n, f"100% {n}") for n in (1, 2, 3)], as_of=MORNING)
        yield store


def test_rows_come_as_they_come_from_a_file(store: PostStore) -> None:
    """Sums are numbers, and types that SQLite lacks are texts or numbers."""
    found = store.query(
        "SELECT sum(message_id) AS total, avg(message_id), 1.5 AS half, true AS yes, NULL AS none, "
        "date '2024-03-01' AS day, ARRAY[1, 2] AS list, '\\x00ff'::bytea AS bytes, 2.5::real "
        "FROM posts;"
    )
    assert found.columns[:2] == ("total", "avg")
    assert found.rows == ((6, 2, 1.5, 1, None, "2024-03-01", "[1, 2]", b"\x00\xff", 2.5),)


def test_parameters_are_named(store: PostStore) -> None:
    """Colons in texts, comments and casts are none, and neither are percent signs."""
    found = store.query(
        "SELECT :word || ':word' /* :x % */, 7 % 4, \":odd\", $$:y$$, '1'::int -- :z\n"
        "FROM (SELECT 1 AS \":odd\") AS things WHERE :number = 5 AND '%' LIKE '%'",
        parameters={"word": "a%b", "number": 5},
    )
    assert found.rows == (("a%b:word", 3, 1, ":y", 1),)


@pytest.mark.parametrize(("limit", "rows", "more"), [(2, 2, True), (3, 3, False), (None, 3, False)])
def test_rows_are_limited(store: PostStore, limit: int | None, rows: int, *, more: bool) -> None:
    """It is said if there are more."""
    found = store.query("SELECT * FROM posts", limit=limit)
    assert (len(found.rows), found.more) == (rows, more)


def test_no_rows_have_columns(store: PostStore) -> None:
    """An empty answer still has its headings."""
    found = store.query("SELECT post_id, text FROM posts WHERE false", limit=5)
    assert (found.columns, found.rows, found.more) == (("post_id", "text"), (), False)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("DELETE FROM posts", "sql_only_reads"),
        ("CREATE TABLE notes (a int)", "sql_only_reads"),
        ("SELECT nextval('snippets_snippet_id_seq')", "sql_only_reads"),
        ("WITH gone AS (DELETE FROM posts RETURNING 1) SELECT * FROM gone", "sql_only_reads"),
        ("SELECT 1; DELETE FROM posts", "sql_refused"),
        ("SET TRANSACTION READ WRITE", "sql_refused"),
        ("COMMIT", "sql_refused"),
        ("DO $$ BEGIN COMMIT; DELETE FROM posts; END $$", "sql_refused"),
        ("SELECT nonsense", "sql_refused"),
        ("SELECT :missing", "sql_refused"),
        ("SELECT * FROM posts_fts", "sql_no_table .*hashtag_counts"),
        ("SELECT pg_sleep(9)", "sql_too_slow .*0.2"),
    ],
)
def test_what_is_no_reading_is_refused(store: PostStore, statement: str, reason: str) -> None:
    """In one sentence; nothing is changed."""
    with pytest.raises(UsageError, match=reason):
        store.query(statement, seconds=0.2)
    assert store.size() == 3


def test_a_connection_that_is_lost_is_the_servers_fault(store: PostStore) -> None:
    """The statement is not blamed, and the next one is answered."""
    with pytest.raises(ArchiveUnreachable):
        store.query("SELECT pg_terminate_backend(pg_backend_pid())")
    assert store.query("SELECT count(*) FROM posts").rows == ((3,),)


def test_a_statement_changes_no_setting_of_later_ones(store: PostStore) -> None:
    """What it sets is gone with it."""
    store.query("SELECT set_config('default_transaction_read_only', 'off', false)")
    store.query("SELECT set_config('search_path', 'pg_catalog', false)")
    with pytest.raises(UsageError, match="sql_only_reads"):
        store.query("DELETE FROM posts")
    assert store.query("SELECT count(*) FROM posts").rows == ((3,),)


@pytest.mark.slow
def test_most_canned_queries_are_answered(store: PostStore) -> None:
    """Those that say what only SQLite understands are refused in one sentence."""
    refused = set()
    for query in canned_queries().values():
        try:
            store.query(query.statement, parameters=query.parameters, limit=3)
        except UsageError:
            refused.add(query.name)
    assert refused == _FOR_SQLITE
    assert (len(refused), len(canned_queries())) == (17, 52)
