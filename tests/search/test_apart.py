"""An index is caught up by a process of its own, which says how it goes and ends with who asked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import pytest

from db import PostStore
from search import PostIndex, Searcher, open_index
from search.apart import (
    Answer,
    CaughtUp,
    Indexed,
    Unindexed,
    command_line,
    read_answer,
    write_answer,
)
from tests.search.making import a_post, found

Save = Callable[..., None]
Process = subprocess.Popen[bytes]


@contextmanager
def process_of(index: PostIndex) -> Iterator[tuple[Process, IO[bytes], IO[bytes]]]:
    """Start the process, and yield it with its input and its output."""
    command = [sys.executable, *command_line(index.place)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        yield process, process.stdin, process.stdout


def answers_of(index: PostIndex) -> Sequence[Answer]:
    """Let a process catch up, and return all that it says."""
    with process_of(index) as (process, _, output):
        answers = [read_answer(line) for line in output]
        assert process.wait(60) == 0
    return answers


def save_many(save: Save, count: int) -> None:
    """Save posts of one word each."""
    save(*(a_post(1 + number, f"слово{number}") for number in range(count)))


def test_process_catches_up(index: PostIndex, save: Save, searcher: Searcher) -> None:
    """What it says leads to its end, and its work is seen here."""
    save_many(save, 600)
    built = "The search index was built from the archive."
    assert answers_of(index) == [
        Indexed(done=500, expected=600),
        Indexed(done=600, expected=600),
        CaughtUp(said=built),
    ]
    assert found(searcher.search("слово7")) == [8]
    save(a_post(9999, "граф"))
    assert answers_of(index) == [Indexed(done=1, expected=1), CaughtUp(said="")]
    assert found(searcher.search("граф")) == [9999]


@pytest.mark.slow
def test_process_opens_the_same_index(store: PostStore, tmp_path: Path, save: Save) -> None:
    """It is the engine and the limit of whoever asks that count."""
    save(a_post(1, "граф"), a_post(2, "граф"))
    with closing(open_index(tmp_path / "index", store, whoosh_limit=1)) as index:
        answers_of(index)
        assert index.catch_up().engine == "tantivy"
        assert not index.catch_up().rebuilt


@pytest.mark.slow
def test_process_ends_with_its_input(index: PostIndex, save: Save) -> None:
    """No signal ends it, but the end of its input does at once; others can write then."""
    index.catch_up()
    save_many(save, 4000)
    with process_of(index) as (process, input_, output):
        assert isinstance(read_answer(output.readline()), Indexed)
        process.terminate()
        assert isinstance(read_answer(output.readline()), Indexed)
        input_.close()
        assert process.wait(60) == 0
        assert not any(isinstance(read_answer(line), CaughtUp) for line in output)
    assert index.behind() > 0
    index.catch_up()
    assert index.behind() == 0


@pytest.mark.slow
def test_process_works_on_unheard(index: PostIndex, save: Save) -> None:
    """Where nobody listens, the work is done all the same, as long as the input is open."""
    save_many(save, 3)
    with process_of(index) as (process, _, output):
        output.close()
        assert process.wait(60) == 0
    assert index.behind() == 0


@pytest.mark.slow
def test_refusal_is_one_sentence(index: PostIndex, tmp_path: Path) -> None:
    """An index that cannot be written is no traceback."""
    (tmp_path / "index").rmdir()
    (tmp_path / "index").write_bytes(b"")
    (refused,) = answers_of(index)
    assert isinstance(refused, Unindexed)
    assert "cannot be written" in refused.sentence


@pytest.mark.parametrize(
    "line", [b"", b"null", b"[]", b"{}", b'{"kind": "Order"}', b'{"kind": "Indexed"}', b"\xff"]
)
def test_what_is_no_answer_is_refused(line: bytes) -> None:
    """Whatever a broken process writes is read as an answer or refused."""
    with pytest.raises(ValueError, match=r"."):
        read_answer(line)


def test_answers_travel_by_lines() -> None:
    """An answer is one line, and is read as it was written."""
    answer = Unindexed(sentence="Ё\u2028\n")
    line = write_answer(answer)
    assert (line.count(b"\n"), read_answer(line)) == (1, answer)
