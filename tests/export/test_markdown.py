"""Rich text as Markdown: a reader of CommonMark sees what the author wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.markdown import to_markdown
from model.posts import Snippet, SnippetOrigin
from model.rich_text import RichText, Span, SpanKind
from tests.export.markdown_reading import Code, Letter, Line, normalized, read_markdown

_STYLES = (
    SpanKind.BOLD,
    SpanKind.ITALIC,
    SpanKind.UNDERLINE,
    SpanKind.STRIKE,
    SpanKind.SPOILER,
    SpanKind.CODE,
)
_LINKS = (SpanKind.TEXT_LINK, SpanKind.URL)
_ADDRESSES = (
    "https://arxiv.org/abs/1706.03762",
    "https://ru.wikipedia.org/wiki/Python_(язык)?a=1&copy;=2&b[]=*x*",
    "https://a.b/with space`tick`<>\\",
    "tg://resolve?domain=a_b_c",
)
_PARTS = st.sampled_from(
    [
        *"абxyЯ1 _*`~[]()<>&!#+-=|$%\\.:^\"'«»—🔥€\t\n\u00a0\u2028\u0301",
        "  ",
        "\n\n",
        "\r\n",
        "1. ",
        "- ",
        "## ",
        "```",
        "<u>",
        "&amp;",
        "](u)",
        "![",
        "**",
        "__",
        "~~",
        "---",
        "a_b",
        "#llm_design",
        "df[0]",
        *("<b", "https://x.y/a_b", "<!--", "| a | b", "==", "%%", "[^1]", "[x]: y", "> ", "    "),
    ]
)


@st.composite
def rich_texts(draw: st.DrawFn) -> RichText:
    """Make texts of what Markdown minds, with spans that overlap in any way."""
    text = "".join(draw(st.lists(_PARTS, min_size=1, max_size=14)))
    spans = []
    for kind in draw(st.lists(st.sampled_from([*_STYLES, *_LINKS]), max_size=4)):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        value = draw(st.sampled_from(_ADDRESSES)) if kind in _LINKS else ""
        spans.append(Span(kind=kind, start=start, end=end, value=value))
    return RichText(text, tuple(sorted(spans, key=lambda span: (span.start, -span.end))))


def expected_lines(content: RichText) -> Iterator[Line]:
    """Yield the lines as the spans say, without blank ones and white space at the ends."""
    place = 0
    for line in re.split(r"(\r\n?|\n)", content.text):
        bare = line.strip()
        first = place + line.find(bare)
        if bare:
            yield Line(tuple(_letter(content, n) for n in range(first, first + len(bare))))
        place += len(line)


def _letter(content: RichText, place: int) -> Letter:
    if content.text[place].isspace():
        return Letter(content.text[place])
    spans = [span for span in content.spans if span.start <= place < span.end]
    links = [span for span in spans if span.kind in _LINKS]
    return Letter(
        content.text[place],
        frozenset(span.kind.value for span in spans if span.kind in _STYLES),
        normalized(links[-1].value) if links else "",
    )


@given(rich_texts())
def test_a_reader_sees_the_text_and_its_styles(content: RichText) -> None:
    """Every character has its own styles and link; nothing else is taken for markup."""
    shown = [
        Line(tuple(_stripped(line.letters)))
        for line in read_markdown(to_markdown(content))
        if isinstance(line, Line)
    ]
    assert shown == list(expected_lines(content))


def _stripped(letters: tuple[Letter, ...]) -> list[Letter]:
    """Return letters without the spaces in front."""
    text = "".join(letter.text for letter in letters)
    return list(letters[len(text) - len(text.lstrip()) :])


def span(kind: SpanKind, text: str, part: str, value: str = "") -> Span:
    """Return a span over a part of a text."""
    start = text.index(part)
    return Span(kind=kind, start=start, end=start + len(part), value=value)


@pytest.mark.parametrize(
    ("kind", "text", "part", "value", "written"),
    [
        (SpanKind.BOLD, "это жирно, да", "жирно", "", "это **жирно**, да"),
        (SpanKind.BOLD, "жирный", "жир", "", "**жир**ный"),
        (SpanKind.BOLD, "a(b)c", "(b)", "", "a<strong>(b)</strong>c"),
        (SpanKind.BOLD, "one two", "one ", "", "**one** two"),
        (SpanKind.BOLD, "one\n\ntwo", "one\n\ntwo", "", "**one**\n\n**two**"),
        (SpanKind.BOLD, "a b", " ", "", "a b"),
        (SpanKind.BOLD, " a", " ", "", "&nbsp;a"),
        (SpanKind.BOLD, "a ", " ", "", "a"),
        (SpanKind.URL, "data:x", "data:x", "", "data:x"),
        (SpanKind.ITALIC, "a b c", "b", "", "a _b_ c"),
        (SpanKind.ITALIC, "abc", "b", "", "a<em>b</em>c"),
        (SpanKind.STRIKE, "a b", "b", "", "a ~~b~~"),
        (SpanKind.UNDERLINE, "a b", "b", "", "a <u>b</u>"),
        (SpanKind.SPOILER, "a b", "b", "", 'a <span class="spoiler">b</span>'),
        (SpanKind.CODE, "a `b", "`b", "", "a `` `b ``"),
        (SpanKind.CODE, "a  b  c", " b ", "", "a `  b  ` c"),
        (SpanKind.CODE, "a   b", "   ", "", "a`   `b"),
        (SpanKind.HASHTAG, "#llm_system_design", "#llm_system_design", "", "#llm_system_design"),
        (SpanKind.MENTION, "@data_notes_", "@data_notes_", "", "@data_notes\\_"),
        (SpanKind.URL, "см. https://a.b/c_d", "https://a.b/c_d", "", "см. <https://a.b/c_d>"),
        (SpanKind.URL, "a.b/c", "a.b/c", "http://a.b/c", "[a.b/c](http://a.b/c)"),
        (SpanKind.TEXT_LINK, "a [b]", "[b]", "https://a/(b)", "a [\\[b\\]](https://a/%28b%29)"),
        (SpanKind.TEXT_LINK, "a b", "b", "javascript:alert(1)", "a b (javascript:alert(1))"),
        (SpanKind.TEXT_LINK, "a b", "b", "https://x/?a&lt;", "a [b](https://x/?a\\&lt;)"),
        (SpanKind.EMAIL, "a@b.cd", "a@b.cd", "", "<a@b.cd>"),
        (SpanKind.EMAIL, "мне", "мне", "a@b.cd", "[мне](mailto:a@b.cd)"),
        (SpanKind.PHONE, "+7 900", "+7 900", "", "+7 900"),
        (SpanKind.PHONE, "тел", "тел", "+7900", "[тел](tel:+7900)"),
    ],
)
def test_a_style_is_written_as_a_person_would(
    kind: SpanKind, text: str, part: str, value: str, written: str
) -> None:
    """Marks where every reader takes them for marks, tags elsewhere; addresses are safe ones."""
    assert to_markdown(RichText(text, (span(kind, text, part, value),))) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# no heading", "\\# no heading"),
        ("#tag", "#tag"),
        ("1. one\n22) two", "1\\. one  \n22\\) two"),
        ("- one\n+ two\n-5 °C", "\\- one  \n\\+ two  \n-5 °C"),
        ("a\n---", "a  \n\\---"),
        ("> a > b", "\\> a > b"),
        ("    four spaces", "&nbsp;&nbsp;&nbsp;&nbsp;four spaces"),
        ("x < y, <b> &amp; & C", "x < y, \\<b> \\&amp; & C"),
        ("a_b_c _d_ __e__", "a_b_c \\_d\\_ \\_\\_e\\_\\_"),
        ("[[wiki]] ==mark== $x$", "\\[\\[wiki\\]\\] \\=\\=mark\\=\\= \\$x\\$"),
        ("\n\n a \n\n\n\nb\n", "&nbsp;a\n\nb"),
        ("", ""),
    ],
)
def test_what_only_looks_like_markup_is_escaped(text: str, written: str) -> None:
    """Nothing else is: words and tags stay as they are."""
    assert to_markdown(RichText(text)) == written


def test_code_and_quotations_are_blocks() -> None:
    """Fences are longer than those within; unmarked code gets one; code in a quotation stays so."""
    text = "См.:x = ```1```\nКонец\nimport re\n\nцитата\ny = 2\nда"
    spans = (
        span(SpanKind.PRE, text, "x = ```1```\n", "C++ x`y"),
        span(SpanKind.QUOTE, text, "цитата\ny = 2\nда"),
        span(SpanKind.PRE, text, "y = 2", "py"),
        span(SpanKind.PRE, text, "= 2\nда"),
    )
    at = text.index("import re")
    snippets = [
        Snippet(origin=SnippetOrigin.PRE, code="y = 2", start=text.index("y ="), end=0),
        Snippet(
            origin=SnippetOrigin.DETECTED,
            code="import re",
            start=at,
            end=at + 9,
            language="python",
        ),
    ]
    written = to_markdown(RichText(text, spans), snippets)
    assert "````C++\nx = ```1```\n````" in written
    assert "> ```py\n> y = 2\n> ```" in written
    shown = [
        block if isinstance(block, Code) else (block.text, block.is_quoted)
        for block in read_markdown(written)
    ]
    assert shown == [
        ("См.:", False),
        Code("x = ```1```", "C++"),
        ("Конец", False),
        Code("import re", "python"),
        ("цитата", True),
        Code("y = 2", "py", is_quoted=True),
        ("да", True),
    ]


def test_a_part_of_a_text_is_written() -> None:
    """What a part has of spans is formatted as in the whole."""
    text = "один два\nтри четыре"
    content = RichText(text, (Span(kind=SpanKind.BOLD, start=5, end=12),))
    quoted = RichText(text, (Span(kind=SpanKind.QUOTE, start=5, end=12),))
    assert to_markdown(content, start=9) == "**три** четыре"
    assert to_markdown(content, end=8) == "один **два**"
    assert to_markdown(quoted, start=9, end=11) == "> тр"
    assert to_markdown(quoted, end=8) == "один\n\n> два"
