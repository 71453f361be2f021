"""A zip of an export is read like its folder, and a hostile one does no harm."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import open_source, run_import, zipped
from ingest.files import ExportPath
from model.errors import SourceError
from model.posts import BadMessage, Post
from model.rich_text import RichText
from tests.ingest.web_pages import web_message, web_text, write_web
from tests.mirror.messages import MirrorMessage
from tests.mirror.tdesktop_html import write_export
from tests.mirror.telegram_json import JsonChat, write_account, write_chat
from tests.new_databases import new_archive

PAGE = "messages.html"


def messages(count: int = 5) -> list[MirrorMessage]:
    """Return messages an hour apart."""
    start = datetime(2024, 3, 5, 12, tzinfo=UTC)
    return [
        MirrorMessage(
            post=Post(
                message_id=number,
                posted_at=start + timedelta(hours=number),
                content=RichText(f"запись {number}"),
            )
        )
        for number in range(1, count + 1)
    ]


def html_export(folder: Path) -> Path:
    """Write an HTML export of three pages."""
    return write_export(folder, title="Канал", messages=messages(), page_size=2, files=True)


def json_export(folder: Path) -> Path:
    """Write a JSON export."""
    folder.mkdir(parents=True)
    write_chat(folder / "result.json", JsonChat(title="Канал", messages=messages()))
    return folder


def web_pages(folder: Path) -> Path:
    """Write a saved page."""
    folder.mkdir(parents=True)
    write_web(folder / "page.html", web_message(1, web_text("слова")))
    return folder


def pack(folder: Path, path: Path, *, inside: str = "") -> Path:
    """Pack a folder into a zip, below the folder `inside` of it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, inside + file.relative_to(folder).as_posix())
    return path


def one_page(folder: Path) -> bytes:
    """Return a whole page of an HTML export."""
    write_export(folder, title="Канал", messages=messages())
    return (folder / PAGE).read_bytes()


@pytest.mark.parametrize("inside", ["", "ChatExport_2024-03-05/", "a/b/ChatExport_2024-03-05/"])
@pytest.mark.parametrize("write", [html_export, json_export, web_pages])
def test_zip_is_read_like_its_folder(tmp_path: Path, write: object, inside: str) -> None:
    """An export gives the same posts and facts from a zip as from its folder."""
    assert callable(write)
    folder = write(tmp_path / "x" / (inside.strip("/") or "export"))
    of_folder = open_source(folder)
    of_zip = open_source(pack(folder, tmp_path / "export.zip", inside=inside))
    assert list(of_zip.messages(jobs=2)) == list(of_folder.messages())
    assert of_zip.path == tmp_path / "export.zip"
    assert (of_zip.format, of_zip.channel, of_zip.total, of_zip.whole, of_zip.zoned) == (
        of_folder.format,
        of_folder.channel,
        of_folder.total,
        of_folder.whole,
        of_folder.zoned,
    )
    assert of_zip.as_of >= of_folder.as_of or not inside


def test_zip_is_told_by_content(tmp_path: Path) -> None:
    """A zip is opened whatever its name is."""
    path = pack(html_export(tmp_path / "export"), tmp_path / "download")
    assert open_source(path).total == 5


def test_account_in_a_zip_needs_a_name(tmp_path: Path) -> None:
    """The named channel of an account is read from a zip too."""
    folder = tmp_path / "DataExport"
    folder.mkdir()
    chats = [
        JsonChat(title=title, messages=messages(1), telegram_id=n)
        for n, title in ((1, "А"), (2, "Б"))
    ]
    write_account(folder / "result.json", chats)
    path = pack(folder, tmp_path / "account.zip")
    assert open_source(path, channel="Б").channel.telegram_id == 2


def test_zip_is_imported_and_recognised(tmp_path: Path) -> None:
    """A zip is imported once; the same pages in a folder are known by their content."""
    folder = html_export(tmp_path / "export")
    path = pack(folder, tmp_path / "export.zip")
    with new_archive(tmp_path / "archive.db") as store:
        first = run_import(store, path, jobs=2)
        again = run_import(store, path)
        unpacked = run_import(store, folder)
    assert (first.added, first.files_read) == (5, 3)
    assert (again.unchanged, again.files_skipped) == (5, 3)
    assert (unpacked.unchanged, unpacked.files_skipped) == (5, 3)


