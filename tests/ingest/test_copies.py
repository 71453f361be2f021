"""Attached files are copied when that is asked for, and none from outside of the export."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from db import PostStore
from ingest import ImportReport, MediaCount, MediaStore, check_copies, run_import
from model.errors import SourceError
from tests.ingest.exports import message, page, write_pages
from tests.new_databases import new_archive


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PostStore]:
    """Open an empty archive."""
    with new_archive(tmp_path / "home" / "archive.db") as opened:
        yield opened


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    """Return a place for copies."""
    return MediaStore(tmp_path / "home" / "media")


def export(folder: Path, **files: bytes | None) -> Path:
    """Write an export of photos by their names and bytes; `None` is a photo that is not there."""
    (folder / "photos").mkdir(parents=True)
    for name, data in files.items():
        if data is not None:
            (folder / f"photos/{name}.jpg").write_bytes(data)
    return rewrite(folder, *({"photo": f"photos/{name}.jpg"} for name in files))


def rewrite(folder: Path, *media: dict[str, Any]) -> Path:
    """Write the data of an export: one message for each attachment."""
    folder.mkdir(parents=True, exist_ok=True)
    messages = [
        {"id": number, "type": "message", "date_unixtime": str(1709625600 + number), "text": ""}
        | told
        for number, told in enumerate(media, 1)
    ]
    chat = {"name": "Канал", "type": "public_channel", "id": 7, "messages": messages}
    (folder / "result.json").write_text(json.dumps(chat))
    return folder


def copies(store: PostStore, media: MediaStore, report: ImportReport) -> list[bytes | None]:
    """Return what the copies of the posts hold, in the posts' order."""
    found = []
    for number in store.message_ids(report.channel_id or 0, first_id=0, last_id=99):
        archived = store.find(report.channel_id or 0, number)
        assert archived is not None
        [attachment] = archived.post.media
        path = media.find(attachment.copy) if attachment.copy else None
        found.append(path.read_bytes() if path else None)
    return found


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_files_are_copied(
    store: PostStore, media: MediaStore, tmp_path: Path, *, packed: bool
) -> None:
    """Every file that is there is kept beside the archive, the same one once."""
    path = export(tmp_path / "export", a=b"one", b=b"two", c=b"one")
    if packed:
        path = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", path))
    report = run_import(store, path, copies=media)
    assert report.media == MediaCount(copied=3)
    assert copies(store, media, report) == [b"one", b"two", b"one"]
    assert len(set(store.copies(report.channel_id or 0))) == 2


def test_pages_lead_to_their_files(store: PostStore, media: MediaStore, tmp_path: Path) -> None:
    """A file that a page names is found beside the page."""
    photo = '</div><div class="media_wrap"><a class="photo_wrap" href="photos/a.jpg"></a>'
    folder = write_pages(tmp_path / "a/b", {"messages.html": page(message(1, photo))})
    (folder / "photos").mkdir()
    (folder / "photos/a.jpg").write_bytes(b"picture")
    report = run_import(store, tmp_path / "a", copies=media)
    assert copies(store, media, report) == [b"picture"]


def test_nothing_is_copied_unasked(store: PostStore, media: MediaStore, tmp_path: Path) -> None:
    """Without the wish for copies there are none, and files that are not there are no matter."""
    report = run_import(store, export(tmp_path / "export", a=b"one", b=None))
    assert report.media == MediaCount()
    assert not media.folder.exists()


def test_dry_run_copies_nothing(store: PostStore, media: MediaStore, tmp_path: Path) -> None:
    """A dry run looks for the files, and leaves them where they are."""
    folder = export(tmp_path / "export", a=b"one", b=None)
    report = run_import(store, folder, copies=media, dry_run=True)
    assert (report.media.copied, report.media.missing) == (1, 1)
    assert not media.folder.exists()


def test_files_are_copied_after_the_import(
    store: PostStore, media: MediaStore, tmp_path: Path
) -> None:
    """An export that is known already is read again for its files, and then never again."""
    folder = export(tmp_path / "export", a=b"one")
    run_import(store, folder)
    report = run_import(store, folder, copies=media)
    assert (report.changed, report.media.copied, report.files_skipped) == (1, 1, 0)
    assert copies(store, media, report) == [b"one"]
    for again in (run_import(store, folder, copies=media), run_import(store, folder)):
        assert (again.changed, again.files_skipped) == (0, 1)
    assert copies(store, media, report) == [b"one"]


