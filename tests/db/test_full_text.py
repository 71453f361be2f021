"""Full text from SQL: words as written and their stems, kept by triggers, readable anywhere."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from db import PostStore, open_archive
from db.full_text_schema import find_own, free_name, own_table, statements
from model.errors import ArchiveError, UsageError
from tests.db.making import MORNING, a_post, day
from tests.db.test_foreign import FULL_TEXT, change

_INSERT = (
    "INSERT INTO posts (post_id, channel_id, message_id, kind, posted_at, posted_precision, text,"
    " entities, as_of, seq, content_hash) VALUES ({0}, 1, {0}, 'message', '2024-03-09T08:30:15Z',"
    " 'second', '{1}', '[]', '2024-03-09T08:30:15Z', {0}, '')"
)


def stem(text: str) -> str:
    """Return the first four letters of each word: a stemmer that a reader can follow."""
    return " ".join(word[:4].lower().replace("ё", "е") for word in text.split())


def enable(store: PostStore, version: str = "1") -> str:
    """Make the table with the simple stemmer."""
    return store.enable_full_text(stem, version=version)


def ask(store: PostStore, statement: str, *values: object) -> list[tuple[object, ...]]:
    """Ask the file as any program would."""
    with closing(sqlite3.connect(store.path)) as connection:
        return connection.execute(statement, values).fetchall()


def found(store: PostStore, query: str, table: str = "posts_fts") -> list[object]:
    """Return the posts that match, and check that the table agrees with the posts."""
    change(store.path, f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
    rows = ask(store, f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rowid", query)
    return [row[0] for row in rows]


@pytest.fixture
def full_text(store: PostStore, channel_id: int) -> PostStore:
    """An archive with two posts and full text."""
    store.save(channel_id, [a_post(1, "Пайплайны данных"), a_post(2, "Ёлка")], as_of=MORNING)
    enable(store)
    return store


def test_words_and_stems_are_found(full_text: PostStore) -> None:
    """A word is found as it was written, in any case, and by its stem, with ё as е."""
    assert found(full_text, "пайплайны") == [1]
    assert found(full_text, "stems: пайп") == [1]
    assert found(full_text, "text: елка") == []
    assert found(full_text, "елка") == [2]


def test_what_letopis_writes_is_found(full_text: PostStore, channel_id: int) -> None:
    """New words are found at once, their stems after the next catch-up; old words never again."""
    full_text.save(channel_id, [a_post(3, "пульсары"), a_post(2, "магнетары")], as_of=day(1))
    assert found(full_text, "пульсары") == [3]
    assert found(full_text, "ёлка OR елка") == []

    assert full_text.write_stems(stem, version="1") == 2

    assert found(full_text, "stems: (пуль OR магн)") == [2, 3]
    assert full_text.write_stems(stem, version="1") == 0


def test_counters_leave_the_table_alone(full_text: PostStore, channel_id: int) -> None:
    """Another number of views is no reason to stem a text again."""
    full_text.save(channel_id, [a_post(2, "Ёлка", views=5)], as_of=day(1))
    assert full_text.write_stems(stem, version="1") == 0
    assert found(full_text, "елка") == [2]


def test_what_another_program_writes_is_stemmed_later(full_text: PostStore) -> None:
    """Its insertions, changes and deletions are followed by triggers, in any program."""
    change(full_text.path, _INSERT.format(9, "квазары"))
    change(full_text.path, "UPDATE posts SET text = 'пульсары' WHERE post_id = 1")
    change(full_text.path, "UPDATE posts SET post_id = 7 WHERE post_id = 2")
    assert found(full_text, "квазары OR пульсары") == [1, 9]
    assert found(full_text, "stems: (пайп OR кваз OR елка)") == []

    assert full_text.write_stems(stem, version="1") == 3

    assert found(full_text, "stems: (кваз OR пуль OR елка)") == [1, 7, 9]
    change(full_text.path, "DELETE FROM posts WHERE post_id = 9")
    assert found(full_text, "кваз*") == []


def test_stems_that_another_program_gives_are_kept(full_text: PostStore) -> None:
    """Who changes text and stems at once knows what they are doing."""
    change(full_text.path, "UPDATE posts SET text = 'кошки', stems = 'кошк' WHERE post_id = 1")
    assert full_text.write_stems(stem, version="1") == 0
    assert found(full_text, "stems: кошк") == [1]


def test_another_analysis_stems_everything_anew(full_text: PostStore) -> None:
    """Stems of one version do not match a query of another."""
    full_text.write_stems(lambda text: text[:1].lower(), version="2")
    assert found(full_text, "stems: п") == [1]
    assert found(full_text, "stems: пайп") == []
    assert full_text.write_stems(stem, version="2") == 0


def test_enabling_again_repairs_the_table(full_text: PostStore, channel_id: int) -> None:
    """A table without one of its triggers is behind; made anew, it is right."""
    change(full_text.path, "DROP TRIGGER posts_fts_insert")
    full_text.save(channel_id, [a_post(3, "пульсары")], as_of=MORNING)
    assert ask(full_text, "SELECT rowid FROM posts_fts('пульсары')") == []

    assert enable(full_text) == "posts_fts"

    assert found(full_text, "stems: (пуль OR пайп)") == [1, 3]


def test_more_posts_than_one_batch(store: PostStore, channel_id: int) -> None:
    """Posts are stemmed a thousand at a time, and the progress is told."""
    store.save(channel_id, [a_post(n, f"слово{n}") for n in range(1, 1002)], as_of=MORNING)
    told: list[tuple[int, int]] = []
    store.enable_full_text(stem, version="1", progress=lambda *done: told.append(done))
    assert told == [(1000, 1001), (1001, 1001)]
    assert found(store, "слово1001") == [1001]


def test_what_is_written_meanwhile_has_its_stems(store: PostStore, channel_id: int) -> None:
    """A post that arrives while the others are stemmed is not left behind."""
    store.enable_full_text(
        stem,
        version="1",
        progress=lambda done, _: change(store.path, _INSERT.format(9, "квазары")),
    )
    assert found(store, "stems: кваз") == [9]


def test_it_leaves_no_trace_when_disabled(store: PostStore, channel_id: int) -> None:
    """The schema becomes what it was."""
    before = ask(store, "SELECT name, sql FROM sqlite_schema ORDER BY name")
    store.save(channel_id, [a_post(1, "Слово")], as_of=MORNING)
    enable(store)
    store.disable_full_text()
    store.disable_full_text()
    assert ask(store, "SELECT name, sql FROM sqlite_schema ORDER BY name") == before
    assert (store.full_text_table(), store.write_stems(stem, version="1")) == (None, 0)
    assert store.check() == ()


@pytest.mark.parametrize(
    "foreign",
    [
        FULL_TEXT,
        "CREATE TABLE posts_fts (text);",
        "CREATE VIRTUAL TABLE Posts_FTS USING fts5 (text, stems, content=posts);",
        "CREATE VIEW posts_fts_update AS SELECT 1 AS one;",
        "CREATE TABLE other (a); CREATE INDEX posts_fts_stems ON other (a);",
    ],
)
def test_what_another_program_made_is_left_alone(
    store: PostStore, channel_id: int, foreign: str
) -> None:
    """Ours takes another name, and the other program's stays as it is."""
    change(store.path, foreign)
    before = ask(store, "SELECT name, sql FROM sqlite_schema WHERE name LIKE 'posts_fts%'")
    named = store.added_by_others()

    assert enable(store) == "letopis_fts"
    store.save(channel_id, [a_post(1, "Пайплайны")], as_of=MORNING)
    store.write_stems(stem, version="1")

    assert found(store, "stems: пайп", "letopis_fts") == [1]
    assert ask(store, "SELECT name, sql FROM sqlite_schema WHERE name LIKE 'posts_fts%'") == before
    assert store.added_by_others() == named
    assert store.full_text_table() == "letopis_fts"


