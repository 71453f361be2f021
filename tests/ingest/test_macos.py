"""The export of Telegram for macOS: `cases_macos/<quirk>.html` is read as `<quirk>.json` says."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import open_source
from model.errors import SourceError
from model.posts import BadMessage, Channel, Post
from tests.ingest.plain_posts import as_plain

CASES = sorted((Path(__file__).parent / "cases_macos").glob("*.html"))
TITLE = "Записки о данных"
_FRAME = """<html><head><meta charset="utf-8"/><title>{title}</title></head><body>
<div class="page_wrap"><div class="page_header chat_header"><div class="content bubble">
<div class="body"><div class="name bold">{title}</div><div class="subtitle details">5 members</div>
</div></div></div><div class="page_body chat_page"><div class="history">
{messages}
</div></div></div></body></html>
"""


def write_page(path: Path, messages: str, *, title: str = TITLE) -> Path:
    """Write a page around messages."""
    path.write_text(_FRAME.format(title=title, messages=messages), encoding="utf-8", newline="\n")
    return path


def message(number: int, text: str, *, at: str = "3 April 2023, 12:34:07") -> str:
    """Return a message with a text."""
    return (
        f'<div class="message default clearfix" id="message{number}"><div class="body">'
        f'<div class="pull_right date details" title="{at}">12:34</div>'
        f'<div class="text">\n{text}\n</div></div></div>'
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_quirk_is_read_as_written_down(case: Path, tmp_path: Path) -> None:
    """A page with the quirk gives the posts and problems of the file beside it."""
    path = write_page(tmp_path / "messages.html", case.read_text(encoding="utf-8"))
    read = [as_plain(item) for item in open_source(path).messages()]
    assert read == json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))


def test_export_is_recognised_and_never_taken_for_whole(tmp_path: Path) -> None:
    """An export names its channel by title alone; what it lacks may only be unread."""
    write_page(tmp_path / "messages2.html", message(30, "три") + message(31, "четыре"))
    write_page(tmp_path / "messages.html", message(10, "раз"))
    source = open_source(tmp_path)
    assert source.format == "macos-html"
    assert source.channel == Channel(title=TITLE)
    assert source.as_of == datetime(2023, 4, 3, 12, 34, 7, tzinfo=UTC)
    assert source.total == 3
    assert not source.whole
    assert not source.zoned
    assert [item.text for item in source.messages() if isinstance(item, Post)] == [
        "раз",
        "три",
        "четыре",
    ]


def test_page_is_recognised_by_its_hashtags(tmp_path: Path) -> None:
    """A page whose header is out of sight is told by how it writes hashtags."""
    path = tmp_path / "page.html"
    tag = '<a onclick="return ShowHashtag(\'тег\')" href="#">#тег</a>'
    path.write_text(f'<div class="page_header"><p class="name">{TITLE}</p></div>{message(1, tag)}')
    [post] = open_source(path).messages()
    assert isinstance(post, Post)
    assert post.hashtags == ("тег",)


def test_zone_of_the_machine_can_be_given(tmp_path: Path) -> None:
    """Dates are a clock's; the zone of that clock moves them."""
    source = open_source(write_page(tmp_path / "messages.html", message(1, "слова")))
    [post] = source.messages(zone=timezone(timedelta(hours=3)))
    assert isinstance(post, Post)
    assert post.posted_at == datetime(2023, 4, 3, 9, 34, 7, tzinfo=UTC)


def test_pages_read_before_are_skipped(tmp_path: Path) -> None:
    """A page that an earlier import has read is left out on request."""
    source = open_source(write_page(tmp_path / "messages.html", message(1, "слова")))
    assert list(source.messages(skip={source.files[0].path})) == []
    assert source.files[0].message_ids == (1,)


def test_pages_of_several_chats_are_refused(tmp_path: Path) -> None:
    """Pages with different titles are refused with both of them."""
    write_page(tmp_path / "a.html", message(1, "слова"))
    write_page(tmp_path / "b.html", message(2, "слова"), title="Другой")
    with pytest.raises(SourceError, match=f"several_chats .*{TITLE}, Другой"):
        open_source(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        _FRAME.format(title=TITLE, messages="").encode(),
        _FRAME.format(title="", messages=message(1, "слова")).encode(),
        _FRAME.format(title=TITLE, messages=message(1, "", at="3 avril 2023")).encode(),
        _FRAME.format(title=TITLE, messages=message(1, "слова")).encode("koi8-r"),
    ],
    ids=["empty", "untitled", "undated", "encoding"],
)
def test_export_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    """An export without a title or a readable date is refused with what to do instead."""
    path = tmp_path / "messages.html"
    path.write_bytes(content)
    with pytest.raises(SourceError, match="no_messages"):
        open_source(path)


def test_page_in_another_encoding_is_a_problem(tmp_path: Path) -> None:
    """One page that is not UTF-8 does not keep the others from being read."""
    write_page(tmp_path / "a.html", message(1, "слова"))
    content = _FRAME.format(title=TITLE, messages=message(2, "слова")).encode("koi8-r")
    (tmp_path / "b.html").write_bytes(content)
    problems = [item for item in open_source(tmp_path).messages() if isinstance(item, BadMessage)]
    assert [problem.file for problem in problems] == ["b.html"]
    assert "not UTF-8" in problems[0].reason


_SAMPLE = _FRAME.format(
    title=TITLE,
    messages="".join(case.read_text(encoding="utf-8") for case in CASES),
).encode()
_edits = st.lists(
    st.tuples(
        st.integers(0, len(_SAMPLE)),
        st.integers(0, 60),
        st.one_of(
            st.binary(max_size=3), st.sampled_from([b"<", b">", b"</div>", b'"', b"<b>" * 99])
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
