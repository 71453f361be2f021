"""The stems that full text in SQL is searched by."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db import open_archive
from model.errors import ArchiveError
from search import STEMS_VERSION, match_stems, open_index, stems_of
from tests.db.making import MORNING, a_channel, a_post
from tests.db.test_foreign import change
from tests.new_databases import new_archive


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Обучение моделей", "обучен модел"),
        ("Ёлка и её ёлочки", "елк и ее елочк"),
        ("training models", "train model"),
        ("read_csv", "read csv"),
        ("…", ""),
    ],
)
def test_each_word_has_a_stem(text: str, stems: str) -> None:
    """Stems stand in the order of the words, so that phrases can be found too."""
    assert stems_of(text) == stems


@pytest.mark.parametrize(
    "text", ["C++ и C#", "NEAR OR NOT", '"кавычки" (скобки)', "f-строка 3.11 don't .NET", "🎄 x*"]
)
def test_any_text_can_be_asked(text: str) -> None:
    """An expression made of a text is never a syntax error, and finds that text."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE found USING fts5 (stems)")
        connection.execute("INSERT INTO found VALUES (?)", (stems_of(text + " слово"),))
        asked = match_stems(text + " слова")
        assert connection.execute("SELECT count(*) FROM found(?)", (asked,)).fetchone() == (1,)


def test_a_catch_up_writes_stems(tmp_path: Path) -> None:
    """Whoever brings the index up to date brings the archive's full text along."""
    with new_archive(tmp_path / "archive.db") as store:
        channel_id = store.resolve_channel(a_channel())
        assert store.enable_full_text(stems_of, version=STEMS_VERSION) == "posts_fts"
        store.save(channel_id, [a_post(1, "Пайплайнами")], as_of=MORNING)
        statement = "SELECT rowid FROM posts_fts WHERE posts_fts MATCH 'stems: пайплайн'"
        assert store.query(statement).rows == ()
        with closing(open_index(tmp_path / "index", store)) as index:
            index.catch_up()
            assert store.query(statement).rows == ((1,),)


def test_a_damaged_table_hinders_no_search(tmp_path: Path) -> None:
    """Posts are indexed without their stems, until the table is made anew."""
    with new_archive(tmp_path / "archive.db") as store:
        channel_id = store.resolve_channel(a_channel())
        store.save(channel_id, [a_post(1, "Пайплайнами")], as_of=MORNING)
        store.enable_full_text(stems_of, version=STEMS_VERSION)
        change(store.path, "UPDATE posts SET stems = NULL; DELETE FROM posts_fts_data")
        with pytest.raises(ArchiveError, match="full_text_damaged"):
            store.save(channel_id, [a_post(2, "Модели")], as_of=MORNING)
        with closing(open_index(tmp_path / "index", store)) as index:
            assert index.catch_up().documents == 1

        store.enable_full_text(stems_of, version=STEMS_VERSION)

        store.save(channel_id, [a_post(2, "Модели")], as_of=MORNING)
        assert store.write_stems(stems_of, version=STEMS_VERSION) == 1
        assert store.check() == ()


def test_a_busy_archive_gets_its_stems_later(tmp_path: Path) -> None:
    """Another program that writes does not keep anybody from searching."""
    new_archive(tmp_path / "archive.db").close()
    with open_archive(tmp_path / "archive.db", busy_seconds=0.01) as store:
        channel_id = store.resolve_channel(a_channel())
        store.enable_full_text(stems_of, version=STEMS_VERSION)
        store.save(channel_id, [a_post(1, "Пайплайнами")], as_of=MORNING)
        with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with closing(open_index(tmp_path / "index", store)) as index:
                assert index.catch_up().documents == 1
        assert store.write_stems(stems_of, version=STEMS_VERSION) == 1