def test_lost_copies_are_made_again(store: PostStore, media: MediaStore, tmp_path: Path) -> None:
    """A folder of copies that was emptied fills again."""
    folder = export(tmp_path / "export", a=b"one", b=b"two")
    report = run_import(store, folder, copies=media)
    shutil.rmtree(media.folder)
    assert run_import(store, folder, copies=media).media.copied == 2
    assert copies(store, media, report) == [b"one", b"two"]


def test_later_import_without_files_keeps_the_copies(
    store: PostStore, media: MediaStore, tmp_path: Path
) -> None:
    """An export made without files takes no copy away."""
    report = run_import(store, export(tmp_path / "a", a=b"one"), copies=media)
    absent = "(File not included. Change data exporting settings to download.)"
    later = rewrite(tmp_path / "b", {"photo": absent}, {"photo": absent})
    assert run_import(store, later, copies=media).media == MediaCount(not_included=2)
    assert copies(store, media, report) == [b"one", None]


def test_files_that_are_not_there_are_said(
    store: PostStore, media: MediaStore, tmp_path: Path
) -> None:
    """Missing files are counted and named, and looked for again the next time."""
    folder = export(tmp_path / "export", a=b"one", b=None)
    report = run_import(store, folder, copies=media)
    assert report.media == MediaCount(copied=1, missing=1, lacking=("photos/b.jpg (message 2)",))
    assert report.problems == ()
    (folder / "photos/b.jpg").write_bytes(b"two")
    assert run_import(store, folder, copies=media).media == MediaCount(copied=2)
    assert copies(store, media, report) == [b"one", b"two"]


def test_what_the_exporter_left_out_is_counted(store: PostStore, tmp_path: Path) -> None:
    """The exporter's own reasons are counted, whether copies are wanted or not."""
    folder = rewrite(
        tmp_path,
        {"photo": "(File not included. Change data exporting settings to download.)"},
        {"file": "(File exceeds maximum size. Change data exporting settings to download.)"},
        {"file": "(File unavailable, please try again later)"},
        {"photo": "../../x.jpg"},
        {"photo": "(File not included. Change data exporting settings to download.)"},
    )
    assert run_import(store, folder).media == MediaCount(
        not_included=2, too_large=1, unavailable=1, outside=1
    )


def test_only_some_of_the_missing_are_named(
    store: PostStore, media: MediaStore, tmp_path: Path
) -> None:
    """A thousand missing files are not a thousand names."""
    folder = export(tmp_path / "export", **{f"n{number}": None for number in range(9)})
    report = run_import(store, folder, copies=media)
    assert (report.media.missing, len(report.media.lacking)) == (9, 5)


def _link_to_file(folder: Path, secret: Path) -> str:
    (folder / "photos/a.jpg").symlink_to(secret)
    return "photos/a.jpg"


def _link_to_folder(folder: Path, secret: Path) -> str:
    (folder / "photos").rmdir()
    (folder / "photos").symlink_to(secret.parent)
    return f"photos/{secret.name}"


def _link_within(folder: Path, _secret: Path) -> str:
    (folder / "photos/b.jpg").write_bytes(b"b")
    (folder / "photos/a.jpg").symlink_to("b.jpg")
    return "photos/a.jpg"


def _circle(folder: Path, _secret: Path) -> str:
    (folder / "photos/a.jpg").symlink_to("a.jpg")
    return "photos/a.jpg"


def _folder(folder: Path, _secret: Path) -> str:
    (folder / "photos/a.jpg").mkdir()
    return "photos/a.jpg"


def _pipe(folder: Path, _secret: Path) -> str:
    os.mkfifo(folder / "photos/a.jpg")
    return "photos/a.jpg"


def _nul(_folder: Path, _secret: Path) -> str:
    return "photos/a\0.jpg"


def _long(_folder: Path, _secret: Path) -> str:
    return "photos/" + "a" * 5000


