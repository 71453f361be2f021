"""Pages made to overload a parser are recognised in linear time."""

from __future__ import annotations

from pathlib import Path
from time import thread_time

import pytest

from ingest import open_source
from ingest.complexity import TOO_COMPLEX, is_too_complex
from model.errors import SourceError
from model.posts import BadMessage, Post
from tests.ingest import test_macos as macos
from tests.ingest import web_pages as web
from tests.ingest.exports import message, page, write_pages

_MANY = 200_000
_HOSTILE = {
    "never closed": "<div>" * _MANY,
    "closed at the end": "<div>" * _MANY + "</div>" * _MANY,
    "closed too early": "</div>" * _MANY + "<div>" * _MANY,
    "spans": "<span>" * _MANY,
    "attributes": "<p " + " ".join(f"a{number}" for number in range(_MANY)) + ">",
    "quoted attributes": "<p " + " ".join(f'a{number}="1"' for number in range(_MANY)) + ">",
}
_ALLOWED = {
    "breaks": "x<br>" * _MANY,
    "pictures": '<img src="x">' * _MANY,
    "breaks and pictures": 'x<br/><img src="x">' * _MANY,
    "a picture in the page": f'<img src="data:{"iVBO/Rw0" * _MANY}">',
    "a long text": "слово " * _MANY,
    "elements one after the other": "<div><b>x</b></div>" * _MANY,
    "messages within messages": "<div><div>x</div>" * 1000,
}


@pytest.mark.parametrize("markup", _HOSTILE.values(), ids=_HOSTILE)
def test_hostile_markup_is_told(markup: str) -> None:
    """A second is far more than it takes, and far less than a parser would."""
    began = thread_time()
    assert is_too_complex(page(markup).encode())
    assert thread_time() - began < 1


@pytest.mark.parametrize("markup", _ALLOWED.values(), ids=_ALLOWED)
def test_long_pages_are_let_through(markup: str) -> None:
    """What exporters and browsers write may be long, as long as it is regular."""
    assert not is_too_complex(page(markup).encode())


def test_hostile_page_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    """The pages beside it are read, and the export is not taken for whole."""
    pages = {
        "messages.html": page(message(1, "один")),
        "messages2.html": page(message(2, "<div>" * _MANY)),
    }
    [post, problem] = open_source(write_pages(tmp_path, pages)).messages()
    assert isinstance(post, Post)
    assert problem == BadMessage(
        file="messages2.html", anchor="", reason=TOO_COMPLEX, rest_lost=True
    )


def test_hostile_page_of_macos_is_a_problem(tmp_path: Path) -> None:
    """So it is with pages of the macOS application."""
    macos.write_page(tmp_path / "a.html", macos.message(1, "один"))
    macos.write_page(tmp_path / "b.html", macos.message(2, "<div>" * _MANY))
    problems = [item for item in open_source(tmp_path).messages() if isinstance(item, BadMessage)]
    assert [(problem.file, problem.reason) for problem in problems] == [("b.html", TOO_COMPLEX)]


def test_hostile_saved_page_is_refused(tmp_path: Path) -> None:
    """And with saved pages, of which one alone is no import at all."""
    saved = web.write_web(
        tmp_path / "page.html", "<div>" * _MANY + web.web_message(1, web.web_text("x"))
    )
    with pytest.raises(SourceError, match="nests its elements too deep"):
        open_source(saved)
