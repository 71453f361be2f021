"""Which index is searched: the home's, or another where that is foreign or cannot be written."""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from db import open_archive
from letopis.sample import sample_export
from tests.letopis.conftest import Outcome, Run
from tests.search.making import CHANNEL, LEAKS, TODAY, a_post
from tests.servers.process import free_port

pytestmark = [pytest.mark.slow, pytest.mark.measured]

_READING = [
    ("search", "repartition"),
    ("similar", "45"),
    ("show", "45"),
    ("tags",),
    ("stats",),
    ("imports",),
    ("sql", "SELECT count(*) FROM posts"),
    ("where",),
]
_SOMEBODY = 65534


@pytest.fixture
def home(sample_home: Path, tmp_path: Path) -> Path:
    """Return a home that holds the sample channel and its index."""
    shutil.copytree(sample_home, tmp_path / "home")
    (tmp_path / "home" / "index").chmod(0o700)
    return tmp_path / "home"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Return where the indexes of this user are kept."""
    return tmp_path / "cache" / "letopis" / "indexes"


@pytest.fixture
def full_disk(sample_home: Path, tmp_path: Path) -> Iterator[Path]:
    """Return a home on a disk that is full; only root can make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root can mount a disk")
    # Another test's connection may still be open: with its files SQLite needs no room.
    of_connections = shutil.ignore_patterns("*-wal", "*-shm")
    shutil.copytree(sample_home, disk / "home", ignore=of_connections)
    yield disk / "home"
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def _fill(home: Path) -> None:
    with (home.parent / "filling").open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 10):
            with suppress(OSError):
                while True:
                    file.write(bytes(size))
    assert os.statvfs(home).f_bavail == 0


def _held(folder: Path) -> dict[str, tuple[int, int]]:
    """Return all files within a folder, with what changes when they do."""
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}


def _same(one: Outcome, other: Outcome) -> bool:
    """Tell whether two searches gave the same answer, however long they took."""
    answers = [json.loads(outcome.out) | {"took_ms": 0} for outcome in (one, other)]
    return bool(answers[0] == answers[1])


def _post_later(home: Path, *, count: int) -> None:
    """Let the archive learn what its index does not know."""
    with open_archive(home / "archive.db") as store:
        posts = [a_post(number, f"новость{number}") for number in range(1, count + 1)]
        store.save(store.resolve_channel(CHANNEL), posts, as_of=TODAY)


def test_an_index_that_others_may_write_is_not_opened(
    run: Run, sample_home: Path, home: Path, cache: Path
) -> None:
    """Another one is kept elsewhere, which is said when it is built, and built but once."""
    (home / "index").chmod(0o777)
    before = _held(home / "index")
    there = run("search", "repartition", "--json", home=sample_home)

    first = run("search", "repartition", "--json", home=home)
    [kept] = cache.iterdir()
    built = (kept / "CURRENT").read_text("utf-8")
    again = run("search", "repartition", "--json", home=home)

    assert first.err == (
        f"The search index in {home / 'index'} is not opened, because {home / 'index'} belongs to "
        "another user, leads elsewhere, or may be written by others. "
        f"Another one is kept in {kept}.\n"
    )
    assert (again.err, _same(first, there), _same(again, there)) == ("", True, True)
    assert (kept / "CURRENT").read_text("utf-8") == built
    assert kept.stat().st_mode & 0o777 == 0o700
    assert _held(home / "index") == before


@pytest.mark.parametrize("command", ["doctor", "reindex"])
def test_an_index_that_is_not_opened_is_not_mended(run: Run, home: Path, command: str) -> None:
    """What looks after the index looks after the other one, and says so."""
    (home / "index").chmod(0o777)
    before = _held(home / "index")
    outcome = run(command, home=home)
    assert (outcome.code, "Another one is kept in" in outcome.err) == (0, True)
    assert _held(home / "index") == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_root_leaves_another_users_home_alone(run: Run, home: Path, cache: Path) -> None:
    """Whose the home is alone makes and opens what lies there."""
    for path in (home, *home.rglob("*")):
        os.chown(path, _SOMEBODY, -1)
    before = _held(home / "index")
    assert run("search", "repartition", home=home).out.startswith("1 ")
    assert run("doctor", home=home).code == 0
    assert len(list(cache.iterdir())) == 1
    assert _held(home / "index") == before
    shutil.rmtree(home / "index")
    assert run("search", "repartition", home=home).out.startswith("1 ")
    assert not (home / "index").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_one_file_of_another_user_is_enough(run: Run, home: Path, cache: Path) -> None:
    """An index that came from elsewhere is not opened, though the folder is our own."""
    os.chown(home / "index" / "CURRENT", _SOMEBODY, -1)
    assert "CURRENT belongs to another user" in run("search", "repartition", home=home).err
    assert len(list(cache.iterdir())) == 1


def test_archives_have_indexes_of_their_own(run: Run, home: Path, cache: Path) -> None:
    """They are told apart by their paths."""
    other = home.with_name("other")
    shutil.copytree(home, other)
    for folder in (home, other):
        (folder / "index").chmod(0o777)
        assert run("search", "repartition", home=folder).code == 0
    assert len(list(cache.iterdir())) == 2