@pytest.mark.parametrize(
    "lure", [_link_to_file, _link_to_folder, _link_within, _circle, _folder, _pipe, _nul, _long]
)
def test_what_is_no_plain_file_of_the_export_is_not_copied(
    store: PostStore, media: MediaStore, tmp_path: Path, lure: Any
) -> None:
    """Links, folders and pipes are not followed, opened or waited for."""
    secret = tmp_path / "secret"
    secret.write_bytes(b"password")
    folder = tmp_path / "export"
    (folder / "photos").mkdir(parents=True)
    rewrite(folder, {"photo": lure(folder, secret)})
    report = run_import(store, folder, copies=media)
    assert (report.added, report.media.copied, len(report.media.lacking)) == (1, 0, 1)
    assert not media.folder.exists()


@pytest.mark.parametrize(
    "place",
    [
        "id_rsa",
        ".hidden",
        "photos/.hidden",
        ".ssh/id_rsa",
        "neighbour/a.jpg",
        "chats/photos.jpg",
        "chats/neighbour/a.jpg",
        "photos",
    ],
)
def test_only_what_an_exporter_writes_is_copied(
    store: PostStore, media: MediaStore, tmp_path: Path, place: str
) -> None:
    """A `result.json` lies among other files, and names whichever it likes."""
    file = tmp_path / place / "x" if place == "photos" else tmp_path / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"password")
    folder = rewrite(tmp_path, {"photo": place})
    report = run_import(store, folder / "result.json", copies=media)
    assert report.media == MediaCount(outside=1)
    assert not media.folder.exists()


def test_files_of_a_chat_of_an_account_are_copied(
    store: PostStore, media: MediaStore, tmp_path: Path
) -> None:
    """There each chat has a folder of its own."""
    for place in ("chats/chat_01/photos/a.jpg", "files/b.pdf", "round_video_messages/c.mp4"):
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_bytes(place.encode())
    folder = rewrite(
        tmp_path,
        {"photo": "chats/chat_01/photos/a.jpg"},
        {"file": "files/b.pdf"},
        {"file": "round_video_messages/c.mp4"},
    )
    assert run_import(store, folder / "result.json", copies=media).media == MediaCount(copied=3)


def test_an_export_behind_a_link_is_an_export(
    store: PostStore, media: MediaStore, tmp_path: Path
) -> None:
    """What the user names may be a link itself."""
    export(tmp_path / "real", a=b"one")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert run_import(store, tmp_path / "link", copies=media).media == MediaCount(copied=1)


def test_links_in_a_zip_are_not_there(store: PostStore, media: MediaStore, tmp_path: Path) -> None:
    """A link in a zip, or a name that leads out of it, is a file that is missing."""
    folder = rewrite(tmp_path / "export", {"photo": "photos/a.jpg"}, {"photo": "photos/b.jpg"})
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.write(folder / "result.json", "result.json")
        link = zipfile.ZipInfo("photos/a.jpg")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("../photos/b.jpg", b"picture")
    report = run_import(store, tmp_path / "export.zip", copies=media)
    assert (report.media.missing, report.media.copied) == (2, 0)


def test_a_bomb_among_the_files_stops_the_import(
    store: PostStore, media: MediaStore, tmp_path: Path
) -> None:
    """A file of a zip that unpacks to far too much is given up on, and leaves nothing behind."""
    folder = rewrite(tmp_path / "export", {"photo": "photos/a.jpg"})
    with zipfile.ZipFile(tmp_path / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder / "result.json", "result.json")
        archive.writestr("photos/a.jpg", bytes(30 * 2**20))
    with pytest.raises(SourceError, match="zip_bomb"):
        run_import(store, tmp_path / "export.zip", copies=media)
    assert list(media.folder.iterdir()) == []


