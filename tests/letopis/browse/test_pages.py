"""The pages of the search, of posts and of files, asked by Datasette's own client."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from datasette.app import Datasette

from letopis.browse.files import read_range
from letopis.home import Home
from tests.letopis.browse.conftest import CODE, HOSTILE, PNG


async def read(pages: Datasette, path: str) -> BeautifulSoup:
    """Return a page that is found."""
    answer = await pages.client.get(path)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def hits(page: BeautifulSoup) -> list[str]:
    """Return the paths of the posts that a page lists."""
    return [str(link["href"]) for link in page.select(".letopis-hit h3 a")]


async def test_the_first_page_has_posts_tags_tables_and_the_query_language(
    pages: Datasette,
) -> None:
    """Whoever opens the address sees what is there and how to ask."""
    page = await read(pages, "/")
    assert len(hits(page)) == 10
    assert page.find("a", string=re.compile(r"#sql \d+")) is not None
    assert page.find("a", string="hashtag_counts") is not None
    assert "lang:python" in page.get_text()
    assert hits(await read(pages, "/-/search?q=%20")) == hits(page)


async def test_a_search_gives_the_ranked_answers_of_letopis(
    pages: Datasette, keys: dict[int, int]
) -> None:
    """Any form of a word is found and marked, and so is code; Telegram is one click away."""
    page = await read(pages, "/-/search?q=репартишн")
    assert hits(page)[0] == f"/-/post/{keys[45]}"
    page = await read(pages, "/-/search?q=repartition")
    assert {mark.get_text().lower() for mark in page.find_all("mark")} == {"repartition"}
    assert page.select_one(".code .s2") is not None
    assert page.find("a", href="https://t.me/data_notes/45") is not None
    assert page.find("input", attrs={"name": "q"})["value"] == "repartition"  # type: ignore[index]


async def test_a_search_has_pages_orders_and_narrower_searches(pages: Datasette) -> None:
    """The links lead to further hits, other orders and fewer hits."""
    first = await read(pages, "/-/search?q=is:original&sort=old")
    following = first.find("a", rel="next")
    assert first.find("a", rel="prev") is None
    second = await read(pages, str(following["href"]))  # type: ignore[index]
    assert second.find("a", rel="prev") is not None
    assert not set(hits(first)) & set(hits(second))
    newest = await read(pages, "/-/search?q=is:original&sort=new")
    assert hits(newest) != hits(first)
    chip = first.select_one(".letopis-choices .letopis-chip")
    assert chip is not None
    narrower = await read(pages, str(chip["href"]))
    assert hits(narrower)


async def test_other_readings_of_a_query_are_links(pages: Datasette) -> None:
    """What a query may have meant instead is one click away."""
    page = await read(pages, "/-/search?q=данные in 2024")
    assert page.select_one(".letopis-choices .letopis-chip") is not None
    assert page.select(".letopis-facts")


@pytest.mark.parametrize("page", ["0", "-3", "x", "99999999999999999999", ""])
async def test_odd_pages_and_orders_are_answered(pages: Datasette, page: str) -> None:
    """Whatever stands in the address, there is a page."""
    assert await read(pages, f"/-/search?q=данные&page={page}&sort=odd")


async def test_a_query_that_finds_nothing_says_so(pages: Datasette) -> None:
    """Its text is escaped like everything else."""
    page = await read(pages, "/-/search?q=%3C98417325%3E")
    assert "Nothing was found" in page.get_text()
    assert "<98417325>" in page.get_text()


async def test_a_post_has_its_text_facts_and_neighbours(
    pages: Datasette, keys: dict[int, int]
) -> None:
    """The page of a post shows all that belongs to it."""
    page = await read(pages, f"/-/post/{keys[43]}")
    text = page.get_text()
    assert "Дополнено: замер." in text
    assert "Before edits" in text
    assert text.count("Spark без боли, часть 2") == 3  # title, text and earlier text
    assert f"/-/post/{keys[43]}" not in hits(page)
    assert hits(page)
    assert page.find("a", href="https://t.me/data_notes/43") is not None
    assert page.find("a", href=f"/archive/posts/{keys[43]}") is not None


async def test_texts_and_code_are_escaped_and_only_web_addresses_are_links(
    pages: Datasette, keys: dict[int, int]
) -> None:
    """A post can neither run anything nor lead to where a browser would run something."""
    page = await read(pages, f"/-/post/{keys[1002]}")
    body = page.select_one(".letopis-post")
    assert body is not None
    assert body.find("script") is None
    assert HOSTILE in body.get_text()
    assert CODE in body.get_text()
    links = [str(link["href"]) for link in body.select(".letopis-text a")]
    assert links == ["https://example.org/a?b=1&c=2", "https://t.me/data_notes"]
    text = body.get_text()
    assert "<i>я</i> · 3" in text
    assert "🔥 12" in text
    assert "3,456 views" in text
    assert body.find("a", href=f"/-/post/{keys[1000]}") is not None
    assert body.select_one(".code .nb") is not None


async def test_a_post_shows_its_files_and_its_album(pages: Datasette, keys: dict[int, int]) -> None:
    """Pictures, films and sounds are shown, others are links, and what is absent is said."""
    page = await read(pages, f"/-/post/{keys[1000]}")
    path = f"/-/file/{keys[1000]}"
    body = page.select_one(".letopis-post")
    assert body is not None
    assert body.find("img", src=f"{path}/0") is not None
    assert body.find("video", src=f"{path}/2") is not None
    assert body.find("audio", src=f"{path}/3") is not None
    assert body.find("a", href=f"{path}/4") is not None
    assert body.get_text().count("the file was not copied") == 2
    assert body.find("a", href=f"/-/post/{keys[1001]}") is not None


async def test_files_are_sent_so_that_none_can_run(pages: Datasette, keys: dict[int, int]) -> None:
    """A picture is shown, a page from a post is only downloaded."""
    picture = await pages.client.get(f"/-/file/{keys[1000]}/0")
    assert picture.content == PNG
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["x-content-type-options"] == "nosniff"
    script = await pages.client.get(f"/-/file/{keys[1000]}/4")
    assert script.headers["content-type"] == "application/octet-stream"
    assert script.headers["content-disposition"].startswith("attachment")


async def test_a_part_of_a_file_is_sent(pages: Datasette, keys: dict[int, int]) -> None:
    """A player jumps within a film by asking for its bytes from there on."""
    path = f"/-/file/{keys[1000]}/0"
    whole = await pages.client.get(path)
    part = await pages.client.get(path, headers={"range": "bytes=4-7"})
    beyond = await pages.client.get(path, headers={"range": "bytes=999999-"})

    assert (whole.status_code, whole.headers["accept-ranges"]) == (200, "bytes")
    assert (part.status_code, part.content) == (206, PNG[4:8])
    assert part.headers["content-range"] == f"bytes 4-7/{len(PNG)}"
    assert part.headers["content-type"] == "image/png"
    assert (beyond.status_code, beyond.content) == (416, b"")
    assert beyond.headers["content-range"] == f"bytes */{len(PNG)}"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", range(10)),
        ("bytes=0-", range(10)),
        ("bytes=3-5", range(3, 6)),
        ("bytes=3-99", range(3, 10)),
        ("bytes=-3", range(7, 10)),
        ("bytes=-99", range(10)),
        ("bytes=-0", range(0)),
        ("bytes=10-", range(0)),
        ("bytes=5-3", range(10)),
        ("bytes=-", range(10)),
        ("bytes=0-1,5-6", range(10)),
        ("lines=1-2", range(10)),
        ("bytes=" + "9" * 99 + "-", range(10)),
    ],
)
def test_ranges_are_read_as_http_has_them(header: str, expected: range) -> None:
    """What is not understood is the whole file, what there is not is nothing."""
    assert read_range(header, 10) == expected


@pytest.mark.parametrize(
    "path",
    [
        "/-/file/{post}/1",  # without a copy
        "/-/file/{post}/5",  # names a path
        "/-/file/{post}/6",  # beyond the last one
        "/-/file/999999999/0",
        "/-/file/999999999999999999/0",
        "/-/file/{post}/../../archive.db",
        "/-/file/{post}/..%2f..%2farchive.db",
        "/-/static-plugins/letopis.browse/../plugin.py",
        "/-/static-plugins/letopis.browse/..%2fplugin.py",
        "/-/post/999999999",
        "/-/post/0",
        "/-/post/x",
    ],
)
async def test_nothing_else_is_served(pages: Datasette, keys: dict[int, int], path: str) -> None:
    """Only files that the archive names are, from the folder of copies alone."""
    answer = await pages.client.get(path.format(post=keys[1000]))
    if answer.status_code == 302:  # Datasette tries other spellings of a path
        answer = await pages.client.get(answer.headers["location"])
    assert answer.status_code == 404
    assert b"SQLite format" not in answer.content


async def test_a_post_that_is_not_there_is_told(pages: Datasette) -> None:
    """In a sentence."""
    answer = await pages.client.get("/-/post/999999999")
    assert "There is no such post or file in the archive." in answer.text


async def test_pages_speak_russian_too(
    pages: Datasette, monkeypatch: pytest.MonkeyPatch, browsed: Home
) -> None:
    """As the terminal does in which they were started."""
    monkeypatch.setenv("LETOPIS_LANG", "ru")
    page = await read(pages, "/")
    assert "Последние посты" in page.get_text()
