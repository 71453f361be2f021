"""The index worker: it reports progress, and ends with the program that started it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import pytest

from db import PostStore
from model.messages import Code
from search import PostIndex, open_index
from search.batches import POSTS
from search.index_messages import INDEX_ANSWERS, CaughtUp, IndexAnswer, IndexFailed, IndexProgress
from tests.new_databases import new_archive
from tests.search.making import CHANNEL, TODAY, a_post, found
from tests.searchers import patient_searcher
from workers.lines import read_line, write_line

Process = subprocess.Popen[bytes]


@contextmanager
def process_of(index: PostIndex) -> Iterator[tuple[Process, IO[bytes], IO[bytes]]]:
    """Start the process, and yield it with its input and its output."""
    command = [sys.executable, "-m", "letopis.index_worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(write_line(index.place))
        process.stdin.flush()
        yield process, process.stdin, process.stdout


def answers_of(index: PostIndex) -> Sequence[IndexAnswer]:
    """Let a process catch up, and return all that it says."""
    with process_of(index) as (process, orders, output):
        answers = [_read(output)]
        while isinstance(answers[-1], IndexProgress):
            answers.append(_read(output))
        orders.close()
        assert process.wait(60) == 0
    return answers


def _read(output: IO[bytes]) -> IndexAnswer:
    return read_line(output.readline(), INDEX_ANSWERS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PostStore]:
    """Open an empty archive."""
    with new_archive(tmp_path / "archive.db") as store:
        yield store


@pytest.fixture
def index(store: PostStore, tmp_path: Path) -> Iterator[PostIndex]:
    """Open the archive's index, not yet built."""
    with closing(open_index(tmp_path / "index", store)) as index:
        yield index


def save(store: PostStore, *texts: str) -> None:
    """Save posts with these texts, numbered from 1."""
    posts = [a_post(number, text) for number, text in enumerate(texts, 1)]
    store.save(store.resolve_channel(CHANNEL), posts, as_of=TODAY)


def words(count: int) -> Sequence[str]:
    """Return so many different words."""
    return [f"слово{number}" for number in range(count)]


def test_process_catches_up(store: PostStore, index: PostIndex) -> None:
    """What it says leads to its end, and its work is seen here."""
    save(store, *words(600))
    *progress, end = answers_of(index)
    batches = [*range(POSTS, 600, POSTS), 600]
    assert progress == [IndexProgress(done=done, expected=600) for done in batches]
    assert end == CaughtUp(reason="missing")
    searcher = patient_searcher(store, index)
    assert found(searcher.search("слово7")) == [8]
    save(store, "граф")
    assert answers_of(index) == [IndexProgress(done=1, expected=1), CaughtUp(reason="")]
    assert found(searcher.search("граф")) == [1]


@pytest.mark.slow
def test_process_opens_the_same_index(store: PostStore, tmp_path: Path) -> None:
    """It is the engine and the limit of whoever asks that count."""
    save(store, "граф", "граф")
    with closing(open_index(tmp_path / "index", store, whoosh_limit=1)) as index:
        answers_of(index)
        assert index.catch_up().engine == "tantivy"
        assert not index.catch_up().rebuilt


@pytest.mark.measured
@pytest.mark.slow
def test_process_ends_with_its_input(store: PostStore, index: PostIndex) -> None:
    """No signal ends it, but the end of its input does at once; others can write then."""
    index.catch_up()
    save(store, *words(4000))
    with process_of(index) as (process, orders, output):
        assert isinstance(read_line(output.readline(), INDEX_ANSWERS), IndexProgress)
        process.terminate()
        assert isinstance(read_line(output.readline(), INDEX_ANSWERS), IndexProgress)
        orders.close()
        assert process.wait(60) == 0
        assert not any(isinstance(read_line(line, INDEX_ANSWERS), CaughtUp) for line in output)
    assert index.behind() > 0
    index.catch_up()
    assert index.behind() == 0


@pytest.mark.measured
@pytest.mark.slow
def test_process_works_on_unheard(store: PostStore, index: PostIndex) -> None:
    """Where nobody listens, the work is done all the same, as long as the input is open."""
    save(store, *words(3))
    with process_of(index) as (_, _, output):
        output.close()
        deadline = time.monotonic() + 60
        while index.behind() and time.monotonic() < deadline:
            time.sleep(0.05)
    assert index.behind() == 0


@pytest.mark.measured
@pytest.mark.slow
def test_refusal_is_one_sentence(index: PostIndex, tmp_path: Path) -> None:
    """An index that cannot be written is no traceback."""
    (tmp_path / "index").rmdir()
    (tmp_path / "index").write_bytes(b"")
    (refused,) = answers_of(index)
    assert isinstance(refused, IndexFailed)
    assert refused.message.code == Code.INDEX_UNWRITABLE
