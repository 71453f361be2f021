"""What Datasette's own pages show of an archive, and whom they answer."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from datasette import Request
from datasette.app import Datasette

from db import canned_queries
from db.descriptions import describe_schema
from letopis.browse.errors import answer_failure
from letopis.home import Home


async def read(pages: Datasette, path: str) -> BeautifulSoup:
    """Return a page that is found."""
    answer = await pages.client.get(path)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser")


async def get_json(pages: Datasette, path: str) -> Any:
    """Return the JSON of an address."""
    return (await pages.client.get(path)).json()


@pytest.mark.parametrize("name", list(describe_schema()))
async def test_every_table_and_view_is_described(pages: Datasette, name: str) -> None:
    """The page says what the schema's comments say, of each column too."""
    described = describe_schema()[name]
    page = await read(pages, f"/archive/{name}?_size=1")
    text = page.get_text()
    assert described.text in text
    assert all(each in text for each in described.columns.values())


async def test_tables_have_facets_and_orders(pages: Datasette) -> None:
    """The usual ones are there from the beginning."""
    code = await get_json(pages, "/archive/code.json?_size=1")
    assert code["facet_results"]["language"]["results"]
    posts = await get_json(pages, "/archive/archive.json?_shape=array&_size=5")
    times = [post["posted_at"] for post in posts]
    assert times == sorted(times, reverse=True)
    database = await get_json(pages, "/archive.json")
    hidden = {table["name"] for table in database["tables"] if table["hidden"]}
    assert {"alembic_version", "archive_info"} <= hidden


async def test_cells_lead_to_posts_searches_and_files(
    pages: Datasette, keys: dict[int, int]
) -> None:
    """Keys, tags, hosts, languages and copies are links, and code has colours."""
    page = await read(pages, "/archive/archive?message_id=45")
    assert page.find("a", href=f"/-/post/{keys[45]}") is not None
    assert page.find("a", href="/-/search?q=%23spark", string="#spark") is not None
    assert page.find("a", href="https://t.me/data_notes/45") is not None
    page = await read(pages, "/archive/snippets?language=python&_size=5")
    assert page.select_one("td .code .k, td .code .kn") is not None
    assert page.find("a", href="/-/search?q=lang%3Apython") is not None
    page = await read(pages, f"/archive/media?post_id={keys[1000]}")
    assert page.find("a", href=f"/-/file/{keys[1000]}/0") is not None
    page = await read(pages, "/archive/link_hosts")
    assert page.find("a", href="/-/search?q=site%3Aarxiv.org") is not None


async def test_cells_of_statements_are_shown_as_they_come(pages: Datasette) -> None:
    """A statement may call anything a post_id, tag or code."""
    sql = "select 'x' as post_id, 7 as tags, 1 as tag, 'a <b>' as code, 'f' as copy, null as host"
    page = await read(pages, f"/archive?sql={sql}")
    assert page.select_one("td.col-post_id").get_text() == "x"  # type: ignore[union-attr]
    assert page.select_one("td.col-code pre").get_text() == "a <b>"  # type: ignore[union-attr]
    assert page.select_one("td.col-copy").get_text() == "f"  # type: ignore[union-attr]


async def test_every_page_has_the_search_box_and_the_menu(pages: Datasette) -> None:
    """Datasette's pages too."""
    for path in ("/archive", "/archive/posts", "/archive?sql=select+1"):
        page = await read(pages, path)
        assert page.select_one("form.letopis-box input[name=q]") is not None
        assert page.select_one(".nav-menu a[href='/archive/archive']") is not None
        assert page.find("link", href="/-/static-plugins/letopis.browse/letopis.css") is not None


_WITHOUT_FULL_TEXT = [name for name, query in canned_queries().items() if not query.needs_full_text]


@pytest.mark.parametrize("name", _WITHOUT_FULL_TEXT)
async def test_a_canned_query_begins_with_its_example(pages: Datasette, name: str) -> None:
    """It has its question as title, and whoever opens it sees an answer."""
    query = canned_queries()[name]
    answer = await pages.client.get(f"/archive/query-{name}")
    assert (answer.status_code == 302) == bool(query.parameters)
    page = await read(pages, answer.headers.get("location", f"/archive/query-{name}"))
    assert page.select_one("h1").get_text() == query.question  # type: ignore[union-attr]
    assert page.select_one(".message-error") is None
    rows = await get_json(pages, f"/archive/query-{name}.json?{urlencode(query.parameters)}")
    assert rows["ok"]


