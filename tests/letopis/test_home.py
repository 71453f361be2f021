"""The home folder and its lock."""

from __future__ import annotations

from pathlib import Path
from stat import S_IMODE

import pytest

from letopis.home import Home
from model.errors import ArchiveBusy, ArchiveUnwritable


def never() -> None:
    """Fail if called."""
    pytest.fail("waited without need")


def test_a_home_is_private(tmp_path: Path) -> None:
    """The folder is made for its owner alone, parents included."""
    home = Home(tmp_path / "a" / "b")
    home.make()
    home.make()
    assert S_IMODE(home.folder.stat().st_mode) == 0o700


def test_a_home_under_a_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    """What cannot be a folder is named."""
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveUnwritable, match=r"home_unwritable .*file/home"):
        Home(tmp_path / "file" / "home").make()


def test_a_second_writer_waits_and_then_says_so(tmp_path: Path) -> None:
    """One import at a time: the second is told once, and gives up when its patience ends."""
    home, waited = Home(tmp_path), []
    with home.writing(wait=0, on_wait=never):
        second = home.writing(wait=0.05, on_wait=lambda: waited.append(1))
        with pytest.raises(ArchiveBusy, match="import_runs"), second:
            pytest.fail("two writers")
    assert waited == [1]
    with home.writing(wait=0, on_wait=never):
        pass


def test_a_home_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A lock that cannot be made is a permission told in words."""
    home = Home(tmp_path)
    (tmp_path / "import.lock").mkdir()
    (tmp_path / "fetch.lock").mkdir()
    refused = pytest.raises(ArchiveUnwritable, match="home_unwritable")
    with refused, home.writing(wait=0, on_wait=never):
        pytest.fail("written")
    with refused, home.fetching():
        pytest.fail("fetched")


def test_all_paths_lie_inside(tmp_path: Path) -> None:
    """The archive, the bot's state, the index, media and settings are one folder."""
    home = Home(tmp_path)
    places = (home.archive, home.bot_state, home.index, home.media, home.settings)
    assert {place.parent for place in places} == {tmp_path}
