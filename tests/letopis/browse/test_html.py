"""Texts, code and matches as HTML."""

from __future__ import annotations

import pytest

from letopis.browse.html import code_html, marked_html, text_html
from model.rich_text import RichText, Span, SpanKind


@pytest.mark.parametrize("language", [None, "no such language", "python", "text"])
def test_code_is_escaped_in_any_language(language: str | None) -> None:
    """Its lines and its spaces stay."""
    written = code_html("\n  a < b\nc", language)
    assert "&lt;" in written
    assert "<b" not in written
    assert written.count("\n") == 2


def test_matches_are_marked_and_everything_is_escaped() -> None:
    """Wherever they are."""
    assert marked_html("<a> b", []) == "&lt;a&gt; b"
    assert marked_html("<a> b", [(0, 3), (4, 5)]) == ("<mark>&lt;a&gt;</mark> <mark>b</mark>")


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:x", "file:///etc/passwd", '"><script>'],
)
def test_only_addresses_of_the_web_become_links(address: str) -> None:
    """Others stay words."""
    link = Span(kind=SpanKind.TEXT_LINK, start=0, end=1, value=address)
    bare = Span(kind=SpanKind.URL, start=1, end=2, value=address)
    assert text_html(RichText("ab", (link, bare))) == "ab"


def test_links_tell_nobody_where_they_were_followed() -> None:
    """The site learns no address of the archive."""
    link = Span(kind=SpanKind.TEXT_LINK, start=0, end=1, value="https://example.org/?a=1&b=2")
    assert text_html(RichText("x", (link,))) == (
        '<a rel="noreferrer" href="https://example.org/?a=1&amp;b=2">x</a>'
    )


def test_a_text_that_looks_like_html_stays_text() -> None:
    """Also where it looks like what is replaced afterwards."""
    text = '<a href="x"> <pre>y</pre> &lt;'
    assert text_html(RichText(text)) == ('&lt;a href="x"&gt; &lt;pre&gt;y&lt;/pre&gt; &amp;lt;')
