"""Several sources of one chat in one folder are read as one, each giving what only it has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db import PostStore
from ingest import open_source, run_import
from model.errors import SourceError
from model.messages import Code, Message
from model.posts import BadMessage, Channel, Forward, Post
from model.rich_text import RichText
from tests.ingest.exports import TITLE, message, page, write_pages
from tests.ingest.web_pages import web_frame, web_message, web_text
from tests.mirror.messages import MirrorMessage
from tests.mirror.tdesktop_html import write_export
from tests.mirror.telegram_json import JsonChat, write_chat
from tests.new_databases import new_archive

_AT = datetime(2024, 3, 5, 7, tzinfo=UTC)
_PROBLEM = "Nothing in the file can be read; export the channel again."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PostStore]:
    """Open an empty archive."""
    with new_archive(tmp_path / "home" / "archive.db") as opened:
        yield opened


def post(number: int, **fields: object) -> Post:
    """Return a post of the channel, posted at the time of `message`."""
    return Post(message_id=number, posted_at=_AT, content=RichText(f"пост {number}"), **fields)  # type: ignore[arg-type]


def write_json(folder: Path, *posts: Post, title: str = TITLE) -> Path:
    """Write a JSON export of posts."""
    folder.mkdir(parents=True, exist_ok=True)
    messages = [MirrorMessage(post=each) for each in posts]
    chat = JsonChat(title=title, messages=messages, telegram_id=1500)
    return write_chat(folder / "result.json", chat)


def write_html(folder: Path, *numbers: int, at: str = "05.03.2024 10:00:00 UTC+03:00") -> None:
    """Write a page of posts."""
    texts = (message(number, f"пост {number}", at=at) for number in numbers)
    write_pages(folder, {"messages.html": page("".join(texts))})


def ids(store: PostStore) -> list[int]:
    """Return the numbers of the posts in the archive."""
    return sorted(each.post.message_id for each in store.newest(limit=100))


def test_each_format_gives_what_only_it_has(store: PostStore, tmp_path: Path) -> None:
    """Pages know when an original was posted, JSON knows the channel's number."""
    folder = tmp_path / "export"
    forward = Forward(name="Origin", posted_at=datetime(2018, 3, 11, 7, tzinfo=UTC))
    both = MirrorMessage(post=post(1, forward=forward))
    write_export(folder, title=TITLE, messages=[both, post(3)])
    write_json(folder, both.post, post(2))

    report = run_import(store, folder)

    assert report.channel == Channel(title=TITLE, telegram_id=1500)
    assert report.format == "desktop-html, telegram-json"
    assert Message.of(Code.READ_TOGETHER, names="messages.html, result.json") in report.notices
    assert (report.added, report.changed, report.files_read) == (3, 0, 2)
    assert ids(store) == [1, 2, 3]
    [stored] = store.channels()
    known = store.find(stored.channel_id, 1)
    assert known
    assert known.post.forward == forward
    assert run_import(store, folder).files_skipped == 2


@pytest.mark.parametrize(
    "content",
    ["", '{"messages": [', '{"name": "x", "messages": []}', "что-то", "\ufeffч".encode("utf-16")],
    ids=["empty", "cut", "without messages", "no JSON", "UTF-16"],
)
def test_damaged_json_does_not_hide_the_pages(
    store: PostStore, tmp_path: Path, content: str | bytes
) -> None:
    """The pages are read, and the other file is told of."""
    folder = tmp_path / "export"
    write_html(folder, 1, 2)
    raw = content if isinstance(content, bytes) else content.encode()
    (folder / "result.json").write_bytes(raw)

    report = run_import(store, folder)

    assert (report.added, report.format) == (2, "desktop-html")
    assert report.problems == (
        BadMessage(file="result.json", anchor="", reason=_PROBLEM, rest_lost=True),
    )
    assert run_import(store, folder).problems == report.problems


@pytest.mark.parametrize(
    "content", [b"", page("").encode(), page(message(1, "x"), title="").encode("cp1251")]
)
def test_damaged_page_does_not_hide_the_json(
    store: PostStore, tmp_path: Path, content: bytes
) -> None:
    """What a page lacks is not taken for deleted either."""
    folder = tmp_path / "export"
    write_json(folder, post(1), post(3))
    (folder / "messages.html").write_bytes(content)
    run_import(store, write_json(tmp_path / "before", post(1), post(2), post(3)))

    report = run_import(store, folder)

    assert [problem.file for problem in report.problems] == ["messages.html"]
    assert (report.unchanged, report.missing) == (2, 0)


def test_folder_of_nothing_but_damage_is_refused(tmp_path: Path) -> None:
    """If no format can be read, the first says why."""
    write_pages(tmp_path, {"messages.html": page("")})
    (tmp_path / "result.json").write_text('{"messages": [', encoding="utf-8")
    with pytest.raises(SourceError, match="no_messages"):
        open_source(tmp_path)


def test_formats_of_two_chats_are_refused(tmp_path: Path) -> None:
    """The same numbers at other times, or other titles without a post in common, are two chats."""
    write_html(tmp_path / "a", 1, at="05.03.2020 10:00:00 UTC+03:00")
    write_json(tmp_path / "a", post(1))
    write_html(tmp_path / "b", 1)
    write_json(tmp_path / "b", post(2), title="Другой")
    for folder in (tmp_path / "a", tmp_path / "b"):
        with pytest.raises(SourceError, match="several_chats"):
            open_source(folder)


def test_renamed_chat_is_one_all_the_same(store: PostStore, tmp_path: Path) -> None:
    """A post in common proves it, and the richer format has the last word."""
    write_html(tmp_path / "export", 1, 2)
    write_json(tmp_path / "export", post(1), title="Новое имя")
    assert run_import(store, tmp_path / "export").channel.title == "Новое имя"
    assert ids(store) == [1, 2]


def test_saved_web_page_beside_an_export_is_read(store: PostStore, tmp_path: Path) -> None:
    """It gives the channel its public name."""
    folder = tmp_path / "export"
    write_html(folder, 1)
    saved = web_frame(web_message(1, web_text("пост 1")) + web_message(2, web_text("пост 2")))
    (folder / "saved.html").write_text(saved, encoding="utf-8")
    report = run_import(store, folder)
    assert report.channel == Channel(title=TITLE, username="data_notes")
    assert ids(store) == [1, 2]


def test_json_that_breaks_off_gives_what_it_has(store: PostStore, tmp_path: Path) -> None:
    """What is lost in it, the pages have."""
    folder = tmp_path / "export"
    write_html(folder, 1, 2)
    path = write_json(folder, post(1), post(2))
    path.write_bytes(path.read_bytes()[:-40])
    report = run_import(store, folder)
    assert (report.added, [problem.file for problem in report.problems]) == (2, ["result.json"])
    assert report.channel.telegram_id == 1500


def test_private_chat_stays_out_in_either_format(tmp_path: Path) -> None:
    """A conversation is refused, although the pages do not say that they are one."""
    folder = tmp_path / "export"
    write_html(folder, 1)
    path = write_json(folder, post(1))
    path.write_text(path.read_text("utf-8").replace("public_channel", "personal_chat"), "utf-8")
    with pytest.raises(SourceError, match="private_chat"):
        open_source(folder)
    assert len(open_source(folder, channel=TITLE).together) == 2
