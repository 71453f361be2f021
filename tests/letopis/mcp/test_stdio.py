"""`letopis mcp` as an assistant starts it: a process that speaks on its standard streams."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from tests.letopis.conftest import Run


@pytest.mark.slow
async def test_an_assistant_starts_it_and_asks(named_home: Path, tmp_path: Path) -> None:
    """The process answers over its standard streams, and ends with them."""
    process = StdioServerParameters(
        command=sys.executable,
        args=["-m", "letopis", "--home", str(named_home), "mcp"],
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
    )
    with (tmp_path / "errors").open("w+") as errors:
        async with Client(stdio_client(process, errlog=errors)) as client:
            answer = (await client.call_tool("search", {"query": "repartition"})).structured_content
            assert answer is not None
            assert answer["posts"][0]["url"] == "https://t.me/data_notes/45"
        errors.seek(0)
        assert errors.read() == ""


def test_the_end_of_input_ends_the_command(run: Run, named_home: Path) -> None:
    """Without a request there is no answer either."""
    outcome = run("mcp", home=named_home)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")


def test_without_its_packages_the_command_says_what_to_install(
    run: Run, named_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, in place of a missing module."""
    monkeypatch.setitem(sys.modules, "mcp", None)
    outcome = run("mcp", home=named_home)
    assert outcome.code == 2
    assert outcome.err.startswith("letopis: This command needs packages")
    assert "letopis[mcp]" in outcome.err


def test_without_an_archive_it_refuses(run: Run, tmp_path: Path) -> None:
    """As every command does."""
    assert run("mcp", home=tmp_path / "none").code == 2
