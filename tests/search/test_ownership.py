"""An index that another user may have written is not opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from db import PostStore
from model.errors import IndexForeign
from search import open_index
from search.ownership import _looked_through, make_private

_ME = os.geteuid()
_SOMEBODY = 4242


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a folder that holds a file in a folder."""
    folder = tmp_path / "index"
    (folder / "inside").mkdir(parents=True)
    (folder / "inside" / "file").touch(0o644)
    folder.chmod(0o755)
    (folder / "inside").chmod(0o755)
    return folder


def test_a_folder_is_made_private(tmp_path: Path, own: Path) -> None:
    """It is closed to others, whether it is new or was there."""
    for folder in (tmp_path / "a" / "b", own):
        assert make_private(folder, user=_ME) is None
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def _open_to_others(folder: Path) -> Path:
    folder.chmod(0o777)
    return folder


def _let_file_be_written(folder: Path) -> Path:
    path = folder / "inside" / "file"
    path.chmod(0o666)
    return path


def _lead_elsewhere(folder: Path) -> Path:
    path = folder / "inside" / "link"
    path.symlink_to("file")
    return path


def _move_elsewhere(folder: Path) -> Path:
    folder.rename(folder.with_name("moved"))
    folder.symlink_to("moved")
    return folder


def _make_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe", 0o600)
    return folder / "pipe"


@pytest.mark.parametrize(
    "change", [_open_to_others, _let_file_be_written, _lead_elsewhere, _move_elsewhere, _make_pipe]
)
def test_what_another_may_have_written_is_named(own: Path, change: Callable[[Path], Path]) -> None:
    """Rights of others, links and what is no file keep a folder from being opened."""
    path = change(own)
    assert make_private(own, user=_ME) == path


def test_a_closed_folder_may_hold_what_others_might_write(own: Path) -> None:
    """Nobody else comes to it."""
    _let_file_be_written(own)
    own.chmod(0o700)
    assert make_private(own, user=_ME) is None


def test_another_users_home_is_left_alone(tmp_path: Path) -> None:
    """Nothing is made there, by root no more than by others."""
    if _ME == 0:
        os.chown(tmp_path, _SOMEBODY + 1, -1)
    why = make_private(tmp_path / "index", user=_SOMEBODY)
    assert (why, list(tmp_path.iterdir())) == (tmp_path, [])


def test_another_users_folder_is_not_opened(open_folder: Path) -> None:
    """Nor one in a place that is everybody's."""
    assert open_folder.parent.stat().st_uid == 0
    assert make_private(open_folder, user=_SOMEBODY) == open_folder


def test_what_goes_meanwhile_is_passed_over(own: Path) -> None:
    """A process that writes removes files."""
    looked: Iterator[tuple[Path, os.stat_result]] = _looked_through(own)
    assert next(looked)[0] == own
    (own / "inside" / "file").unlink()
    assert [path.name for path, _ in looked] == ["inside"]


def test_nothing_is_asked_where_a_folder_has_no_owner(own: Path) -> None:
    """On Windows it has none."""
    assert make_private(_open_to_others(own), user=None) is None


def test_an_index_that_others_may_write_is_no_index(folder: Path, store: PostStore) -> None:
    """It is told which it is, and why."""
    folder.mkdir()
    folder.chmod(0o770)
    with pytest.raises(IndexForeign, match=r"index_foreign .*path=.*/index\)"):
        open_index(folder, store)
