"""The fetch worker reports batches and the end, and stops between two pages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from ingest.fetch_messages import (
    FETCH_ANSWERS,
    FetchAnswer,
    FetchedPart,
    FetchEnded,
    FetchRefused,
    FetchTask,
)
from letopis.fetch_worker import fetch_channel, fetch_process
from letopis.home import Home
from model.messages import Code
from tests.mirror.public_channel import PublicChannel
from tests.new_databases import new_archive
from tests.standin.preview_server import Reply, preview_server
from workers.lines import read_line, write_line


@pytest.fixture
def task(tmp_path: Path) -> FetchTask:
    """Return the order to fetch a channel into an empty archive."""
    new_archive(tmp_path / "archive.db").close()
    return FetchTask(
        username="data_notes", home=str(tmp_path), archive=str(tmp_path / "archive.db")
    )


def test_a_channel_is_fetched(task: FetchTask) -> None:
    """Each batch is reported, then the end."""
    answers: list[FetchAnswer] = []
    with preview_server(Reply(body=PublicChannel(range(1, 15)).page(None))) as server:
        fetch_channel(task, answers.append, Event(), base_url=server.url)
    assert answers == [FetchedPart(added=14, text_changed=0), FetchEnded()]


def test_a_failure_is_reported(task: FetchTask) -> None:
    """With its message."""
    answers: list[FetchAnswer] = []
    with preview_server(Reply(status=404)) as server:
        fetch_channel(task, answers.append, Event(), base_url=server.url)
    [ended] = answers
    assert isinstance(ended, FetchRefused)
    assert ended.message.code is Code.NO_PREVIEW


def test_a_stopped_run_ends_between_pages(task: FetchTask) -> None:
    """What was fetched is imported."""
    answers: list[FetchAnswer] = []
    stopped = Event()

    def say(answer: FetchAnswer) -> None:
        answers.append(answer)
        stopped.set()

    with preview_server(Reply(body=PublicChannel(range(1, 50)).page(None))) as server:
        fetch_channel(task, say, stopped, base_url=server.url)
    assert answers == [FetchedPart(added=20, text_changed=0), FetchEnded()]
    assert len(server.asked) == 1


def test_it_is_a_process(task: FetchTask) -> None:
    """Which says so if another one is fetching."""
    command = [sys.executable, "-m", "letopis.fetch_worker"]
    with (
        Home(Path(task.archive).parent).fetching(),
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process,
    ):
        said, _ = process.communicate(write_line(task), timeout=60)
    answer = read_line(said, FETCH_ANSWERS)
    assert isinstance(answer, FetchRefused)
    assert answer.message.code is Code.FETCH_RUNS


@pytest.mark.asyncio
async def test_the_bot_starts_it(task: FetchTask) -> None:
    """And gets its answers."""
    with Home(Path(task.archive).parent).fetching():
        async with fetch_process() as worker:
            await worker.send(task)
            assert isinstance(await worker.receive(), FetchRefused)
