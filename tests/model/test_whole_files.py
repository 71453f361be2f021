"""A file is there whole or not at all, and what a kill leaves behind is removed."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from model.whole_files import making, making_folder


def names(folder: Path) -> list[str]:
    """Return the names of what lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def write(target: Path, content: bytes, *, replaces: bool = False) -> None:
    """Write a file."""
    with making(target.parent) as part:
        part.file.write(content)
        part.put(target, replaces=replaces)


def test_a_file_has_its_name_when_it_is_whole(tmp_path: Path) -> None:
    """Until then nothing bears its name; nobody but the owner may read it."""
    target = tmp_path / "file"
    with making(tmp_path) as part:
        part.file.write(b"half")
        assert not target.exists()
        part.file.write(b", whole")
        part.put(target, replaces=False)
    assert target.read_bytes() == b"half, whole"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("code", [None, errno.EPERM], ids=["links", "no links"])
def test_another_file_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int | None
) -> None:
    """Who came first keeps the name, on every kind of disk, unless replacing is what is wanted."""

    def refuse(*_: object) -> None:
        raise OSError(code, "no")

    if code:
        monkeypatch.setattr(os, "link", refuse)
    target = tmp_path / "file"
    write(target, b"one")
    with pytest.raises(FileExistsError):
        write(target, b"two")
    assert target.read_bytes() == b"one"
    write(target, b"three", replaces=True)
    assert target.read_bytes() == b"three"
    assert names(tmp_path) == ["file"]


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    """What could not be finished is removed."""
    with suppress(ZeroDivisionError), making(tmp_path) as part:
        part.file.write(b"half")
        raise ZeroDivisionError
    assert names(tmp_path) == []


def test_leftovers_of_a_killed_program_are_swept(tmp_path: Path) -> None:
    """The next file that is made removes them, and nothing else, not even what is in the making."""
    program = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom model.whole_files import making\n"
        "with making(Path(sys.argv[1])) as part:\n"
        "    part.path.with_name(part.path.name + '-journal').touch()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, tmp_path], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(names(tmp_path)) == 2
    (tmp_path / ".part-mine").touch()
    (tmp_path / ".part-0123456789abcdef").mkdir()
    with making(tmp_path) as first:
        first.file.write(b"first")
        write(tmp_path / "second", b"second")
        first.put(tmp_path / "first", replaces=False)
    assert names(tmp_path) == [".part-0123456789abcdef", ".part-mine", "first", "second"]


def test_a_folder_has_its_name_when_it_is_whole(tmp_path: Path) -> None:
    """Until then nothing bears its name; an empty folder of that name is replaced."""
    target = tmp_path / "notes"
    target.mkdir()
    with making_folder(target) as folder:
        (folder / "one").touch()
        assert names(target) == []
    assert names(target) == ["one"]
    assert names(tmp_path) == ["notes"]


@pytest.mark.parametrize("taken_by", ["a file", "a folder"])
def test_another_folder_is_not_replaced(tmp_path: Path, taken_by: str) -> None:
    """Nor is a file."""
    target = tmp_path / "notes"
    if taken_by == "a file":
        target.touch()
    else:
        (target / "mine").mkdir(parents=True)
    with pytest.raises(FileExistsError), making_folder(target):
        pass
    assert names(tmp_path) == ["notes"]


def test_a_folder_that_cannot_be_named_is_removed(tmp_path: Path) -> None:
    """The system's reason is told."""
    with pytest.raises(OSError, match="too long"), making_folder(tmp_path / ("x" * 300)):
        pass
    assert names(tmp_path) == []


def test_a_folder_left_by_a_killed_program_is_swept(tmp_path: Path) -> None:
    """The next folder that is made removes it, and nothing else, not even one in the making."""
    left = tmp_path / ".parts-0123456789abcdef"
    (left / "channel").mkdir(parents=True)
    others = [".parts-0123456789abcdee", ".parts-mine"]
    (tmp_path / others[0]).symlink_to(tmp_path)
    (tmp_path / others[1]).mkdir()
    with making_folder(tmp_path / "first") as first:
        (first / "one").touch()
        with making_folder(tmp_path / "second") as second:
            (second / "two").touch()
    assert names(tmp_path) == [*others, "first", "second"]
    assert names(tmp_path / "first") == ["one"]
