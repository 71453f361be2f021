"""`letopis fetch` brings a public channel's posts into the archive and makes them searchable."""

from __future__ import annotations

import json
from pathlib import Path

from letopis.home import Home
from tests.letopis.conftest import Run
from tests.mirror.public_channel import PublicChannel
from tests.standin.preview_server import Reply, preview_server


def test_a_channel_is_fetched_and_searchable(run: Run, tmp_path: Path) -> None:
    """The home folder is begun as by an import."""
    page = Reply(body=PublicChannel(range(1, 15)).page(None))
    with preview_server(page) as server:
        outcome = run("fetch", "https://t.me/data_notes", "--base-url", server.url)
    assert outcome.code == 0
    assert "Data notes: https://t.me/s/data_notes\n  added 14, changed 0" in outcome.out
    assert [each[:2] for each in server.asked] == [("/s/data_notes", None)]
    assert "t.me/data_notes/14" in run("search", '"post 14"').out

    with preview_server(page) as server:
        again = run("fetch", "@data_notes", "--json", "--base-url", server.url)
    assert [report["added"] for report in json.loads(again.out)] == [0]


def test_a_channel_without_a_preview_is_named(run: Run) -> None:
    """In one sentence, with what to do instead."""
    with preview_server(Reply(status=302, headers={"Location": "/data_notes"})) as server:
        outcome = run("fetch", "@data_notes", "--base-url", server.url)
    assert outcome.code == 1
    assert "t.me/s/data_notes shows no posts" in outcome.err


def test_a_title_is_no_name(run: Run) -> None:
    """Only names have a web preview."""
    outcome = run("fetch", "Data notes")
    assert outcome.code == 2
    assert "is not a channel's name" in outcome.err


def test_one_fetch_runs_at_a_time(run: Run, empty_home: Path) -> None:
    """Two would make two requests at a time."""
    with Home(empty_home).fetching():
        outcome = run("fetch", "@data_notes", home=empty_home)
    assert outcome.code == 2
    assert "Another letopis fetch is running" in outcome.err
