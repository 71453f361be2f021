"""`letopis watch` imports what appears in a folder, once it is complete."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from ingest import ImportReport
from letopis.watching import FolderWatch, Waiting, take_in
from model.errors import SourceError
from model.messages import Code
from tests.ingest.exports import message, page, write_pages
from tests.letopis.conftest import Run
from tests.new_databases import new_archive


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder to watch."""
    path = tmp_path / "sync"
    path.mkdir()
    return path


def export_in(folder: Path, name: str = "ChatExport_2026-11-20") -> Path:
    """Put a small export into a folder."""
    (folder / name).mkdir(exist_ok=True)
    return write_pages(folder / name, {"messages.html": page(message(1, "Words"))})


def zipped(folder: Path, tmp_path: Path) -> bytes:
    """Return the bytes of a zipped export."""
    made = shutil.make_archive(str(tmp_path / "made"), "zip", export_in(tmp_path))
    return Path(made).read_bytes()


@pytest.fixture
def look(folder: Path, tmp_path: Path) -> Iterator[Callable[[], list[ImportReport | Waiting]]]:
    """Return a function that looks at the folder once, and returns what came of it."""
    watch = FolderWatch(folder, notes=tmp_path / "watched.json")
    with new_archive(tmp_path / "archive.db") as store:
        yield lambda: list(take_in(watch, store, importing=nullcontext))


Look = Callable[[], list[ImportReport | Waiting]]


def test_an_export_is_imported_once_it_stays_the_same(folder: Path, look: Look) -> None:
    """After two looks that see the same, and never again."""
    export = export_in(folder)
    assert look() == []
    write_pages(export, {"messages2.html": page(message(2, "More"))})
    assert look() == []
    [report] = look()
    assert isinstance(report, ImportReport)
    assert report.added == 2
    assert look() == look() == []
    (export / "messages2.html").write_text(page(message(2, "Other words")))
    assert look() == []
    [report] = look()
    assert isinstance(report, ImportReport)
    assert report.text_changed == 1


def test_a_zip_is_imported_once_it_has_its_end(folder: Path, tmp_path: Path, look: Look) -> None:
    """A synchronisation may pause for long."""
    content = zipped(folder, tmp_path)
    path = folder / "export.zip"
    path.write_bytes(content[:200])
    assert look() == look() == look() == []
    path.write_bytes(content)
    assert look() == []
    [report] = look()
    assert isinstance(report, ImportReport)
    assert report.added == 1


def test_other_things_in_the_folder_are_passed_over(folder: Path, look: Look) -> None:
    """Without a word."""
    (folder / "notes.txt").write_text("x")
    (folder / ".export.zip").write_text("x")
    (folder / "page.html").write_text("<html>")
    (folder / "data.json").write_text("{}")
    (folder / "pictures").mkdir()
    (folder / "result.json.part").write_text("{")
    assert look() == look() == look() == []


def test_an_export_that_needs_an_answer_waits(folder: Path, look: Look) -> None:
    """It is told of once, and again when it changes."""
    for name in ("first", "second"):
        write_pages(folder / "both" / name, {"messages.html": page(message(1, name))})
    look()
    [waiting] = look()
    assert isinstance(waiting, Waiting)
    assert (waiting.path, waiting.message.code) == (folder / "both", Code.SEVERAL_EXPORTS)
    assert look() == []


def test_a_file_that_vanishes_is_nothing(folder: Path, look: Look) -> None:
    """As one that is renamed between two looks."""
    (folder / "result.json").symlink_to(folder / "gone.json")
    export_in(folder)
    look()
    shutil.rmtree(folder / "ChatExport_2026-11-20")
    assert look() == []


@pytest.mark.parametrize("notes", [b"", b"[]", b"{"])
def test_damaged_notes_cost_only_time(
    folder: Path, tmp_path: Path, look: Look, notes: bytes
) -> None:
    """The import knows its files by itself."""
    export_in(folder)
    look()
    look()
    (tmp_path / "watched.json").write_bytes(notes)
    [report] = look()
    assert isinstance(report, ImportReport)
    assert (report.added, report.files_skipped) == (0, 1)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """It may be mistyped."""
    watch = FolderWatch(tmp_path / "absent", notes=tmp_path / "watched.json")
    with pytest.raises(SourceError):
        watch.look()


def test_the_command_takes_in_what_is_there(run: Run, folder: Path) -> None:
    """What waits is named; a further run has nothing to do."""
    export_in(folder)
    for name in ("first", "second"):
        write_pages(folder / "both" / name, {"messages.html": page(message(1, name))})
    outcome = run("watch", str(folder), "--once", "--every", "0.01")
    assert outcome.code == 0
    assert "added 1, changed 0" in outcome.out
    assert f"{folder / 'both'}: " in outcome.err
    assert run("search", "words").out.startswith("1 post")
    assert run("watch", str(folder), "--once").out == ""


def test_every_export_is_a_line_of_json(run: Run, folder: Path) -> None:
    """A program reads each report as soon as it is there."""
    export_in(folder)
    export_in(folder, "ChatExport_2026-11-21")
    outcome = run("watch", str(folder), "--once", "--every", "0.01", "--json")
    assert [json.loads(line)["added"] for line in outcome.out.splitlines()] == [1, 0]
