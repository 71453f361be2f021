"""The tools and resources of the server, asked by the SDK's own client in this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.server import MCPServer
from mcp_types import TextContent, TextResourceContents

from letopis.home import Home
from letopis.mcp.server import make_server
from letopis.opening import home_searcher
from model.posts import Post
from search import Searcher

_SMALL = 25_000
"""Characters of an answer with the default limits."""


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let notes be in English, and leave this user's cache alone."""
    monkeypatch.setenv("LETOPIS_LANG", "en")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def searcher(named_home: Path) -> Iterator[Searcher]:
    """Return a searcher over the sample channel."""
    with home_searcher(Home(named_home)) as opened:
        yield opened


@pytest.fixture
def server(searcher: Searcher) -> MCPServer[Any]:
    """Return a server over the sample channel."""
    return make_server(searcher)


async def ask(server: MCPServer[Any], tool: str, **arguments: Any) -> Any:
    """Return the structured answer of a tool, which its text repeats."""
    async with Client(server) as client:
        result = await client.call_tool(tool, arguments)
    [text] = result.content
    assert isinstance(text, TextContent)
    assert not result.is_error, text.text
    assert json.loads(text.text) == result.structured_content
    assert len(text.text) < _SMALL
    return result.structured_content


async def refused(server: MCPServer[Any], tool: str, **arguments: Any) -> str:
    """Return the sentence with which a tool refuses."""
    async with Client(server) as client:
        result = await client.call_tool(tool, arguments)
    [text] = result.content
    assert isinstance(text, TextContent)
    assert result.is_error
    return text.text


async def read(server: MCPServer[Any], uri: str) -> str:
    """Return the text of a resource."""
    async with Client(server) as client:
        [content] = (await client.read_resource(uri)).contents
    assert isinstance(content, TextResourceContents)
    return content.text


async def test_five_tools_that_only_read_and_two_resources(server: MCPServer[Any]) -> None:
    """Each says what it does, what it takes, and that it changes nothing."""
    async with Client(server) as client:
        tools = (await client.list_tools()).tools
        listed = (await client.list_resources()).resources
    assert [tool.name for tool in tools] == ["search", "show", "similar", "tags", "sql"]
    for tool in tools:
        assert tool.description
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        assert all(each["description"] for each in tool.input_schema["properties"].values())
    assert {each.uri for each in listed} == {"letopis://schema", "letopis://query-language"}


async def test_a_search_finds_posts_with_their_addresses(server: MCPServer[Any]) -> None:
    """A hit names its post, and shows what matched in its text and its code."""
    answer = await ask(server, "search", query="repartition")
    assert answer["total"] >= len(answer["posts"]) >= 1
    assert all(post["url"].startswith("https://t.me/data_notes/") for post in answer["posts"])
    best = answer["posts"][0]
    assert (best["message_id"], best["channel"]) == (45, "Данные на заметку")
    assert best["url"] == "https://t.me/data_notes/45"
    assert best["posted_at"] == "2024-02-01T07:45:50Z"
    assert best["hashtags"] == ["spark"]
    assert "repartition" in best["excerpt"]
    assert "left.repartition(400" in best["code"]


async def test_a_search_pages_and_says_how_it_read_the_query(server: MCPServer[Any]) -> None:
    """The second page follows the first; corrections and empty answers are told."""
    first = await ask(server, "search", query="данные", limit=2, sort="old")
    second = await ask(server, "search", query="данные", limit=2, offset=2, sort="old")
    times = [post["posted_at"] for page in (first, second) for post in page["posts"]]
    assert times == sorted(times)
    assert len({post["message_id"] for page in (first, second) for post in page["posts"]}) == 4
    corrected = await ask(server, "search", query="репартишн")
    assert corrected["notes"]
    nothing = await ask(server, "search", query="абракадабрище")
    assert (nothing["total"], nothing["posts"]) == (0, [])