async def test_canned_queries_of_full_text_wait_for_it(pages: Datasette) -> None:
    """They are not offered before `letopis sql --enable-fts`."""
    offered = {query["name"] for query in (await get_json(pages, "/archive.json"))["queries"]}
    assert offered == {f"query-{name}" for name in _WITHOUT_FULL_TEXT}


async def test_letters_of_any_alphabet_are_compared_without_case(pages: Datasette) -> None:
    """In statements, and in the filters of a table."""
    rows = await get_json(pages, "/archive/query-word.json?word=ПАЙПЛАЙН&_shape=array")
    assert rows
    found = await get_json(pages, "/archive/posts.json?text__contains=ПАЙПЛАЙН&_shape=array")
    assert len(found) == len(rows)


async def test_statements_may_fold_and_stem(pages: Datasette) -> None:
    """As in `letopis sql`."""
    rows = await get_json(pages, "/archive.json?sql=select fold('ЁЖ') as folded&_shape=array")
    assert rows == [{"folded": "еж"}]


@pytest.mark.parametrize(
    "sql",
    [
        "delete from posts",
        "attach 'x.db' as x",
        "pragma query_only = off",
        "with x as (select 1) delete from posts",
        "select load_extension('x')",
        "select writefile('x', 'y')",
    ],
)
async def test_statements_only_read(pages: Datasette, browsed: Home, sql: str) -> None:
    """Whatever would write is refused, and says so on a page of its own."""
    answer = await pages.client.get(f"/archive?sql={sql}")
    assert answer.status_code == 400
    assert "Traceback" not in answer.text
    assert (await pages.client.get(f"/archive.json?sql={sql}")).json()["ok"] is False


async def test_posts_written_meanwhile_are_seen(pages: Datasette, browsed: Home) -> None:
    """Another process may write the archive: nobody waits, and the next page is up to date."""
    before = (await get_json(pages, "/archive/channels.json?_shape=array"))[0]["title"]
    with closing(sqlite3.connect(browsed.archive)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE channels SET title = 'Renamed'")
        during = (await get_json(pages, "/archive/channels.json?_shape=array"))[0]["title"]
        other.commit()
        after = (await get_json(pages, "/archive/channels.json?_shape=array"))[0]["title"]
        with other:
            other.execute("UPDATE channels SET title = ?", (before,))
    assert (during, after) == (before, "Renamed")


@pytest.mark.parametrize("host", ["localhost", "localhost:8001", "127.0.0.1:8001", "[::1]:8001"])
async def test_this_machine_is_answered(pages: Datasette, host: str) -> None:
    """By any name it has for itself."""
    answer = await pages.client.get("/archive.json", headers={"host": host})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8001", "127.0.0.1.evil.example", ""]
)
async def test_pages_of_other_sites_are_not(pages: Datasette, host: str) -> None:
    """A name that someone made to lead to this machine is not its own."""
    answer = await pages.client.get("/archive.json", headers={"host": host})
    assert answer.status_code == 403
    assert answer.text == "403"


async def test_a_failure_is_one_sentence(
    pages: Datasette, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither the page nor the terminal shows local variables or a traceback."""
    page = await pages.client.get("/nothing")
    assert page.status_code == 404
    assert (await pages.client.get("/nothing.json")).json()["status"] == 404
    assert (await pages.client.get("/_internal")).status_code == 403
    assert (await pages.client.get("/archive/posts?_size=x")).status_code == 400
    assert capsys.readouterr() == ("", "")


async def test_a_bug_is_logged_and_named(
    pages: Datasette, caplog: pytest.LogCaptureFixture
) -> None:
    """The page names its kind, the log has the rest."""
    request = Request.fake("/x.json")
    await pages.client.get("/")
    told = await answer_failure(pages, request, ZeroDivisionError("secret"))
    assert told.status == 500
    assert "ZeroDivisionError" in told.body
    assert "secret" not in told.body
    assert "secret" in caplog.text
