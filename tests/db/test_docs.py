"""The claims in docs/archive.md are true."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db import PostStore, open_archive
from db.schema import metadata
from db.views import VIEWS
from model.posts import BadMessage, Forward, LanguageSource, Link, PostKind, Reaction
from model.rich_text import SpanKind
from tests.db.making import MORNING, a_channel, a_post, a_snippet, a_span, day

_PAGE = (Path(__file__).parents[2] / "docs" / "archive.md").read_text(encoding="utf-8")
_QUERIES = re.findall(r"```sql\n(.*?)```", _PAGE, flags=re.DOTALL)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The plain driver on a small archive that has something of everything."""
    path = tmp_path_factory.mktemp("docs") / "archive.db"
    with open_archive(path, clock=lambda: MORNING) as store:
        _fill(store)
    with closing(sqlite3.connect(path)) as connection:
        yield connection


def _fill(store: PostStore) -> None:
    channel_id = store.resolve_channel(a_channel(username="data_diary"), as_of=MORNING)
    import_id = store.begin_import(channel_id, source="export", format="html", as_of=MORNING)
    store.add_problem(import_id, BadMessage(file="messages.html", anchor="9", reason="no date"))
    paper = Link(url="https://arxiv.org/abs/1", host="arxiv.org", text="статья")
    code = a_snippet("df.groupby('a')", "python", source=LanguageSource.LABEL)
    store.save(
        channel_id,
        [
            a_post(1, "Пайплайн", hashtags=("llm_system_design", "sql", "ozon")),
            a_post(2, "важно", a_span(SpanKind.BOLD, 0, 5), reply_to=1, snippets=(code,)),
            a_post(3, "было", links=(paper,), reactions=(Reaction(emoji="👍", count=3),)),
            a_post(4, "чужое", forward=Forward(name="Соседи", username="neighbours")),
            a_post(5, "давнее", posted_at=day(-400), hashtags=("старое",)),
            a_post(6, kind=PostKind.SERVICE),
        ],
        as_of=MORNING,
        import_id=import_id,
    )
    store.save(channel_id, [a_post(3, "стало", links=(paper,))], as_of=day(1))
    store.mark_missing(channel_id, {1, 2, 3, 5}, first_id=1, last_id=5, at=day(1))
    store.finish_import(import_id)


@pytest.mark.parametrize("query", _QUERIES)
def test_every_query_finds_something(shell: sqlite3.Connection, query: str) -> None:
    """Each statement of the page runs in the plain shell, and answers."""
    assert shell.execute(query).fetchall()


def test_there_are_a_dozen_queries() -> None:
    """The page holds enough of them to begin with."""
    assert len(_QUERIES) >= 12


@pytest.mark.parametrize("name", [*metadata.tables, *VIEWS])
def test_every_table_and_view_is_named(name: str) -> None:
    """Nothing in the file is left out of the page."""
    assert f"`{name}`" in _PAGE


def test_the_bold_words_are_the_bold_words(shell: sqlite3.Connection) -> None:
    """The way from offsets to words that the page shows is right."""
    (query,) = (each for each in _QUERIES if "'bold'" in each)

    assert shell.execute(query).fetchall() == [(2, "важно")]


def test_a_copy_as_described_is_whole(shell: sqlite3.Connection, tmp_path: Path) -> None:
    """The statement for a copy makes one."""
    (statement,) = re.findall(r'"(VACUUM INTO .*?)"', _PAGE)

    shell.execute(statement.replace("copy.db", str(tmp_path / "copy.db")))

    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT count(*) FROM posts").fetchone() == (6,)


def test_a_deleted_post_takes_its_parts_along(shell: sqlite3.Connection) -> None:
    """With references enforced, nothing of a post stays behind."""
    shell.execute("PRAGMA foreign_keys = ON")

    shell.execute("BEGIN")
    shell.execute("DELETE FROM posts WHERE message_id = 1")
    left = shell.execute("SELECT count(*) FROM post_hashtags WHERE tag = 'ozon'").fetchone()
    shell.execute("ROLLBACK")

    assert left == (0,)
