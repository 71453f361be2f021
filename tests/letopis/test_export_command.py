"""`letopis export` writes posts to a file: all, or those of a query, in the format of its name."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.letopis.conftest import Run


@pytest.mark.parametrize(
    ("args", "form"),
    [
        ("a.md", "md"),
        ("a.jsonl", "jsonl"),
        ("a.CSV", "csv"),
        ("a.ipynb", "ipynb"),
        ("notes/", "folder"),
        ("new/sub/a.md", "md"),
        ("a.txt --format csv", "csv"),
        ("a.md --format folder", "folder"),
        ("a.db", "db"),
        ("a.SQLite3", "db"),
    ],
)
def test_the_name_tells_the_format(
    run: Run, sample_home: Path, tmp_path: Path, args: str, form: str
) -> None:
    """Unless it is given."""
    name, *options = args.split()
    target = f"{tmp_path}/{name}"
    done = run("export", target, "--json", *options, home=sample_home)
    told = json.loads(done.out)
    assert (done.code, done.err, told["format"]) == (0, "", form)
    assert told["path"] == target.rstrip("/")
    assert Path(target).is_dir() is (form == "folder")
    assert told["posts"] == {"db": None, "ipynb": 25}.get(form, 77)


def test_an_empty_folder_is_filled(run: Run, sample_home: Path, tmp_path: Path) -> None:
    """A folder that exists needs no slash."""
    (tmp_path / "notes").mkdir()
    done = run("export", str(tmp_path / "notes"), home=sample_home)
    assert done.out == f"77 posts in {tmp_path / 'notes'}.\n"
    assert len([*(tmp_path / "notes").glob("*/*.md")]) == 77


def test_everything_is_in_reading_order(run: Run, sample_home: Path, tmp_path: Path) -> None:
    """Oldest first, headed by the channel, without what Telegram itself wrote."""
    run("export", str(tmp_path / "a.csv"), home=sample_home)
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    with closing(sqlite3.connect(sample_home / "archive.db")) as archive:
        known = archive.execute(
            "SELECT channel, CAST(message_id AS TEXT), text, coalesce(tags, ''),"
            " CAST(snippets AS TEXT), coalesce(media, '') FROM archive ORDER BY message_id"
        ).fetchall()
    columns = ("channel", "message_id", "text", "tags", "snippets", "media")
    assert [tuple(row[name] for name in columns) for row in rows] == known
    run("export", str(tmp_path / "a.md"), home=sample_home)
    assert (tmp_path / "a.md").read_text("utf-8").startswith("# Данные на заметку\n\n## ")


def test_a_query_is_exported_in_its_order(run: Run, sample_home: Path, tmp_path: Path) -> None:
    """All that a search lists, headed by the query; a tag is a query too."""
    target = tmp_path / "found.jsonl"
    run("export", str(target), "broadcast", "join", home=sample_home)
    answer = json.loads(
        run("search", "broadcast join", "--limit", "50", "--json", home=sample_home).out
    )
    lines = target.read_text("utf-8").splitlines()
    assert [json.loads(line)["post"]["message_id"] for line in lines] == [
        hit["message_id"] for hit in answer["hits"]
    ]
    run("export", str(tmp_path / "spark.md"), "#spark", "-соль", home=sample_home)
    text = (tmp_path / "spark.md").read_text("utf-8")
    assert text.startswith("# #spark -соль\n\n## ")
    assert (text.count("\n## "), "Соль" in text) == (4, False)


def test_the_first_ones_suffice(run: Run, sample_home: Path, tmp_path: Path) -> None:
    """Of everything, or of a query."""
    for query in ((), ("sql",)):
        target = tmp_path / f"{len(query)}.md"
        done = run("export", str(target), *query, "--limit", "2", home=sample_home)
        assert done.out == f"2 posts in {target}.\n"


def test_nothing_found_is_an_empty_file(run: Run, sample_home: Path, tmp_path: Path) -> None:
    """A program that reads it finds no posts; a person is told."""
    target = tmp_path / "none.jsonl"
    assert run("export", str(target), "on:1999", home=sample_home).out == f"0 posts in {target}.\n"
    assert target.read_bytes() == b""


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("notes",), "does not tell the format"),
        (("notes.txt",), "give --format"),
        (("copy.db", "spark"), "copy of the whole archive"),
        (("copy.db", "--limit", "2"), "copy of the whole archive"),
        (("there.md",), "exists already"),
        (("there.md/a.md",), "not a folder"),
        (("a.md", "--format", "pdf"), "one of 'md', 'folder'"),
        (("a.md", "--formt", "csv"), "--format"),
    ],
)
def test_what_cannot_be_exported_is_refused(
    run: Run, sample_home: Path, tmp_path: Path, args: tuple[str, ...], said: str
) -> None:
    """In a sentence; nothing is written."""
    (tmp_path / "there.md").touch()
    name, *others = args
    done = run("export", f"{tmp_path}/{name}", *others, home=sample_home)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert [path.name for path in tmp_path.iterdir() if path.name != "cache"] == ["there.md"]


def test_times_are_those_of_the_settings(
    run: Run, sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For people; programs get UTC."""
    monkeypatch.setenv("LETOPIS_TZ", "Asia/Tokyo")
    for name in ("a.md", "a.jsonl"):
        run("export", str(tmp_path / name), "--limit", "1", home=sample_home)
    assert "2023-02-07 01:20" in (tmp_path / "a.md").read_text("utf-8")
    assert "2023-02-06T16:20:45Z" in (tmp_path / "a.jsonl").read_text("utf-8")
