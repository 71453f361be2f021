"""Pages that somebody tidied, minified or re-serialised are read as a browser shows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from ingest import open_source
from ingest.desktop.rewritten import as_exported
from model.errors import SourceError
from model.posts import BadMessage, Channel, Post
from tests.ingest.exports import TITLE, message, page, separator, service, write_pages
from tests.ingest.plain_posts import as_plain

_CASES = Path(__file__).parent / "cases"
_WORDS = (
    'один <strong>два</strong> <a href="https://example.org/?a=1&amp;b=2">три слова</a><br><br>'
    'df: <code>x = 1</code> <a href="" onclick="return ShowHashtag(&quot;sql&quot;)">#sql</a>'
    "<pre>if x:<br>    go()<br></pre>"
)
_PAGE = page(
    separator("5 March 2024")
    + service(1, "Channel «Записки о данных» created")
    + message(2, _WORDS)
    + message(3, "последний", at="06.03.2024 10:00:00 UTC+03:00")
)


def _soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def _minify(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text)


def _shout(text: str) -> str:
    return re.sub(r"</?(?:div|a|strong)\b", lambda tag: tag[0].upper(), _minify(text))


def _unquote(text: str) -> str:
    return re.sub(r'(\w+)="([\w:/.-]+)"', r"\1=\2", _minify(text))


def _reorder(text: str) -> str:
    dated = r'<div class="(pull_right date details)" title="([^"]*)">'
    return re.sub(dated, r"<div title='\2' class='\1'>", _minify(text))


_REWRITTEN: Mapping[str, Callable[[str], str]] = {
    "re-serialised": lambda text: str(_soup(text)),
    "pretty-printed": lambda text: _soup(text).prettify(),
    "minified": _minify,
    "without quotes": _unquote,
    "with a script": lambda text: _minify(text).replace("</body>", "<script>x</script></body>"),
    "in another order": _reorder,
    "upper case": lambda text: re.sub(
        r"</?(?:div|a|strong)\b", lambda m: m[0].upper(), _minify(text)
    ),
}


def read(folder: Path, text: str) -> list[dict[str, object]]:
    """Read a page that is alone in a folder."""
    source = open_source(write_pages(folder, {"messages.html": text}))
    assert source.channel == Channel(title=TITLE)
    return [as_plain(item) for item in source.messages()]


@pytest.mark.parametrize("how", _REWRITTEN)
def test_rewritten_page_reads_as_before(tmp_path: Path, how: str) -> None:
    """White space, quotes, case and the order of attributes mean nothing; code keeps its lines."""
    before = read(tmp_path / "a", _PAGE)
    assert len(before) == 3
    assert read(tmp_path / "b", _REWRITTEN[how](_PAGE)) == before


def test_page_of_the_exporter_is_left_as_it_is() -> None:
    """What it wrote is not parsed twice, and keeps the blanks of its author."""
    content = page(message(1, "  края  ")).encode()
    assert as_exported(content) is content


def test_page_that_is_no_utf_8_is_left_as_it_is() -> None:
    """It is told as such, not read with holes."""
    content = _minify(_PAGE).encode("cp1251", errors="replace")
    assert as_exported(content) is content


def test_page_without_messages_is_left_as_it_is() -> None:
    """There is nothing to put into a layout."""
    assert as_exported(b"<p>x</p>") == b"<p>x</p>"


def test_merged_pages_are_read_as_one(tmp_path: Path) -> None:
    """Whole documents one after the other are one page for a browser."""
    second = page(message(4, "из второй", at="07.03.2024 10:00:00 UTC+03:00"))
    for name, text in {"as they were": _PAGE + second, "tidied": _minify(_PAGE + second)}.items():
        found = read(tmp_path / name, text)
        assert [item["message_id"] for item in found] == [1, 2, 3, 4]


def test_page_from_an_archive_of_the_web_has_its_own_links(tmp_path: Path) -> None:
    """The archive wraps every address; what the author took from there stays."""
    own = "https://web.archive.org/web/2019/http://old.example/"
    text = page(
        message(1, f'<a href="https://example.org/a">раз</a> <a href="{own}">два</a>')
    ).replace("</head>", '<link href="css/style.css" rel="stylesheet"/></head>')
    archived = re.sub('href="css', 'href="/web/20240101000000cs_/http://h.example/css', text)
    archived = archived.replace(
        'href="https:', 'href="https://web.archive.org/web/20240101000000/https:'
    )
    [plain] = read(tmp_path / "a", text)
    [found] = read(tmp_path / "b", archived)
    assert found == plain
    assert [link["url"] for link in found["links"]] == ["https://example.org/a", own]  # type: ignore[attr-defined]


def test_renamed_channel_is_taken_if_it_is_named(tmp_path: Path) -> None:
    """If the posts of two titles follow each other, a name settles that they are one channel's."""
    later = message(2, "потом", at="06.03.2024 10:00:00 UTC+03:00")
    pages = {"messages.html": page(message(1, "раз")), "messages2.html": page(later, title="Новое")}
    write_pages(tmp_path, pages)
    with pytest.raises(SourceError, match=f"several_chats .*names={TITLE}, Новое"):
        open_source(tmp_path)
    source = open_source(tmp_path, channel="@lab_lab")
    assert source.channel == Channel(title="Новое")
    assert [item.message_id for item in source.messages() if isinstance(item, Post)] == [1, 2]


def test_pages_of_two_chats_stay_apart_even_if_named(tmp_path: Path) -> None:
    """Posts with numbers in common, or against the order of time, are not one channel's."""
    early = message(2, "раньше", at="06.03.2020 10:00:00 UTC+03:00")
    for number, other in enumerate((message(1, "x"), early)):
        pages = {
            "messages.html": page(message(1, "раз")),
            "other.html": page(other, title="Другой"),
        }
        folder = write_pages(tmp_path / str(number), pages)
        with pytest.raises(SourceError, match="several_chats"):
            open_source(folder, channel="@lab_lab")


def test_unreadable_message_keeps_its_words(tmp_path: Path) -> None:
    """What the archive cannot hold can be looked up in the problems of the import."""
    lost = '<div class="message default clearfix" id="message">важное</div>'
    write_pages(tmp_path, {"messages.html": page(message(1, "раз") + lost)})
    [_, problem] = open_source(tmp_path).messages()
    assert isinstance(problem, BadMessage)
    assert problem.reason == "The message has no number. It says: важное"
