"""Damaged pages: whatever happened to them, what can be read is read and nothing is raised."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest import open_source
from model.errors import SourceError
from model.posts import BadMessage, Post
from tests.ingest.exports import message, page, separator, service, write_pages
from tests.ingest.test_cases import CASES

THREE = page(message(1, "один") + message(2, "два<br>строки") + message(3, "три"))
WHOLE_PAGE = page("".join(case.read_text(encoding="utf-8") for case in CASES)).encode()


def read(content: bytes | str, folder: Path) -> list[Post | BadMessage]:
    """Read a page of the given content."""
    raw = content if isinstance(content, bytes) else content.encode()
    (folder / "messages.html").write_bytes(raw)
    return list(open_source(folder).messages())


def outcome(items: list[Post | BadMessage]) -> list[str]:
    """Return texts, and the anchors of problems in angle brackets."""
    return [f"<{item.anchor}>" if isinstance(item, BadMessage) else item.text for item in items]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("три\n", ["один", "два\nстроки", "<message3>"]),
        ("строки\n       </div>", ["один", "<message2>"]),
        ('id="message3"', ["один", "два\nстроки", "<message3>"]),
        ('id="message3', ["один", "два\nстроки", "<message3>"]),
        ('clearfix" id="message3', ["один", "два\nстроки", "<message3>"]),
        ("три\n       </div>\n\n      </div>\n\n     </div>", ["один", "два\nстроки", "три", "<>"]),
        ("</body>", ["один", "два\nстроки", "три", "<>"]),
    ],
)
def test_page_that_breaks_off_keeps_what_is_whole(
    tmp_path: Path, end: str, expected: list[str]
) -> None:
    """A page cut in the middle gives its whole messages, and says where it was cut."""
    content = THREE[: THREE.index(end) + len(end)]
    items = read(content, tmp_path)
    assert outcome(items) == expected
    assert isinstance(items[-1], BadMessage)
    assert items[-1].reason == "The page breaks off here; export it again to get the rest."


def test_page_cut_before_its_messages_is_a_problem(tmp_path: Path) -> None:
    """A later page without any message left is missed."""
    write_pages(
        tmp_path,
        {"messages.html": THREE, "messages2.html": THREE[: THREE.index('<div class="message')]},
    )
    assert outcome(list(open_source(tmp_path).messages())) == ["один", "два\nстроки", "три", "<>"]


def test_line_separators_lose_two_bytes_and_are_read(tmp_path: Path) -> None:
    """U+2028 and U+2029, which the exporter breaks, are line breaks; the page is UTF-8 again."""
    content = page(message(1, "один<br>@@два<br>!!три")).encode()
    broken = content.replace(b"@@", b"\x80\xa8").replace(b"!!", b"\x80\xa9")
    assert outcome(read(broken, tmp_path)) == ["один\nдва\nтри"]


def test_one_page_in_another_encoding_is_a_problem(tmp_path: Path) -> None:
    """A page that is not UTF-8 is named; the other pages are read."""
    write_pages(tmp_path, {"messages2.html": page(message(2, "два"))})
    [bad, post] = read(page(message(1, "один")).encode("cp1251"), tmp_path)
    assert isinstance(bad, BadMessage)
    assert bad.reason.startswith("The page is not UTF-8 text")
    assert isinstance(post, Post)


def test_byte_order_mark_and_windows_line_ends_are_read_over(tmp_path: Path) -> None:
    """A page that went through Windows has the same texts."""
    content = page(message(1, "один<br>два<br><pre>x<br></pre>")).replace("\n", "\r\n")
    assert outcome(read(b"\xef\xbb\xbf" + content.encode(), tmp_path)) == ["один\nдва\nx\n"]


@pytest.mark.parametrize("tag", ["b", "div", "span", "blockquote", "a"])
def test_deep_nesting_is_survived(tmp_path: Path, tag: str) -> None:
    """A text of three thousand nested tags is read as far as it makes sense."""
    [post] = read(page(message(1, f"<{tag}>" * 3_000 + "x")), tmp_path)
    assert isinstance(post, Post)
    body = page(message(1, "x").replace('<div class="text">', "<div>" * 3_000))
    assert read(body, tmp_path)
    rich = page(message(1, f"<{tag}>" * 3_000).replace('"text"', '"text rich_message"'))
    assert read(rich, tmp_path)


@pytest.mark.parametrize(
    "text",
    ["<!--", "<script>", "<style>", "<textarea>", "<table>", "<pre", "</div></div></div>", "\0"],
)
def test_markup_that_no_exporter_writes_is_survived(tmp_path: Path, text: str) -> None:
    """Stray markup may cost the messages behind it, and nothing else."""
    items = read(page(message(1, "до") + message(2, text) + message(3, "после")), tmp_path)
    assert items[0] == read(page(message(1, "до")), tmp_path)[0]


@given(cut=st.integers(0, len(WHOLE_PAGE)))
@example(cut=len(WHOLE_PAGE))
def test_page_cut_anywhere_never_raises(cut: int) -> None:
    """A page cut at any byte is read, or refused in one sentence."""
    assert is_answered(WHOLE_PAGE[:cut])


@given(seed=st.integers(0, 2**32), changes=st.integers(1, 60))
def test_page_with_random_damage_never_raises(seed: int, changes: int) -> None:
    """A page in which bytes were changed, lost and doubled is read, or refused in one sentence."""
    assert is_answered(damage(WHOLE_PAGE, random.Random(seed), changes=changes))


def is_answered(content: bytes) -> bool:
    """Tell whether a page gives messages or problems, or is refused in one sentence."""
    with TemporaryDirectory() as folder:
        try:
            return bool(read(content, Path(folder)))
        except SourceError as refused:
            return "\n" not in str(refused)


def damage(content: bytes, dice: random.Random, *, changes: int) -> bytes:
    """Return the content after some accidents; most hit markup, for that is what readers fear."""
    damaged = bytearray(content)
    for _ in range(changes):
        if not damaged:
            break
        start = dice.randrange(len(damaged))
        length = dice.choice((1, 2, 5, 40, 400))
        accident = dice.randrange(4)
        if accident == 0:
            del damaged[start : start + length]
        elif accident == 1:
            damaged[start:start] = damaged[start : start + length]
        elif accident == 2:
            damaged[start : start + 1] = dice.choice((b"<", b">", b'"', b"=", b"&", b"9", b"\n"))
        else:
            other = dice.randrange(len(damaged))
            damaged[start : start + length] = damaged[other : other + length]
    return bytes(damaged)


def test_service_lines_survive_a_broken_separator(tmp_path: Path) -> None:
    """A separator that cannot be read costs the date of the lines below it, and is named."""
    content = page(
        message(1, "a")
        + separator("30 February 2024")
        + service(2, "Channel photo changed")
        + separator("5 March 1066")
        + service(3, "Channel photo removed")
    )
    assert outcome(read(content, tmp_path)) == ["a", "<message2>", "<message3>"]
