"""Homes that are new, mistyped, closed, locked, or hold something else."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest

from letopis.sample import sample_export
from tests.letopis.conftest import Run

Rights = Callable[[], AbstractContextManager[None]]


def test_a_new_archive_is_told_of_once(run: Run, tmp_path: Path) -> None:
    """Who mistypes a home sees that an import begins a new one; a dry run does not make it."""
    home = tmp_path / "mistyped"
    dry = run("ingest", "--dry-run", str(sample_export()), home=home)
    assert dry.err == f"There is no archive in {home} yet; a new one would be created.\n"
    assert ("would be added 81" in dry.out, home.exists()) == (True, False)
    said = f"A new archive was created in {home}.\n"
    assert [run("ingest", str(sample_export()), home=home).err for _ in range(2)] == [said, ""]


def test_a_home_is_named_before_or_after_the_command(run: Run, tmp_path: Path) -> None:
    """The one after it counts; one whose name no index can have is refused there too."""
    home = tmp_path / "after"
    assert run("ingest", str(sample_export()), "--home", str(home)).code == 0
    assert "77 posts" in run("stats", "--home", str(home)).out
    assert run("search", "спарк", f"--home={home}", "--json").out.startswith("{")
    assert "77\n" in run("demo", "--home", str(home), stdin=b"/quit\n").out
    assert run("stats", "--home", str(tmp_path / "\udcff")).code == 2
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    "command",
    [
        ("search", "кафка"),
        ("search", "-"),
        ("similar", "1"),
        ("tags",),
        ("stats",),
        ("imports", "--json"),
        ("show", "1"),
        ("sql", "SELECT 1"),
        ("export", "copy.db"),
        ("copy", "--to", "copy"),
        ("doctor",),
        ("reindex",),
    ],
    ids=" ".join,
)
def test_a_mistyped_home_is_not_made(run: Run, tmp_path: Path, command: Sequence[str]) -> None:
    """Who only reads is told in one sentence that nothing is there, and nothing is made."""
    home = tmp_path / "mistyped"
    outcome = run(*command, home=home)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        f"letopis: There is no archive in {home} (No such file or directory): name its home folder "
        "with --home or LETOPIS_HOME, or create one there with letopis ingest EXPORT.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_cannot_be_is_refused(run: Run, tmp_path: Path) -> None:
    """A home below a file is one sentence and exit code 2."""
    (tmp_path / "file").touch()
    outcome = run("stats", home=tmp_path / "file" / "home")
    assert outcome.code == 2
    assert "--home" in outcome.err


def test_a_newer_archive_is_left_alone(run: Run, filled_home: Path) -> None:
    """An archive of a newer Letopis is refused and not touched."""
    with closing(sqlite3.connect(filled_home / "archive.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    outcome = run("search", "кафка")
    assert outcome.code == 2
    assert "newer" in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_file_that_is_no_archive_is_left_alone(run: Run, tmp_path: Path) -> None:
    """Whatever lies at archive.db is not overwritten."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "archive.db").write_bytes(b"my precious notes" * 500)
    outcome = run("ingest", str(sample_export()))
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert (home / "archive.db").read_bytes() == b"my precious notes" * 500


def test_a_home_that_can_only_be_read_is_read(
    run: Run, sample_home: Path, open_folder: Path, without_rights: Rights
) -> None:
    """Another person's archive, or one on a medium that is locked, answers all the same."""
    shutil.copy(sample_home / "archive.db", open_folder)
    (open_folder / "archive.db").chmod(0o444)
    open_folder.chmod(0o555)
    for command in (["stats"], ["imports"], ["tags"], ["show", "45"], ["sql", "SELECT 7"]):
        there = run(*command, home=sample_home)
        with without_rights():
            assert run(*command, home=open_folder) == there
        assert there.code == 0


def test_a_home_that_is_not_named_in_utf8_is_refused(run: Run, tmp_path: Path) -> None:
    """What the index cannot open is told before anything is written there."""
    outcome = run("ingest", str(sample_export()), home=tmp_path / os.fsdecode(b"caf\xe9"))
    assert (outcome.code, "is not UTF-8" in outcome.err) == (2, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("indexed", [True, False])
def test_a_home_that_can_only_be_read_is_searched(
    run: Run, sample_home: Path, open_folder: Path, without_rights: Rights, indexed: bool
) -> None:
    """Whether it has an index or not, another is built for the while; nothing is left there."""
    shutil.copy(sample_home / "archive.db", open_folder)
    if indexed:
        shutil.copytree(sample_home / "index", open_folder / "index")
    before = sorted(open_folder.rglob("*"))
    for path in (open_folder, *before):
        path.chmod(0o555 if path.is_dir() else 0o444)
    there = json.loads(run("search", "repartition", "--json", home=sample_home).out)
    with without_rights():
        here = json.loads(run("search", "repartition", "--json", home=open_folder).out)
    assert {**here, "took_ms": 0} == {**there, "took_ms": 0}
    assert sorted(open_folder.rglob("*")) == before


def test_a_home_that_is_closed_is_told_of(
    run: Run, open_folder: Path, without_rights: Rights
) -> None:
    """What may not be looked into holds no archive that could be read."""
    open_folder.chmod(0o000)
    with without_rights():
        read, places = run("stats", home=open_folder / "h"), run("where", home=open_folder / "h")
    assert (read.code, "(Permission denied)" in read.err) == (2, True)
    assert (places.code, places.out.count("(not there yet)")) == (0, 6)