def test_lost_and_damaged_copies_are_found(
    store: PostStore, media: MediaStore, tmp_path: Path
) -> None:
    """What is gone or of another size is found at once, what is damaged within by reading it."""
    folder = export(tmp_path / "export", a=b"one" * 99, b=b"two" * 99, c=b"six" * 99, d=b"six" * 99)
    told = [{"photo": f"photos/{name}.jpg", "photo_file_size": 297} for name in "abcd"]
    report = run_import(store, rewrite(folder, *told), copies=media)
    lost, cut, spoilt = (media.folder / name for name in store.copies(report.channel_id or 0))
    sound = check_copies(store, media, thorough=True)
    assert (sound.named, sound.gone, sound.damaged) == (3, (), ())

    lost.unlink()
    cut.unlink()
    cut.write_bytes(b"two")
    spoilt.write_bytes(b"sin" * 99)
    steps: list[tuple[int, int | None]] = []
    quick = check_copies(store, media, progress=lambda done, whole: steps.append((done, whole)))
    assert [(copy.channel, copy.message_id) for copy in quick.gone] == [("Канал", 1)]
    assert [copy.message_id for copy in quick.damaged] == [2]
    assert steps == [(0, 3)]
    assert [copy.message_id for copy in check_copies(store, media, thorough=True).damaged] == [2, 3]


def test_a_size_that_a_source_tells_wrong_is_no_damage(
    store: PostStore, media: MediaStore, tmp_path: Path
) -> None:
    """A page rounds sizes, and may be wrong about one: what counts is what was kept."""
    folder = export(tmp_path / "export", a=b"x" * 1_310_000, b=b"y" * 1_500_000, c=b"z")
    told: list[dict[str, Any]] = [
        {"file": "photos/a.jpg", "file_size": 1_258_291},
        {"file": "photos/b.jpg", "file_size": 1_258_291},
        {"photo": "photos/c.jpg"},
    ]
    run_import(store, rewrite(folder, *told), copies=media)
    assert check_copies(store, media).damaged == ()


def test_a_copy_that_cannot_be_read_is_damaged(
    store: PostStore, media: MediaStore, tmp_path: Path
) -> None:
    """A copy that is lost between the look for it and the reading of it is no fault of ours."""
    report = run_import(store, export(tmp_path / "export", a=b"one"), copies=media)
    [name] = store.copies(report.channel_id or 0)
    (media.folder / name).unlink()
    assert not media.is_whole(name, size=3, thorough=False)
    assert not media.is_whole(name, size=None, thorough=True)


_SHARED = """
       <div class="media_wrap clearfix">
        <a class="photo_wrap clearfix pull_left" href="{href}"><img class="photo"/></a>
       </div>
       <div class="text">"""


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("../../chats/chat_001/photos/1.jpg", b"one"),
        ("../../chats/chat_001/.ssh/id", None),
        ("../../../chats/chat_001/photos/1.jpg", None),
        ("../../photos/1.jpg", None),
    ],
)
def test_file_of_another_chat_of_an_account_is_copied(
    store: PostStore,
    media: MediaStore,
    tmp_path: Path,
    href: str,
    kept: bytes | None,
    *,
    packed: bool,
) -> None:
    """What was sent in two chats lies in the first one's folder; beyond the account is outside."""
    account = tmp_path / "DataExport_2024-03-01"
    for place in ("chats/chat_001/photos/1.jpg", "chats/chat_001/.ssh/id", "photos/1.jpg"):
        (account / place).parent.mkdir(parents=True, exist_ok=True)
        (account / place).write_bytes(b"one")
    content = page(
        message(5, "то же фото").replace('<div class="text">', _SHARED.format(href=href))
    )
    path = write_pages(account / "chats" / "chat_002", {"messages.html": content})
    if packed:
        path = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path, account.name))

    report = run_import(store, path, copies=media)

    assert copies(store, media, report) == [kept]
    assert report.media.copied + report.media.outside == 1


def test_account_may_lie_in_a_folder_of_chats(
    store: PostStore, media: MediaStore, tmp_path: Path
) -> None:
    """A path of a JSON export leads from the account's folder, whatever that lies in."""
    account = tmp_path / "chats" / "DataExport"
    (account / "chats/chat_1/photos").mkdir(parents=True)
    (account / "chats/chat_1/photos/1.jpg").write_bytes(b"one")
    rewrite(account, {"photo": "chats/chat_1/photos/1.jpg"})
    assert copies(store, media, run_import(store, account, copies=media)) == [b"one"]