def test_places_inside_behave_like_paths(tmp_path: Path) -> None:
    """A place inside of a zip answers what readers ask of a path."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/b.txt", "слова")
        archive.mkdir("empty")
    root = zipped.open_zip(path)
    [folder] = root.iterdir()
    [file] = folder.iterdir()
    places: list[ExportPath] = [root, folder, file]
    assert [place.name for place in places] == ["export", "a", "b.txt"]
    assert [str(place) for place in places] == [str(path), f"{path}/a", f"{path}/a/b.txt"]
    assert [place.suffix for place in places] == ["", "", ".txt"]
    assert [place.is_dir() for place in places] == [True, True, False]
    assert [place.is_file() for place in places] == [False, False, True]
    assert all(place.exists() and not place.is_symlink() for place in places)
    assert not root.parent.parent.is_file()
    assert file.parent == folder
    assert len({file, *folder.iterdir()}) == 1
    assert file.absolute().as_posix() == f"{path.as_posix()}/a/b.txt"
    assert file.stat().st_size == 10
    assert file.read_bytes().decode() == "слова"
    assert list(file.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    [
        "../messages.html",
        "a/../../messages.html",
        "/messages.html",
        "C:/messages.html",
        "C:\\messages.html",
        "..\\messages.html",
        "messages.html\0.txt",
        "x/" * 40 + "messages.html",
        "./",
        "",
    ],
)
def test_names_that_lead_elsewhere_are_left_out(tmp_path: Path, name: str) -> None:
    """A member whose name leads out of the zip is not there."""
    path = tmp_path / "export.zip"
    content = one_page(tmp_path / "export")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
        member = zipfile.ZipInfo("name")
        member.filename = name
        with suppress(IndexError):
            archive.writestr(member, content)
    with pytest.raises(SourceError, match="no_export"):
        open_source(path)


def test_backslashes_of_old_packers_are_slashes(tmp_path: Path) -> None:
    """A zip packed by an old program for Windows is read."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        member = zipfile.ZipInfo("x")
        member.filename = "ChatExport\\messages.html"
        archive.writestr(member, one_page(tmp_path / "export"))
    assert open_source(path).total == 5


def test_links_are_left_out(tmp_path: Path) -> None:
    """A symbolic link in a zip is not followed, and not read."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        member = zipfile.ZipInfo(PAGE)
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, one_page(tmp_path / "export"))
    with pytest.raises(SourceError, match="no_export"):
        open_source(path)


def test_same_name_twice_is_refused(tmp_path: Path) -> None:
    """Two members of one name could say two things; such a zip is refused."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(PAGE, one_page(tmp_path / "export"))
        member = zipfile.ZipInfo("x")
        member.filename = "./" + PAGE
        archive.writestr(member, "other")
    with pytest.raises(SourceError, match=r"zip_twice .*messages\.html"):
        open_source(path)


def test_archive_inside_is_named(tmp_path: Path) -> None:
    """A zip that holds only another archive says to unpack it."""
    path = tmp_path / "outer.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner/Export.ZIP", b"PK")
    with pytest.raises(SourceError, match=r"zip_nested .*inner/Export\.ZIP"):
        open_source(path)


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    """A zip of more members than an export has is refused before any is read."""
    path = pack(html_export(tmp_path / "export"), tmp_path / "many.zip")
    with pytest.raises(SourceError, match=r"zip_too_many .*most=3"):
        zipped.open_zip(path, limits=zipped.Limits(entries=3))


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500, b"PK\x05\x06" + b"\0" * 10],
)
def test_broken_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    """A file that only begins like a zip is refused in a sentence."""
    path = tmp_path / "export.zip"
    path.write_bytes(content)
    with pytest.raises(SourceError, match="zip_damaged"):
        open_source(path)


def test_empty_zip_holds_no_export(tmp_path: Path) -> None:
    """An empty zip is refused as an empty folder is."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w"):
        pass
    with pytest.raises(SourceError, match="no_export"):
        open_source(path)


def test_password_is_told(tmp_path: Path) -> None:
    """A zip protected by a password is refused with what to do."""
    path = pack(html_export(tmp_path / "export"), tmp_path / "export.zip")
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = content.find(mark)
        while start >= 0:
            content[start + place] |= 1
            start = content.find(mark, start + 1)
    path.write_bytes(bytes(content))
    with pytest.raises(SourceError, match="zip_locked"):
        open_source(path)


def test_damaged_member_is_told(tmp_path: Path) -> None:
    """A zip in which a page is damaged is refused with the page's name."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(PAGE, one_page(tmp_path / "export"))
    content = path.read_bytes()
    path.write_bytes(content.replace("запись 5".encode(), "запись 6".encode()))
    with pytest.raises(SourceError, match="zip_damaged"):
        open_source(path)


