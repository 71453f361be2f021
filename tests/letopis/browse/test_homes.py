"""The pages over homes in which something is amiss."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path

from letopis.browse.serving import open_pages
from letopis.home import Home
from letopis.opening import home_searcher
from search import STEMS_VERSION, stems_of


async def test_an_archive_that_is_gone_is_told(browsed: Home, tmp_path: Path) -> None:
    """The sentence is that of the command line."""
    home = Home(tmp_path / "home")
    shutil.copytree(browsed.folder, home.folder)
    with home_searcher(home) as searcher, open_pages(home, searcher) as opened:
        home.archive.rename(tmp_path / "elsewhere")
        answer = await opened.client.get("/")
    assert answer.status_code == 503
    assert "archive.db" in answer.text
    assert "Traceback" not in answer.text


async def test_a_home_that_is_not_writable_is_shown(
    browsed: Home, open_folder: Path, without_rights: Callable[[], AbstractContextManager[None]]
) -> None:
    """As on a disk that is mounted for reading."""
    home = Home(open_folder / "home")
    shutil.copytree(browsed.folder, home.folder)
    for path in (home.folder, *home.folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    address = "/archive/posts.json?_size=1&_shape=array"
    with home_searcher(browsed) as searcher, open_pages(browsed, searcher) as opened:
        await opened.client.get(address)  # loads what that user may not be able to read
    with home_searcher(home) as searcher, open_pages(home, searcher) as opened, without_rights():
        answer = await opened.client.get(address)
    assert len(answer.json()) == 1


async def test_full_text_is_offered_where_it_is_enabled(browsed: Home, tmp_path: Path) -> None:
    """Words are found in any form by its queries."""
    home = Home(tmp_path / "home")
    shutil.copytree(browsed.folder, home.folder)
    with home_searcher(home) as searcher:
        searcher.store.enable_full_text(stems_of, version=STEMS_VERSION)
        with open_pages(home, searcher) as opened:
            answer = await opened.client.get("/archive/query-words.json?words=оконной функцией")
            page = await opened.client.get("/archive/posts")
    assert answer.json()["rows"]
    assert page.status_code == 200


async def test_views_of_other_programs_stay_readable(browsed: Home, tmp_path: Path) -> None:
    """Also those that use LIKE or lower, which SQLite trusts as its own alone."""
    home = Home(tmp_path / "home")
    shutil.copytree(browsed.folder, home.folder)
    with closing(sqlite3.connect(home.archive)) as other, other:
        other.execute("CREATE VIEW own AS SELECT lower(text) FROM posts WHERE text LIKE '%spark%'")
    with home_searcher(home) as searcher, open_pages(home, searcher) as opened:
        answer = await opened.client.get("/archive/own.json?_shape=array")
    assert len(answer.json()) > 1