def test_a_third_name_is_found(store: PostStore) -> None:
    """However many names are taken, one is free."""
    change(store.path, "CREATE TABLE posts_fts (a); CREATE TABLE letopis_fts (a);")
    assert enable(store) == "letopis_fts_2"
    assert enable(store) == "letopis_fts_2"


def test_a_column_of_another_program_is_not_taken(store: PostStore, channel_id: int) -> None:
    """What stands in it may be dear to somebody."""
    change(store.path, "ALTER TABLE posts ADD COLUMN stems TEXT")
    with pytest.raises(UsageError, match="stems_taken"):
        enable(store)
    store.disable_full_text()
    assert store.added_by_others() == ["column stems of posts"]


def test_a_trigger_is_not_trusted_for_its_name(full_text: PostStore, channel_id: int) -> None:
    """One that is called like ours and does something else keeps the file from being written."""
    change(
        full_text.path,
        "DROP TRIGGER posts_fts_update; CREATE TRIGGER posts_fts_update AFTER UPDATE ON posts"
        " BEGIN DELETE FROM links; END",
    )
    with pytest.raises(ArchiveError, match=r"meddling .*posts_fts_update"):
        full_text.save(channel_id, [a_post(3)], as_of=MORNING)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param(
            "DROP TRIGGER posts_fts_update",
            ["full_text_not_kept (table=posts_fts, trigger=posts_fts_update)"],
            id="a trigger is gone",
        ),
        pytest.param(
            "INSERT INTO posts_fts (posts_fts) VALUES ('delete-all')",
            ["full_text_lags (table=posts_fts, number=2)"],
            id="emptied by another program",
        ),
        pytest.param(
            "DROP TRIGGER posts_fts_insert; DROP TRIGGER posts_fts_delete;"
            " DELETE FROM posts WHERE post_id = 1;" + _INSERT.format(3, "x"),
            [
                "full_text_lags (table=posts_fts, number=2)",
                "full_text_not_kept (table=posts_fts, trigger=posts_fts_delete)",
                "full_text_not_kept (table=posts_fts, trigger=posts_fts_insert)",
            ],
            id="written past it",
        ),
    ],
)
def test_a_table_that_lags_is_told(
    full_text: PostStore, changed: str, expected: Sequence[str]
) -> None:
    """Posts that are missing in it or gone are counted; making it anew helps."""
    change(full_text.path, changed)

    assert sorted(map(str, full_text.schema_faults())) == expected
    enable(full_text)
    assert full_text.schema_faults() == ()


