"""What was given is recognised by its content, and refused in one sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest import open_source
from model.errors import SourceError
from model.posts import BadMessage, Channel, Post
from tests.ingest.exports import TITLE, link_to, message, page, separator, service, write_pages

ONE = {"messages.html": page(message(1, "один"))}


def texts(path: Path) -> list[str]:
    """Return the texts of an export in reading order."""
    return [item.text for item in open_source(path).messages() if isinstance(item, Post)]


def refusal(path: Path) -> str:
    """Return why a source is refused, without its path."""
    with pytest.raises(SourceError) as caught:
        open_source(path)
    return str(caught.value).replace(str(path), "PATH")


def test_folder_of_an_export_is_opened(tmp_path: Path) -> None:
    """A folder as Telegram Desktop makes it gives its channel, format, files and dates."""
    source = open_source(write_pages(tmp_path / "ChatExport_2024-03-05", ONE))
    assert source.channel == Channel(title=TITLE)
    assert source.format == "desktop-html"
    assert [file.path.name for file in source.files] == ["messages.html"]
    assert list(source.files[0].message_ids) == [1]
    assert source.total == 1
    assert source.as_of == datetime(2024, 3, 5, 7, tzinfo=UTC)
    assert source.whole
    assert source.zoned


def test_folder_around_an_export_is_opened(tmp_path: Path) -> None:
    """A folder that holds one export, some levels deep, is as good as the export."""
    write_pages(tmp_path / "backup" / "telegram" / "ChatExport_2024-03-05", ONE)
    (tmp_path / "index.html").write_text("<html><title>My site</title></html>")
    assert texts(tmp_path) == ["один"]


def test_single_page_is_opened_under_any_name(tmp_path: Path) -> None:
    """A page is a page by its content, whatever its name."""
    write_pages(tmp_path, {"saved.txt": ONE["messages.html"]})
    assert texts(tmp_path / "saved.txt") == ["один"]


def test_attachments_are_no_pages(tmp_path: Path) -> None:
    """A page that somebody sent into the channel, or hid, is not read as a page of the export."""
    write_pages(tmp_path, ONE)
    for name in ("files", ".git", "photos"):
        write_pages(tmp_path / name, {"messages.html": page(message(1, "чужое"), title="Другой")})
    assert texts(tmp_path) == ["один"]


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    """A link to a folder outside, or around, is left alone."""
    write_pages(tmp_path / "outside", {"messages.html": page(message(1, "чужое"))})
    write_pages(tmp_path / "export", ONE)
    (tmp_path / "export" / "link").symlink_to(tmp_path / "outside", target_is_directory=True)
    assert texts(tmp_path / "export") == ["один"]


def test_pages_are_read_by_their_numbers(tmp_path: Path) -> None:
    """Page 10 comes after page 9, and the page without a number comes first."""
    names = ["messages.html", *(f"messages{number}.html" for number in range(2, 13))]
    pages = {name: page(message(place + 1, name)) for place, name in enumerate(names)}
    assert texts(write_pages(tmp_path, pages)) == names


@pytest.mark.parametrize("first", ["index.html", "INDEX.HTM", "начало.html", "2023-01.html"])
def test_first_page_may_have_any_name(tmp_path: Path, first: str) -> None:
    """Where names do not tell the order, the first messages do."""
    pages = {
        "messages2.html": page(message(11, "b")),
        "messages10.html": page(message(21, "c")),
        first: page(message(1, "a")),
    }
    assert texts(write_pages(tmp_path, pages)) == ["a", "b", "c"]


def test_page_of_service_lines_alone_goes_last_where_names_do_not_tell(tmp_path: Path) -> None:
    """A page without any message does not disturb the order of the others."""
    pages = {
        "a.html": page(separator("5 March 2024")),
        "b.html": page(message(2, "b")),
        "c.html": page(message(1, "a")),
    }
    assert texts(write_pages(tmp_path, pages)) == ["a", "b"]


def test_first_page_and_others_may_be_missing(tmp_path: Path) -> None:
    """Pages 3 and 5 alone are read, but they are not the whole."""
    pages = {
        "messages3.html": page(message(1, "a") + link_to("messages4.html", words="Next")),
        "messages5.html": page(link_to("messages4.html", words="Previous") + message(9, "b")),
    }
    source = open_source(write_pages(tmp_path, pages))
    assert [file.path.name for file in source.files] == ["messages3.html", "messages5.html"]
    assert not source.whole


@pytest.mark.parametrize("first", ["messages.html", "index.html"])
def test_linked_pages_are_the_whole(tmp_path: Path, first: str) -> None:
    """An export is whole when its pages form one chain, even if the first one was renamed."""
    pages = {
        first: page(message(1, "a") + link_to("messages2.html", words="Next")),
        "messages2.html": page(link_to("messages.html", words="Previous") + message(2, "b")),
    }
    assert open_source(write_pages(tmp_path, pages)).whole


def test_single_page_of_many_is_not_the_whole(tmp_path: Path) -> None:
    """A page that links to others does not stand for the channel."""
    content = page(message(1, "a") + '<a class="pagination">\nNext messages</a>')
    assert open_source(write_pages(tmp_path, {"messages.html": content})).whole
    content = page(message(1, "a") + link_to("messages2.html", words="Next"))
    write_pages(tmp_path, {"messages.html": content})
    assert not open_source(tmp_path / "messages.html").whole


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("ChatExport_2024-04-01", datetime(2024, 4, 1, tzinfo=UTC)),
        ("ChatExport_2024-04-01 (1)", datetime(2024, 4, 1, tzinfo=UTC)),
        ("ChatExport_2024-01-01", datetime(2024, 3, 5, 7, tzinfo=UTC)),
        ("ChatExport_2024-13-01", datetime(2024, 3, 5, 7, tzinfo=UTC)),
        ("export", datetime(2024, 3, 5, 7, tzinfo=UTC)),
    ],
)
def test_export_is_as_recent_as_its_last_post_or_its_name(
    tmp_path: Path, folder: str, expected: datetime
) -> None:
    """The newest date known counts: that of a post, or the one in the folder's name."""
    assert open_source(write_pages(tmp_path / folder, ONE)).as_of == expected


