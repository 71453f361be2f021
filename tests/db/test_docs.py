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
from tests.db.making import MORNING, a_channel, a_post

_PAGE = (Path(__file__).parents[2] / "docs" / "archive.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The plain driver on a small archive."""
    path = tmp_path_factory.mktemp("docs") / "archive.db"
    with open_archive(path, clock=lambda: MORNING) as store:
        _fill(store)
    with closing(sqlite3.connect(path)) as connection:
        yield connection


def _fill(store: PostStore) -> None:
    channel_id = store.resolve_channel(a_channel(), as_of=MORNING)
    posts = [a_post(number, hashtags=("ozon",) * (number == 1)) for number in range(1, 7)]
    store.save(channel_id, posts, as_of=MORNING)


@pytest.mark.parametrize("name", [*metadata.tables, *VIEWS])
def test_every_table_and_view_is_named(name: str) -> None:
    """Nothing in the file is left out of the page."""
    assert f"`{name}`" in _PAGE


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
