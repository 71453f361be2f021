"""Saved pages of a web preview: which channel they show, and what several of them give together."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import open_source
from model.errors import SourceError
from model.posts import BadMessage, Channel, Post
from tests.ingest.web_pages import TITLE, USERNAME, web_frame, web_message, web_text, write_web


def posts_of(path: Path, *, channel: str | None = None) -> dict[int, str]:
    """Return the texts of an import by the numbers of their posts."""
    items = open_source(path, channel=channel).messages()
    return {item.message_id: item.text for item in items if isinstance(item, Post)}


def message(number: int, words: str = "слова", *, username: str = USERNAME) -> str:
    """Return a message with a text."""
    return web_message(number, web_text(words), username=username)


def with_view(number: int, view: str) -> str:
    """Return a message with this `data-view`."""
    return message(number).replace(" data-post=", f' data-view="{view}" data-post=')


def encoded(facts: object) -> str:
    """Return a `data-view` as the server writes it."""
    return base64.urlsafe_b64encode(json.dumps(facts).encode()).decode().rstrip("=")


def test_page_names_its_channel(tmp_path: Path) -> None:
    """A page tells the channel's name in both forms, and is as recent as its newest post."""
    newest = web_message(8, web_text("b"), at="2024-03-06T01:00:00+00:00")
    source = open_source(write_web(tmp_path / "page.html", newest + message(5)))
    assert source.format == "web-preview"
    assert source.channel == Channel(title=TITLE, username=USERNAME)
    assert source.as_of == datetime(2024, 3, 6, 1, tzinfo=UTC)
    assert source.total == 2
    assert not source.whole
    assert source.zoned
    assert [item.message_id for item in source.messages() if isinstance(item, Post)] == [5, 8]


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ('<div class="tgme_header_title"><span>Из шапки</span></div>', "Из шапки"),
        ('<a class="tgme_widget_message_owner_name"><span>Из записи</span></a>', "Из записи"),
        ('<div class="tgme_header_title"> </div>', USERNAME),
        ("", USERNAME),
    ],
)
def test_title_is_looked_for(tmp_path: Path, head: str, title: str) -> None:
    """Where the card of the channel is missing, its title stands elsewhere, or is its name."""
    path = tmp_path / "embed.html"
    path.write_text(f'<body class="tgme_x">{head}{message(1)}</body>', encoding="utf-8")
    assert open_source(path).channel.title == title


@pytest.mark.parametrize(
    ("view", "number"),
    [
        (encoded({"c": -1591537674, "p": "84g", "t": 1, "h": "x"}), 1591537674),
        (encoded({"c": -1001591537674, "p": 84}), 1591537674),
        (encoded({"c": 5}), None),
        (encoded({"c": True}), None),
        (encoded({"p": 84}), None),
        (encoded([1]), None),
        ("test-view-1", None),
        ("é", None),
        ("", None),
    ],
)
def test_channel_number_is_read_from_the_view_mark(
    tmp_path: Path, view: str, number: int | None
) -> None:
    """The number of a channel is hidden in a mark of its posts, if the page still has it."""
    path = write_web(tmp_path / "page.html", message(1) + with_view(2, view))
    assert open_source(path).channel.telegram_id == number


def test_pages_of_a_folder_are_put_together(tmp_path: Path) -> None:
    """Overlapping pages give every post once, in order, whatever their names are."""
    write_web(tmp_path / "a.html", message(30, "три") + message(20, "два"))
    write_web(tmp_path / "b.htm", message(20, "два, ещё раз") + message(10, "раз"))
    (tmp_path / "other.html").write_text("<p>not of Telegram</p>", encoding="utf-8")
    source = open_source(tmp_path)
    assert posts_of(tmp_path) == {10: "раз", 20: "два", 30: "три"}
    assert source.total == 3
    assert [file.message_ids for file in source.files] == [(30, 20), (20, 10)]


def test_pages_read_before_are_skipped(tmp_path: Path) -> None:
    """A page that an earlier import has read is left out on request."""
    write_web(tmp_path / "a.html", message(30, "три") + message(20, "два"))
    write_web(tmp_path / "b.html", message(20, "два, ещё раз"))
    source = open_source(tmp_path)
    read = source.messages(skip={source.files[0].path})
    assert [item.text for item in read if isinstance(item, Post)] == ["два, ещё раз"]


def test_name_may_be_spelt_in_two_ways(tmp_path: Path) -> None:
    """A channel's name in capitals and without is one channel."""
    write_web(tmp_path / "page.html", message(1) + message(2, username="Data_Notes"))
    assert list(posts_of(tmp_path)) == [1, 2]


@pytest.mark.parametrize(
    ("named", "numbers"),
    [("@other", [2]), ("Other", [2]), ("t.me/data_notes", [1]), ("1591537674", [3])],
)
def test_one_of_several_channels_is_named(tmp_path: Path, named: str, numbers: list[int]) -> None:
    """Pages that show several channels are read for the one that is named."""
    write_web(tmp_path / "a.html", message(1))
    write_web(tmp_path / "b.html", message(2, username="other"), title="Other title")
    third = with_view(3, encoded({"c": -1591537674})).replace(USERNAME, "third")
    write_web(tmp_path / "c.html", third)
    assert list(posts_of(tmp_path, channel=named)) == numbers
    source = open_source(tmp_path, channel=named)
    assert [len(file.message_ids) for file in source.files].count(1) == 1
    assert [number for file in source.files for number, _ in file.times()] == numbers