def test_export_of_service_lines_is_as_recent_as_its_last_day(tmp_path: Path) -> None:
    """A new channel without posts is an export too."""
    content = page(separator("5 March 2024") + service(1, "Channel &laquo;x&raquo; created"))
    source = open_source(write_pages(tmp_path, {"messages.html": content}))
    assert source.as_of == datetime(2024, 3, 5, 12, tzinfo=UTC)
    assert source.zoned


def test_page_without_zone_is_known_before_it_is_read(tmp_path: Path) -> None:
    """A source says beforehand that its dates name no zone."""
    content = page(message(1, "x", at="05.03.2024 10:00:00"))
    assert not open_source(write_pages(tmp_path, {"messages.html": content})).zoned


def test_entities_in_a_title_are_read(tmp_path: Path) -> None:
    """A channel's name comes without the page's escapes."""
    content = page(message(1, "x"), title="R&D «Данные» <3")
    source = open_source(write_pages(tmp_path, {"messages.html": content}))
    assert source.channel.title == "R&D «Данные» <3"


def test_damaged_page_between_others_is_missed(tmp_path: Path) -> None:
    """An empty page among good ones is a problem of its own, not a silent gap."""
    pages = {
        "messages.html": page(message(1, "a")),
        "messages2.html": "",
        "messages3.html": page(message(3, "c")),
    }
    read = list(open_source(write_pages(tmp_path, pages)).messages())
    assert [item.file if isinstance(item, BadMessage) else item.text for item in read] == [
        "a",
        "messages2.html",
        "c",
    ]


def test_page_that_vanishes_is_a_problem(tmp_path: Path) -> None:
    """A page that cannot be read any more is named, and the others are read."""
    pages = {"messages.html": page(message(1, "a")), "messages2.html": page(message(2, "b"))}
    source = open_source(write_pages(tmp_path, pages))
    (tmp_path / "messages.html").unlink()
    bad, post = source.messages()
    assert isinstance(bad, BadMessage)
    assert (bad.file, bad.reason) == (
        "messages.html",
        "The page cannot be read: No such file or directory.",
    )
    assert isinstance(post, Post)