def test_without_a_cache_folder_a_temporary_index_is_used(
    run: Run, home: Path, cache: Path
) -> None:
    """Nothing of it is left afterwards."""
    (home / "index").chmod(0o777)
    cache.parent.parent.mkdir()
    cache.parent.write_text("", "utf-8")
    outcome = run("search", "repartition", home=home)
    kept = Path(outcome.err.split("is kept in ")[1].strip().removesuffix("."))
    assert (outcome.code, kept.parent.exists()) == (0, False)


def test_a_temporary_index_that_finds_no_room_is_told_of(
    run: Run, home: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In one sentence, and with the first reason."""
    (home / "index").chmod(0o777)
    cache.parent.parent.mkdir()
    cache.parent.write_text("", "utf-8")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    outcome = run("search", "repartition", home=home)
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert "may be written by others" in outcome.err


def test_an_index_that_cannot_be_written_is_searched_as_it_is(run: Run, home: Path) -> None:
    """It is said how many changes it lacks; one that lacks none needs not be written."""
    (home / "index" / "write.lock").unlink()
    (home / "index" / "write.lock").mkdir()
    assert run("search", "repartition", home=home).err == ""
    for number, lacking in ((1, "the last change"), (3, "the last 3 changes")):
        _post_later(home, count=number)
        outcome = run("search", "repartition", home=home)
        assert (outcome.code, outcome.err.count("\n")) == (0, 1)
        assert outcome.err.endswith(f"Until then, searches do not see {lacking}.\n")


@pytest.mark.parametrize("command", _READING, ids=lambda command: command[0])
def test_a_full_disk_is_read(
    run: Run, sample_home: Path, full_disk: Path, command: tuple[str, ...]
) -> None:
    """No command that reads needs room; that there is none is said once."""
    _fill(full_disk)
    here = run(*command, home=full_disk)
    there = run(*command, home=sample_home)
    assert here.code == there.code == 0
    if command[0] not in {"search", "where"}:
        assert here.out == there.out
    told = (
        ""
        if command == ("where",)
        else (
            f"{full_disk / 'archive.db'} cannot grow: its disk is full; "
            "free some space and try again. Nothing was half written. It can still be read.\n"
        )
    )
    assert here.err == told


@LEAKS
@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_a_full_disk_is_searched(
    run: Run, full_disk: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the index that is there, and nothing is left of what could not be added to it."""
    monkeypatch.setenv("LETOPIS_INDEX__ENGINE", engine)
    assert run("search", "repartition", home=full_disk).code == 0
    _post_later(full_disk, count=300)
    _fill(full_disk)
    found = [run("search", "repartition", home=full_disk) for _ in range(2)]
    assert [outcome.code for outcome in found] == [0, 0]
    assert all("Until then, searches do not see the last 300 changes." in o.err for o in found)
    assert len([path for path in (full_disk / "index").iterdir() if path.is_dir()]) == 1
    (full_disk.parent / "filling").unlink()
    assert run("search", "новость300", home=full_disk).err == ""
    gc.collect()


def test_an_index_is_built_elsewhere_if_the_disk_is_full(
    run: Run, full_disk: Path, cache: Path
) -> None:
    """Without any, nothing can be searched; it is kept where there is room."""
    shutil.rmtree(full_disk / "index")
    _fill(full_disk)
    assert "is kept in" in run("search", "repartition", home=full_disk).err
    assert "is kept in" not in run("search", "repartition", home=full_disk).err
    assert len(list(cache.iterdir())) == 1


def test_an_import_into_a_full_disk_says_so(run: Run, full_disk: Path) -> None:
    """What writes is told in one sentence that there is no room."""
    _fill(full_disk)
    outcome = run("ingest", str(sample_export()), home=full_disk)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "its disk is full; free some space" in outcome.err


def test_search_asks_the_cluster_of_the_settings(
    run: Run, home: Path, opensearch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A home whose settings name OpenSearch is searched there, and says so if it is silent."""
    here = run("search", "repartition", "--json", home=home)
    monkeypatch.setenv("LETOPIS_INDEX__ENGINE", "opensearch")
    monkeypatch.setenv("LETOPIS_OPENSEARCH_URL", f"{opensearch}/{home.parent.name.lower()}")
    there = run("search", "repartition", "--json", home=home)
    one, other = (json.loads(outcome.out)["hits"] for outcome in (here, there))
    assert [hit["message_id"] for hit in one] == [hit["message_id"] for hit in other] == [45]
    assert "in order (opensearch)" in run("doctor", home=home).out
    assert "rebuilt with opensearch: 81 posts" in run("reindex", home=home).out

    monkeypatch.setenv("LETOPIS_OPENSEARCH_URL", f"http://127.0.0.1:{free_port()}")
    silent = run("search", "repartition", home=home)
    assert (silent.code, silent.err.count("\n")) == (1, 1)
    assert "cannot be read right now (OpenSearch: no answer)" in silent.err