def test_the_archive_stays_in_order(full_text: PostStore, tmp_path: Path) -> None:
    """A check finds nothing, ours is not another's, and a copy has the table too."""
    assert (full_text.check(), full_text.schema_faults(), full_text.added_by_others()) == (
        (),
        (),
        [],
    )
    full_text.back_up(tmp_path / "copy.db")
    with open_archive(tmp_path / "copy.db") as copy:
        assert found(copy, "stems: пайп") == [1]


def test_a_reader_changes_nothing(full_text: PostStore) -> None:
    """Who opened the archive for reading waits for another's catch-up."""
    change(full_text.path, _INSERT.format(9, "квазары"))
    with open_archive(full_text.path, read_only=True) as reader:
        assert reader.write_stems(stem, version="1") == 0
        assert reader.full_text_table() == "posts_fts"


def test_looking_for_posts_without_stems_reads_no_others(full_text: PostStore) -> None:
    """A catch-up that has nothing to do costs nothing, however large the archive is."""
    plan = ask(full_text, "EXPLAIN QUERY PLAN SELECT post_id FROM posts WHERE stems IS NULL")
    assert "posts_unstemmed" in str(plan)


def test_sqlite_utils_can_undo_it(full_text: PostStore, channel_id: int) -> None:
    """`sqlite-utils disable-fts` drops the table and the triggers that insert into it."""
    named = ask(
        full_text,
        "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        """ AND sql LIKE '% INSERT INTO "posts_fts"%'""",
    )
    change(
        full_text.path, "DROP TABLE posts_fts;" + "".join(f"DROP TRIGGER {n};" for (n,) in named)
    )
    full_text.save(channel_id, [a_post(3, "пульсары")], as_of=MORNING)
    assert full_text.write_stems(stem, version="1") == 1
    assert enable(full_text) == "posts_fts"
    assert found(full_text, "пульсары") == [3]


def test_the_table_is_recognised(full_text: PostStore) -> None:
    """The patterns by which sqlite-utils and Datasette know a full-text table of `posts`."""
    assert ask(
        full_text,
        "SELECT name FROM sqlite_schema WHERE rootpage = 0"
        """ AND sql LIKE '%VIRTUAL TABLE%USING FTS%content="posts"%'""",
    ) == [("posts_fts",)]
    ((statement,),) = ask(full_text, "SELECT sql FROM sqlite_schema WHERE name = 'posts_fts'")
    assert re.match(r"CREATE VIRTUAL TABLE posts_fts\s+USING\s+fts5", str(statement))


def test_every_statement_makes_what_it_is_named_after(path: Path, store: PostStore) -> None:
    """The names under which the statements are kept are those in the file."""
    enable(store)
    with closing(sqlite3.connect(path)) as connection:
        own = {each.name for each in find_own(connection)}
        assert own == {*statements("posts_fts"), "posts_unstemmed"}
        assert (own_table(connection), free_name(connection)) == ("posts_fts", "posts_fts")