def test_missing_path_is_refused(tmp_path: Path) -> None:
    """A path that does not exist is named."""
    assert refusal(tmp_path / "nowhere") == (
        "unreadable (path=PATH, cause=No such file or directory)"
    )


def test_folder_with_an_empty_page_is_refused(tmp_path: Path) -> None:
    """Of a folder whose only page holds nothing, that page is named."""
    write_pages(tmp_path, {"messages.html": ""})
    (tmp_path / "style.css").touch()
    assert refusal(tmp_path) == "empty (path=PATH/messages.html)"


def test_folder_without_export_is_refused(tmp_path: Path) -> None:
    """A folder of other things is refused."""
    (tmp_path / "notes.html").write_text("<p>notes</p>")
    assert refusal(tmp_path) == "no_export (path=PATH)"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty"),
        ("<html><p>hello</p></html>", "no_export"),
        (
            page("").replace('class="history"', 'class="list"'),
            "contents",
        ),
    ],
    ids=["empty", "other page", "contents"],
)
def test_other_file_is_refused(tmp_path: Path, content: str, code: str) -> None:
    """A file that holds no messages is refused for what it is."""
    write_pages(tmp_path, {"messages.html": content})
    assert refusal(tmp_path / "messages.html") == f"{code} (path=PATH)"


def test_export_without_messages_is_refused(tmp_path: Path) -> None:
    """An export of an empty period says that it is empty."""
    write_pages(tmp_path, {"messages.html": page(service(-1, "No exported messages"))})
    assert refusal(tmp_path) == "no_messages (path=PATH)"


def test_whole_account_is_refused_by_its_chats(tmp_path: Path) -> None:
    """Several chats below one folder are named, five of them at most."""
    for number in range(1, 8):
        content = page(message(1, "x"), title=f"Чат {number}")
        write_pages(tmp_path / "chats" / f"chat_{number:03}", {"messages.html": content})
    named = ", ".join(f"chats/chat_{n:03} “Чат {n}”" for n in range(1, 6))
    assert refusal(tmp_path) == f"several_exports (path=PATH, names={named}, …)"


def test_chat_of_an_account_is_chosen_by_its_title(tmp_path: Path) -> None:
    """A title that one chat has is enough; one that two have names both."""
    for number, title in enumerate(("Первый", "Второй", "Второй"), 1):
        content = page(message(number, "x"), title=title)
        write_pages(tmp_path / f"chat_{number}", {"messages.html": content})
    assert open_source(tmp_path, channel="первый ").channel == Channel(title="Первый")
    for title in ("Второй", "Нет"):
        with pytest.raises(SourceError, match="chat_2 “Второй”, chat_3 “Второй”"):
            open_source(tmp_path, channel=title)


def test_export_inside_an_export_is_refused(tmp_path: Path) -> None:
    """Two exports below one folder are refused, also when one is the folder itself."""
    write_pages(tmp_path, ONE)
    write_pages(tmp_path / "older", ONE)
    assert refusal(tmp_path) == f"several_exports (path=PATH, names=. “{TITLE}”, older “{TITLE}”)"


def test_two_channels_in_one_folder_are_refused(tmp_path: Path) -> None:
    """Pages of two channels are not mixed."""
    pages = {**ONE, "messages2.html": page(message(1, "x"), title="Другой канал")}
    write_pages(tmp_path, pages)
    assert refusal(tmp_path) == f"several_chats (path=PATH, names={TITLE}, Другой канал)"


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16"])
def test_other_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    """A page that an editor saved in another encoding is refused."""
    (tmp_path / "messages.html").write_text(ONE["messages.html"], encoding=encoding)
    expected = {
        "cp1251": "broken_text (path=PATH)",
        "utf-16": "broken_text (path=PATH/messages.html)",
    }
    assert refusal(tmp_path) == expected[encoding]


def test_unreadable_path_is_refused() -> None:
    """What the system cannot read is refused with its reason."""
    assert refusal(Path("x" * 300)).startswith("unreadable (path=PATH, cause=")
