"""A person's own statements: parameters, functions, and what is said of wrong ones."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import PostStore
from db.sql_functions import like
from model.errors import UsageError
from tests.db.making import MORNING, a_post
from tests.db.test_foreign import change


def one(store: PostStore, expression: str, **parameters: str | int) -> object:
    """Return the value of an expression."""
    functions = {"fold": lambda text: text.lower().replace("ё", "е")}
    ((value,),) = store.query(
        f"SELECT {expression}", parameters=parameters, functions=functions
    ).rows
    return value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("lower('ПАЙПЛАЙН')", "пайплайн"),
        ("upper('ёлка')", "ЁЛКА"),
        ("lower(NULL)", None),
        ("lower(x'414243')", "abc"),
        ("lower(12.5)", "12.5"),
        ("fold('Ёлка')", "елка"),
        ("fold(NULL)", None),
        ("'Пайплайн' LIKE '%ПАЙП%'", 1),
        ("'Пайплайн' LIKE 'пайп'", 0),
        ("'Пайплайн' LIKE 'ПАЙП_айн'", 1),
        ("'100%' LIKE '100!%' ESCAPE '!'", 1),
        ("'1000' LIKE '100!%' ESCAPE '!'", 0),
        ("'a!' LIKE 'A!!' ESCAPE '!'", 1),
        ("NULL LIKE 'a'", None),
        ("'a' LIKE NULL", None),
        ("'a' NOT LIKE 'B'", 1),
        (":tag || ''", "ozon"),
    ],
)
def test_functions_know_every_alphabet(store: PostStore, expression: str, value: object) -> None:
    """Case is ignored in Russian as in English; NULL stays NULL."""
    parameters = {"tag": "ozon"} if ":tag" in expression else {}
    assert one(store, expression, **parameters) == value


_LETTERS = st.text(alphabet="aAbB\n", max_size=8)


@given(pattern=st.text(alphabet="aAb%_", max_size=8), text=_LETTERS)
def test_like_is_sqlites_own_for_ascii(pattern: str, text: str) -> None:
    """Whatever the pattern, the answer is that of the operator that it replaces."""
    with closing(sqlite3.connect(":memory:")) as connection:
        (theirs,) = connection.execute("SELECT ? LIKE ?", (text, pattern)).fetchone()
    assert like(pattern, text) == bool(theirs)


def test_a_pattern_takes_no_time(store: PostStore) -> None:
    """A pattern of many parts is matched from left to right, once."""
    assert not like("%a" * 40 + "%b", "a" * 20_000)


def test_a_view_of_another_program_is_still_answered(store: PostStore, channel_id: int) -> None:
    """SQLite trusts no function of ours in a view, so such a view gets SQLite's own."""
    store.save(channel_id, [a_post(1, "Word")], as_of=MORNING)
    change(store.path, "CREATE VIEW words AS SELECT lower(text) FROM posts WHERE text LIKE 'w%'")
    assert store.query("SELECT * FROM words").rows == (("word",),)


def test_damaged_text_is_still_shown(store: PostStore, channel_id: int) -> None:
    """Someone who investigates damage may use LIKE."""
    store.save(channel_id, [a_post(1, "Word")], as_of=MORNING)
    change(store.path, "UPDATE posts SET text = CAST(x'77ff' AS TEXT)")
    assert store.query("SELECT text FROM posts WHERE text LIKE 'w%'").rows == (("w\ufffd",),)


def test_a_table_that_is_not_there(store: PostStore) -> None:
    """The answer names what there is, without the parts of full-text tables."""
    store.enable_full_text(str.lower, version="1")
    with pytest.raises(
        UsageError, match=r"sql_no_table \(name=nowhere, names=albums, archive,"
    ) as no:
        store.query("SELECT * FROM nowhere")
    assert " posts, posts_fts, reactions," in str(no.value)
    assert "posts_fts_data" not in str(no.value)
