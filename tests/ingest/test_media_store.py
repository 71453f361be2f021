"""Letopis's own copies of files are stored by content, complete or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import resource
import signal
import zipfile
from pathlib import Path

import pytest

from ingest.media_store import MediaStore
from ingest.zipped import ZippedPath, open_zip
from model.errors import ArchiveUnwritable

DATA = b"\x89PNG picture"
DIGEST = hashlib.sha256(DATA).hexdigest()
NAME = f"{DIGEST[:2]}/{DIGEST}.png"


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    """Return a store of files that holds none yet."""
    return MediaStore(tmp_path / "home" / "media")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Return a picture in an export."""
    path = tmp_path / "photo_1.png"
    path.write_bytes(DATA)
    return path


def zipped(picture: Path) -> ZippedPath:
    """Return the same picture inside a zip."""
    path = picture.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(picture, picture.name)
    [inside] = open_zip(path).iterdir()
    return inside


def kept(media: MediaStore) -> list[str]:
    """Return every file of the store, by its place."""
    files = [path for path in media.folder.rglob("*") if path.is_file()]
    return sorted(path.relative_to(media.folder).as_posix() for path in files)


def test_a_file_is_copied_under_its_digest(media: MediaStore, picture: Path) -> None:
    """A copy stays as it is, whatever becomes of the original."""
    assert media.keep_file(picture) == NAME
    with picture.open("r+b") as file:
        file.write(b"overwritten")
    found = media.find(NAME)
    assert found is not None
    assert found.read_bytes() == DATA
    assert kept(media) == [NAME]


def test_a_file_is_linked_on_request(media: MediaStore, picture: Path) -> None:
    """A link takes no room of its own, and outlives the export."""
    linking = MediaStore(media.folder, link=True)
    assert linking.keep_file(picture) == linking.keep_file(picture) == NAME
    found = media.find(NAME)
    assert found is not None
    assert found.samefile(picture)
    picture.unlink()
    assert found.read_bytes() == DATA
    assert kept(media) == [NAME]


def test_a_link_becomes_a_copy_when_copies_are_asked_for(media: MediaStore, picture: Path) -> None:
    """Links of an earlier import do not stay behind."""
    MediaStore(media.folder, link=True).keep_file(picture)
    media.keep_file(picture)
    found = media.find(NAME)
    assert found is not None
    assert not found.samefile(picture)
    assert found.read_bytes() == DATA


def test_the_same_file_is_kept_once(media: MediaStore, picture: Path) -> None:
    """From a folder, a zip or memory, the same bytes are one file."""
    names = {
        media.keep_bytes(DATA, ".png"),
        media.keep_file(picture),
        media.keep_file(zipped(picture)),
        media.keep_bytes(DATA, ".PNG"),
    }
    assert names == {NAME}
    assert kept(media) == [NAME]


@pytest.mark.parametrize("call", ["link", "copy_file_range"])
def test_a_file_is_copied_where_the_system_cannot_help(
    media: MediaStore, picture: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """A file on another disk is copied piece by piece."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, call, refuse)
    assert MediaStore(media.folder, link=call == "link").keep_file(picture) == NAME
    found = media.find(NAME)
    assert found is not None
    assert not found.samefile(picture)
    assert found.read_bytes() == DATA
    assert kept(media) == [NAME]


@pytest.mark.parametrize("way", ["file", "bytes"])
def test_a_kept_file_that_was_cut_short_is_made_whole(
    media: MediaStore, picture: Path, way: str
) -> None:
    """A file of the wrong length is replaced, whatever cut it."""
    media.keep_bytes(DATA, ".png")
    (media.folder / NAME).write_bytes(DATA[:3])
    if way == "file":
        media.keep_file(picture)
    else:
        media.keep_bytes(DATA, ".png")
    assert (media.folder / NAME).read_bytes() == DATA
    assert kept(media) == [NAME]


@pytest.mark.parametrize(
    ("suffix", "taken"),
    [
        (".jpg", ".jpg"),
        (".JPEG", ".jpeg"),
        (".tar", ".tar"),
        ("", ""),
        (".", ""),
        (".jpg/../x", ""),
        (".картинка", ""),
        (".a b", ""),
        (".abcdefghi", ""),
        ("..", ""),
        ("jpg", ""),
        (".jp\x00", ""),
        (".jpg\n", ""),
    ],
)
def test_only_a_plain_ending_is_taken_over(media: MediaStore, suffix: str, taken: str) -> None:
    """Of a file's own name nothing is kept but a short ASCII ending."""
    assert media.keep_bytes(DATA, suffix) == f"{DIGEST[:2]}/{DIGEST}{taken}"


@pytest.mark.parametrize(
    "name",
    ["", "../archive.db", "/etc/passwd", f"00/{DIGEST}.png", f"{NAME}/..", f"{NAME}\n", NAME],
)
def test_names_that_no_store_gives_lead_nowhere(media: MediaStore, name: str) -> None:
    """A name out of somebody's archive opens nothing outside of the folder."""
    media.keep_bytes(b"another", ".png")
    assert media.find(name) is None


def test_a_link_in_the_place_of_a_file_is_not_followed(media: MediaStore, picture: Path) -> None:
    """A symbolic link that bears the right name is no kept file."""
    (media.folder / NAME).parent.mkdir(parents=True)
    (media.folder / NAME).symlink_to(picture)
    assert media.find(NAME) is None
    media.keep_file(picture)
    assert media.find(NAME) is not None


def test_a_folder_that_cannot_be_written_is_told_in_words(picture: Path) -> None:
    """What stands in the way is named."""
    media = MediaStore(picture / "media")
    with pytest.raises(ArchiveUnwritable, match=r"media_unwritable .*photo_1\.png/media"):
        media.keep_file(picture)


def test_a_full_disk_leaves_no_half_file(media: MediaStore, tmp_path: Path) -> None:
    """A file for which there is no room is told of, and nothing of it stays."""
    big = tmp_path / "film.mp4"
    big.write_bytes(bytes(2**20))
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**19, limits[1]))
    try:
        with pytest.raises(ArchiveUnwritable, match=r"media_unwritable .*File too large"):
            media.keep_bytes(bytes(2**20), ".mp4")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert kept(media) == []


def test_a_file_that_cannot_be_read_is_no_fault_of_the_folder(
    media: MediaStore, picture: Path
) -> None:
    """A damaged member of a zip is an `OSError`, and leaves nothing behind."""
    inside = zipped(picture)
    path = picture.with_suffix(".zip")
    path.write_bytes(path.read_bytes().replace(DATA, b"X" * len(DATA)))
    with pytest.raises(OSError, match="damaged"):
        media.keep_file(inside)
    with pytest.raises(FileNotFoundError):
        media.keep_file(picture.with_name("none.png"))
    assert kept(media) == []