@pytest.mark.parametrize("named", [None, "@third", "5", TITLE])
def test_several_channels_are_refused_by_name(tmp_path: Path, named: str | None) -> None:
    """Pages of several channels, none of them named, are refused with their names."""
    write_web(tmp_path / "page.html", message(1) + message(2, username="other"))
    with pytest.raises(SourceError, match=r"several_channels .*names=@data_notes, @other"):
        open_source(tmp_path, channel=named)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (web_frame("").encode(), "no_web_posts .*name=name"),
        (web_frame("").encode("utf-16"), "broken_text"),
        (web_frame(message(1)).encode("cp1251", "replace"), "is not UTF-8 text; save it again"),
        (
            web_frame('<div class="tgme_widget_message" data-post="a/1"></div>').encode(),
            "no_web_posts",
        ),
    ],
)
def test_page_without_posts_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    """A page that shows no post is refused with what to do instead."""
    path = tmp_path / "page.html"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=sentence):
        open_source(path)


@pytest.mark.parametrize("section", ["<![bad]x]>", "<![if x]>", "<![CDATA[x]]>", "<![--x]>"])
def test_marked_section_is_a_comment(tmp_path: Path, section: str) -> None:
    """A marked section is passed over, as browsers do, and the page is read on."""
    page = write_web(tmp_path / "page.html", message(1, f"до{section}после") + message(2))
    assert posts_of(page) == {1: "допосле", 2: "слова"}


@pytest.mark.parametrize(
    ("number", "text"),
    [("0" * 5000 + "1078", "ж"), ("0" * 5000, "\ufffd"), ("9" * 5000, "\ufffd")],
)
def test_numbered_character_of_any_length_is_read(tmp_path: Path, number: str, text: str) -> None:
    """However many figures the number of a character has, it is one, or the sign for none."""
    page = write_web(tmp_path / "page.html", message(1, f"до&#{number};после"))
    assert posts_of(page) == {1: f"до{text}после"}


def test_name_of_the_channel_is_in_the_advice(tmp_path: Path) -> None:
    """An empty page of a channel that was named is answered with the address to open."""
    with pytest.raises(SourceError, match=r"no_web_posts .*data_notes"):
        open_source(write_web(tmp_path / "page.html", ""), channel="@data_notes")


def test_huge_page_is_not_even_read(tmp_path: Path) -> None:
    """A page of more than 64 MB is refused by its size."""
    path = write_web(tmp_path / "page.html", message(1))
    with path.open("r+b") as file:
        file.truncate(65 * 1024**2)
    with pytest.raises(SourceError, match="larger than 64 MB"):
        open_source(path)


def test_unreadable_page_beside_good_ones_is_a_problem(tmp_path: Path) -> None:
    """One page that cannot be read does not keep the others from being read."""
    write_web(tmp_path / "a.html", message(1))
    (tmp_path / "b.html").write_bytes(web_frame(message(2)).encode("koi8-r", "replace"))
    [post, problem] = open_source(tmp_path).messages()
    assert isinstance(post, Post)
    assert isinstance(problem, BadMessage)
    assert problem.file == "b.html"


@pytest.mark.parametrize(
    "text",
    [
        "Канал\n@chan\n517 subscribers\n2.72K photos\nОписание\n\nТекст записи\n",
        "Текст\nPlease open Telegram to view this post\nVIEW IN TELEGRAM\n2.5K views08:35\n",
        "Канал\r\n10K subscribers\r\nForwarded from Другой\r\nслова\r\n",
    ],
)
def test_text_copied_from_a_page_is_refused(tmp_path: Path, text: str) -> None:
    """The words of a page, copied as text, are refused with what to save instead."""
    path = tmp_path / "page.txt"
    path.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(SourceError, match="copied_text"):
        open_source(path)


def test_text_that_only_mentions_subscribers_is_no_page(tmp_path: Path) -> None:
    """One line like those of a page does not make a text one."""
    path = tmp_path / "notes.txt"
    path.write_text("12 subscribers\nwere here\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no_export"):
        open_source(path)


_SAMPLE = web_frame(
    message(1, '<b>a <i class="emoji"><b>🔥</b></i></b><br/><a href="?q=%23t">#t</a>')
    + web_message(
        2,
        '<a class="tgme_widget_message_photo_wrap grouped_media_wrap" href="https://t.me/a/3?single">'
        '</a><div class="tgme_widget_message_poll"></div><span class="tgme_widget_message_views">'
        '1.5K</span><div class="tgme_widget_message_reactions"><span class="tgme_reaction">'
        "<b>1</b></span></div>",
    )
).encode()
_edits = st.lists(
    st.tuples(
        st.integers(0, len(_SAMPLE)),
        st.integers(0, 40),
        st.one_of(
            st.binary(max_size=3),
            st.sampled_from(
                [b"<", b">", b"</div>", b"<!--", b"<![", b"&#x110000;", b'"', b"<b>" * 99]
            ),
        ),
    ),
    min_size=1,
    max_size=4,
)


@given(edits=_edits)
def test_nothing_breaks_on_mangled_bytes(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int, bytes]]
) -> None:
    """Whatever became of a page, there are posts and problems, or one sentence of refusal."""
    content = _SAMPLE
    for place, length, replacement in edits:
        content = content[:place] + replacement + content[place + length :]
    path = tmp_path_factory.getbasetemp() / "mangled.html"
    path.write_bytes(content)
    with suppress(SourceError):
        items = list(open_source(path).messages())
        assert all(isinstance(item, Post | BadMessage) for item in items)