async def test_show_gives_a_post_whole_with_its_earlier_texts(server: MCPServer[Any]) -> None:
    """The text is complete, and what it said before is told with the time."""
    shown = await ask(server, "show", message_id=43, channel="@data_notes")
    assert shown["url"] == "https://t.me/data_notes/43"
    assert shown["text"].endswith("Дополнено: замер.")
    [earlier] = shown["earlier"]
    assert shown["text"] == f"{earlier['text']}\nДополнено: замер."
    assert earlier["until"].endswith("Z")


async def test_show_tells_of_everything_attached(
    server: MCPServer[Any], searcher: Searcher
) -> None:
    """Reposts, files and reactions are said as `letopis show` says them."""

    def number(has: Any) -> int:
        posts: Iterator[Post] = (each.post for each in searcher.store.newest(limit=1000))
        return next(post.message_id for post in posts if has(post))

    repost = await ask(server, "show", message_id=number(lambda post: post.forward))
    assert any("Reposted from" in fact or "reposted from" in fact for fact in repost["facts"])
    photo = await ask(server, "show", message_id=number(lambda post: post.media))
    assert any(fact.startswith("[") for fact in photo["facts"])


async def test_similar_posts_leave_out_the_post_itself(server: MCPServer[Any]) -> None:
    """They are other posts of the same subject."""
    answer = await ask(server, "similar", message_id=45, limit=3)
    numbers = [post["message_id"] for post in answer["posts"]]
    assert numbers
    assert 45 not in numbers


async def test_tags_are_counted(server: MCPServer[Any]) -> None:
    """The most frequent come first; a prefix may have its #."""
    tags = (await ask(server, "tags"))["tags"]
    counts = [tag["posts"] for tag in tags]
    assert counts == sorted(counts, reverse=True)
    some = (await ask(server, "tags", prefix="#sp"))["tags"]
    assert "spark" in [tag["tag"] for tag in some]


async def test_sql_reads_a_bounded_number_of_rows(server: MCPServer[Any]) -> None:
    """Rows keep their types; beyond the limit, `more` is set."""
    answer = await ask(
        server,
        "sql",
        statement="SELECT 1 AS n, 1.5, 1e999, NULL, x'ff', 'ё' UNION ALL SELECT 2,2,2,2,2,2",
        limit=1,
    )
    assert answer["columns"][0] == "n"
    assert answer["rows"] == [[1, 1.5, None, None, "ff", "ё"]]
    assert answer["more"]


async def test_long_tables_and_texts_are_cut(server: MCPServer[Any]) -> None:
    """However much a statement selects, an assistant can read the answer."""
    long = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200) "
    statement = f"{long} SELECT i, hex(zeroblob(5000)) FROM n"
    answer = await ask(server, "sql", statement=statement, limit=200)
    assert answer["more"]
    assert 1 <= len(answer["rows"]) < 20
    assert all(len(text) == 2000 and text.endswith("…") for _, text in answer["rows"])


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("show", {"message_id": 999_999}, "There is no post 999999"),
        ("show", {"message_id": 45, "channel": "@nobody"}, "nobody"),
        ("similar", {"message_id": 999_999}, "There is no post 999999"),
        ("sql", {"statement": "DELETE FROM posts"}, "may only read"),
        ("sql", {"statement": "ATTACH 'x.db' AS x"}, "may only read"),
        ("sql", {"statement": "SELECT * FROM no_such"}, "no_such"),
        ("search", {"query": "x", "limit": 1000}, "limit"),
        ("sql", {"statement": "SELECT 1", "limit": 0}, "limit"),
    ],
)
async def test_what_cannot_be_answered_is_said(
    server: MCPServer[Any], tool: str, arguments: Any, said: str
) -> None:
    """The sentence of the command line, without a traceback."""
    sentence = await refused(server, tool, **arguments)
    assert said in sentence
    assert "Traceback" not in sentence


async def test_resources_teach_the_schema_and_the_query_language(server: MCPServer[Any]) -> None:
    """Both can be read before the first question."""
    schema = await read(server, "letopis://schema")
    assert "CREATE TABLE posts (" in schema
    assert "CREATE VIEW archive AS" in schema
    assert "/* Plain text, exactly as the author wrote it. */" in schema
    language = await read(server, "letopis://query-language")
    assert "lang:python" in language
    assert "-word" in language