def test_member_packed_in_an_unknown_way_is_told(tmp_path: Path) -> None:
    """A zip packed by a method that nobody knows is refused."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(PAGE, one_page(tmp_path / "export"))
    content = path.read_bytes()
    method = struct.pack("<H", 77)
    local, central = content.find(b"PK\x03\x04"), content.find(b"PK\x01\x02")
    content = content[: local + 8] + method + content[local + 10 :]
    content = content[: central + 10] + method + content[central + 12 :]
    path.write_bytes(content)
    with pytest.raises(SourceError, match="zip_damaged"):
        open_source(path)


def bomb(path: Path, name: str, *, start: bytes, size: int) -> Path:
    """Write a zip whose member unpacks to `size` blanks after `start`."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w") as file,
    ):
        file.write(start)
        block = b" " * 2**20
        for _ in range(size >> 20):
            file.write(block)
    return path


def test_bomb_is_recognised_by_its_ratio(tmp_path: Path) -> None:
    """A member that unpacks to hundreds of times its size is given up on early."""
    page = one_page(tmp_path / "export")
    path = bomb(tmp_path / "bomb.zip", PAGE, start=page, size=30 * 2**20)
    with pytest.raises(SourceError, match="zip_bomb"):
        open_source(path)


def test_small_members_may_be_packed_tightly(tmp_path: Path) -> None:
    """A small page of blanks is no bomb."""
    page = one_page(tmp_path / "export")
    path = bomb(tmp_path / "small.zip", PAGE, start=page, size=5 * 2**20)
    assert open_source(path).total == 5


def read_all(folder: zipped.ZippedPath) -> None:
    """Read every file of a folder, twice and in the order of their names."""
    for file in sorted(folder.iterdir(), key=lambda each: each.name) * 2:
        file.read_bytes()


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (zipped.Limits(page=9), r"zip_too_big .*a/x\.html, most=9"),
        (zipped.Limits(page=9, total=99), r"zip_too_big .*a/x\.html, most=9"),
        (
            zipped.Limits(total=19, growth=0),
            "zip_too_big .*most=19",
        ),
        (zipped.Limits(ratio_from=9, ratio=0), "zip_bomb"),
    ],
)
def test_limits_count_what_really_comes_out(
    tmp_path: Path, limits: zipped.Limits, sentence: str
) -> None:
    """Every limit is one of bytes read, each byte of a member counted once."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/x.html", b"0123456789")
        archive.writestr("a/y.html", b"0123456789")
    [folder] = zipped.open_zip(path, limits=limits).iterdir()
    with pytest.raises(SourceError, match=sentence):
        read_all(folder)


def test_reading_twice_counts_once(tmp_path: Path) -> None:
    """What is read again, from its beginning or whole, is not counted again."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.html", b"0123456789")
    [file] = zipped.open_zip(path, limits=zipped.Limits(total=10, growth=0)).iterdir()
    with file.open("rb") as opened:
        assert opened.read(4) == b"0123"
    assert [file.read_bytes() for _ in range(3)] == [b"0123456789"] * 3


def test_what_is_streamed_may_be_as_long_as_all(tmp_path: Path) -> None:
    """The limit of a page does not hold for JSON and films, which are never in memory."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("film.mp4", b"0123456789")
    [file] = zipped.open_zip(path, limits=zipped.Limits(page=9)).iterdir()
    with file.open("rb") as opened:
        assert list(iter(partial(opened.read, 4), b"")) == [b"0123", b"4567", b"89"]


def test_a_large_zip_may_hold_more(tmp_path: Path) -> None:
    """A zip full of films and pictures may be read whole: it grows little by unpacking."""
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("film.mp4", b"0123456789" * 100)
    [file] = zipped.open_zip(path, limits=zipped.Limits(total=9)).iterdir()
    assert len(file.read_bytes()) == 1000


def _sample() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("messages.html", "messages2.html"):
            page = '<title>Exported Data</title><div class="page_wrap"><div class="history">'
            archive.writestr(name, page + web_text("слова") * 20)
        archive.writestr("a/result.json", '{"messages": [{"id": 1}]}')
    return buffer.getvalue()


_SAMPLE = _sample()
_edits = st.lists(
    st.tuples(st.integers(0, len(_SAMPLE)), st.integers(0, 6), st.binary(max_size=6)),
    min_size=1,
    max_size=5,
)


@given(edits=_edits)
def test_nothing_breaks_on_mangled_bytes(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int, bytes]]
) -> None:
    """Whatever became of a zip, there are posts and problems, or one sentence of refusal."""
    content = _SAMPLE
    for place, length, replacement in edits:
        content = content[:place] + replacement + content[place + length :]
    path = tmp_path_factory.getbasetemp() / "mangled.zip"
    path.write_bytes(content)
    with suppress(SourceError):
        items = list(open_source(path).messages())
        assert all(isinstance(item, Post | BadMessage) for item in items)
