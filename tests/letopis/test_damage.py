"""Every command over a damaged archive answers, or ends in a sentence that says what to do."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from letopis.sample import sample_export
from tests.damage import KINDS, damaged
from tests.letopis.conftest import Run

pytestmark = pytest.mark.slow

_COMMANDS = (
    ("search", "кафка"),
    ("search", "sort:new код"),
    ("similar", "45"),
    ("show", "45"),
    ("stats",),
    ("tags",),
    ("imports", "--problems"),
    ("sql", "SELECT * FROM archive"),
    ("export", "COPY"),
    ("copy", "--to", "COPY"),
    ("reindex",),
    ("ingest", str(sample_export())),
    ("doctor",),
)


def check_commands(run: Run, sample_home: Path, folder: Path, content: bytes) -> list[str]:
    """Run every command over an archive of these bytes, and return what failed."""
    failed = []
    for command in _COMMANDS:
        home = folder / "damaged"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(sample_home, home)
        (home / "archive.db").write_bytes(content)
        said = run(
            *(str(home / "copy.db") if each == "COPY" else each for each in command), home=home
        )
        assert "fault in Letopis" not in said.err, command
        if said.code:
            failed.append(command[0])
            if command != ("doctor",):
                assert said.code == 2, (command, said)
            if said.code == 2:
                assert said.err.count("letopis: ") == 1, (command, said)
                assert said.err.splitlines()[-1].endswith("."), (command, said)
    return failed


@pytest.mark.parametrize("kind", KINDS)
def test_damage_ends_in_a_sentence(run: Run, sample_home: Path, tmp_path: Path, kind: str) -> None:
    """Whatever a disk does to the file, no command ends in a fault of the program."""
    content = (sample_home / "archive.db").read_bytes()
    check_commands(run, sample_home, tmp_path, damaged(content, kind=kind, seed=1))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 8))
@pytest.mark.parametrize("kind", KINDS)
def test_damage_of_any_page_ends_in_a_sentence(
    run: Run, sample_home: Path, tmp_path: Path, kind: str, seed: int
) -> None:
    """Forty damages, and what one command stumbles over, `doctor` finds."""
    content = (sample_home / "archive.db").read_bytes()
    failed = check_commands(run, sample_home, tmp_path, damaged(content, kind=kind, seed=seed))
    assert not failed or "doctor" in failed


@pytest.mark.measured
@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            "UPDATE posts SET text = CAST(x'FF' AS TEXT) WHERE post_id = 1",
            "A text in the column text of posts is not UTF-8.",
        ),
        (
            "UPDATE posts SET posted_at = '2024-13-01T00:00:00Z' WHERE post_id = 1",
            "A value in the column posted_at of posts makes no sense.",
        ),
        (
            'UPDATE posts SET entities = \'[{"kind": "bold"\' WHERE post_id = 1',
            "A value in the column entities of posts makes no sense.",
        ),
        (
            'UPDATE posts SET entities = \'[{"kind": "b0ld", "start": 0, "end": 1}]\'',
            "A value in the column entities of posts makes no sense.",
        ),
        (
            'UPDATE posts SET entities = \'[{"kind": "bold", "start": "0", "end": 1}]\'',
            "A value in the column entities of posts makes no sense.",
        ),
        ("UPDATE media SET kind = 'phot0'", "A value in the column kind of media makes no sense."),
        ("UPDATE links SET kind = ''", "A value in the column kind of links makes no sense."),
        (
            "UPDATE archive_info SET value = '1O' WHERE name = 'last_seq'",
            "A value in the column value of archive_info makes no sense.",
        ),
    ],
)
def test_values_that_make_no_sense_are_damage(
    run: Run, sample_home: Path, tmp_path: Path, statement: str, fault: str
) -> None:
    """A row that SQLite reads and nobody understands is told of as what it is."""
    home = tmp_path / "copy"
    shutil.copytree(sample_home, home)
    with closing(sqlite3.connect(home / "archive.db")) as archive:
        archive.executescript(statement)
    said = run("doctor", home=home)
    assert f"archive: {fault}" in said.out.splitlines()
    assert "archive: damaged; replace it with a copy" in said.out
    assert said.code
    for command in (("reindex",), ("search", "sort:old код"), ("stats",)):
        said = run(*command, home=home)
        assert said.code in {0, 2}
        assert "fault in Letopis" not in said.err


@pytest.mark.measured
@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM archive_info WHERE name = 'archive_id'", "DELETE FROM alembic_version"],
)
def test_an_archive_without_its_marks_is_damaged(
    run: Run, sample_home: Path, tmp_path: Path, statement: str
) -> None:
    """Where the file does not say which it is, that is said, and what to do."""
    home = tmp_path / "copy"
    shutil.copytree(sample_home, home)
    with closing(sqlite3.connect(home / "archive.db")) as archive:
        archive.executescript(statement)
    said = run("doctor", home=home)
    assert said.code == 2
    assert "archive.db is damaged or not an SQLite database; restore it from a backup" in said.err


@pytest.mark.measured
def test_the_doctor_looks_at_what_is_the_bots(run: Run, sample_home: Path, tmp_path: Path) -> None:
    """The bot's own file is checked as the archive is, and posts that wait are counted."""
    from db.bot_store import open_bot_store

    home = tmp_path / "copy"
    shutil.copytree(sample_home, home)
    open_bot_store(home / "bot.db").close()
    (home / "spool").mkdir()
    (home / "spool" / "1.json").touch()
    said = run("doctor", home=home)
    assert f"spool: 1 post in {home / 'spool'} for the bot to archive" in said.out
    assert said.code == 0
    with closing(sqlite3.connect(home / "bot.db")) as state:
        state.executescript(
            "INSERT INTO search_sessions VALUES ('a', 1, 1, 'q', 'no JSON', '', '')"
        )
    said = run("doctor", home=home)
    assert "bot.db: A value in the column state of search_sessions makes no sense." in said.out
    assert "bot.db: damaged; replace it with a backup, or move it away" in said.out
    assert said.code == 1
    (home / "bot.db").write_bytes(b"")
    assert "bot.db is empty (0 bytes)" in run("doctor", home=home).err
