"""An import may end at any moment: what is in the archive is whole, and the next run completes it.

These are real processes, killed as a power cut would.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.ingest.exports import message, page, write_pages

pytestmark = pytest.mark.slow

_PAGES = 9
_A_PAGE = 400
_POSTS = _PAGES * _A_PAGE
_BATCH = 1000
_LIMIT = 60.0


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write an export that several processes read."""
    pages = {}
    for number in range(_PAGES):
        first = number * _A_PAGE + 1
        texts = (message(n, f"запись номер{n}") for n in range(first, first + _A_PAGE))
        pages[f"messages{number + 1 if number else ''}.html"] = page("".join(texts))
    return write_pages(tmp_path_factory.mktemp("export"), pages)


def command(home: Path, *args: str) -> list[str]:
    """Return the command line of a run of its own."""
    return [sys.executable, "-m", "letopis", "--home", str(home), *args]


def letopis(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command(home, *args), capture_output=True, text=True, timeout=_LIMIT, check=False
    )


def count(home: Path, statement: str) -> int:
    """Return a number out of an archive that another process may be making, 0 until it can tell."""
    try:
        with closing(sqlite3.connect(f"file:{home / 'archive.db'}?mode=ro", uri=True)) as archive:
            return int(archive.execute(statement).fetchone()[0] or 0)
    except sqlite3.Error:
        return 0


def posts(home: Path) -> int:
    """Return how many posts the archive holds."""
    return count(home, "SELECT count(*) FROM posts")


def has_begun(home: Path) -> bool:
    """Tell whether there is a file at all."""
    return (home / "archive.db").exists()


def saved(number: int) -> Callable[[Path], bool]:
    """Wait for so many posts."""
    return lambda home: posts(home) >= number


def is_indexing(home: Path) -> bool:
    """Tell whether all is in the archive, and the index on its way."""
    return count(home, "SELECT count(*) FROM imports WHERE finished_at <> ''") == 1


def kill_once(process: subprocess.Popen[bytes], home: Path, ready: Callable[[Path], bool]) -> None:
    """Kill a process and all it started, as soon as the archive is so far."""
    deadline = time.monotonic() + _LIMIT
    while not ready(home):
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.002)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def assert_sound(home: Path) -> None:
    """The file is in order, and the posts in it are whole batches, with all their parts."""
    with closing(sqlite3.connect(home / "archive.db")) as archive:
        assert archive.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert archive.execute("PRAGMA foreign_key_check").fetchall() == []
    assert posts(home) in {*range(0, _POSTS, _BATCH), _POSTS}
    assert posts(home) == count(home, "SELECT sum(added) FROM imports")
    assert posts(home) == count(home, "SELECT count(DISTINCT message_id) FROM posts")


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param([has_begun], id="while the archive is made"),
        pytest.param([saved(1)], id="after the first batch"),
        pytest.param([saved(_POSTS // 2)], id="in the middle"),
        pytest.param([is_indexing], id="while the index is made"),
        pytest.param(
            [has_begun, saved(1), saved(_BATCH + 1), saved(2 * _BATCH + 1)], id="again and again"
        ),
    ],
)
def test_a_killed_import_is_completed_by_the_next(
    export: Path, tmp_path: Path, moments: list[Callable[[Path], bool]]
) -> None:
    """However often it was killed, nothing is half there, and one whole run brings all."""
    home = tmp_path / "home"
    for ready in moments:
        process = subprocess.Popen(
            command(home, "ingest", str(export)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        kill_once(process, home, ready)
        if posts(home):
            assert_sound(home)
    done = letopis(home, "ingest", str(export))
    assert (done.returncode, done.stderr) == (0, "")
    assert_sound(home)
    assert posts(home) == _POSTS
    found = json.loads(letopis(home, "search", f"номер{_POSTS}", "--limit", "1", "--json").stdout)
    assert found["hits"][0]["message_id"] == _POSTS


def test_readers_ahead_end_with_the_import(export: Path, tmp_path: Path) -> None:
    """Processes that read pages ahead do not outlive the one that was killed."""
    home = tmp_path / "home"
    read_end, write_end = os.pipe()
    process = subprocess.Popen(
        command(home, "ingest", str(export)),
        stdout=write_end,
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    deadline = time.monotonic() + _LIMIT
    while not posts(home):
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.kill()
    process.wait()
    with os.fdopen(read_end, "rb") as pipe:  # it ends when nobody holds its other end any more
        assert pipe.read() == b""


def test_a_full_disk_is_one_sentence(export: Path, tmp_path: Path) -> None:
    """Where there is no room, the import says so; with room again, it is completed."""
    home = tmp_path / "home"
    limited = 'ulimit -f "$1"; shift; exec "$@"'
    kilobytes = 1500
    full = subprocess.run(
        ["bash", "-c", limited, "bash", str(kilobytes), *command(home, "ingest", str(export))],
        capture_output=True,
        text=True,
        timeout=_LIMIT,
        check=False,
    )
    begun, *said = full.stderr.splitlines()
    assert begun == f"A new archive was created in {home}."
    assert (full.returncode, len(said)) == (2, 1)
    assert said[0].startswith("letopis: ")
    assert_sound(home)
    assert posts(home) < _POSTS
    assert letopis(home, "ingest", str(export)).returncode == 0
    assert posts(home) == _POSTS


def test_two_imports_at_once_take_turns(export: Path, tmp_path: Path) -> None:
    """Two imports of one export at one time add every post once."""
    home = tmp_path / "home"
    both = [
        subprocess.Popen(
            command(home, "ingest", str(export), "--json"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    ends = [process.communicate(timeout=_LIMIT) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(json.loads(out)["added"] for out, _ in ends) == [0, _POSTS]
    assert sum("Another import is writing" in err for _, err in ends) == 1
    assert_sound(home)
