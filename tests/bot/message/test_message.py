"""How texts are put together, nested, cut and counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.message.compose import bold, clean, join, link
from bot.message.html import to_html
from bot.message.nesting import nest
from bot.message.pages import paginate
from bot.results.facts import card_facts
from bot.results.listing_view import Entry, Page, excerpt_of, fitting, list_page
from bot.results.post_text import code_of, snippet_file_name, split_post, text_of
from i18n import ENGLISH, RUSSIAN, Catalogue, Locale, texts_for
from i18n.query_notes import say_notes
from model.posts import Media, MediaKind, Precision, Snippet, SnippetOrigin
from model.rich_text import RichText, Span, SpanKind
from model.text import shorten, utf16_length
from search import Note, Remark
from tests.bot.strategies import archived_post

_READER = Locale(texts=RUSSIAN, zone=UTC)


def marked(text: str, *spans: tuple[SpanKind, int, int]) -> RichText:
    """Return a text with spans, links and all."""
    return RichText(
        text,
        tuple(
            Span(
                kind=kind,
                start=start,
                end=end,
                value="https://example.org/" if kind is SpanKind.TEXT_LINK else "",
            )
            for kind, start, end in spans
        ),
    )


@pytest.mark.parametrize(
    ("spans", "html"),
    [
        ([(SpanKind.BOLD, 0, 4), (SpanKind.CODE, 1, 3)], "<b>a</b><code>bc</code><b>d</b>"),
        ([(SpanKind.TEXT_LINK, 0, 4), (SpanKind.CODE, 1, 3)], None),
        ([(SpanKind.SPOILER, 0, 4), (SpanKind.PRE, 0, 4)], "<pre>abcd</pre>"),
        ([(SpanKind.QUOTE, 0, 4), (SpanKind.QUOTE, 1, 3)], "<blockquote>abcd</blockquote>"),
        (
            [(SpanKind.QUOTE, 0, 3), (SpanKind.QUOTE, 1, 4)],
            "<blockquote>abc</blockquote><blockquote>d</blockquote>",
        ),
        (
            [(SpanKind.BOLD, 0, 3), (SpanKind.QUOTE, 1, 4)],
            "<b>a</b><blockquote><b>bc</b>d</blockquote>",
        ),
        ([(SpanKind.BOLD, 0, 3), (SpanKind.ITALIC, 1, 4)], "<b>a<i>bc</i></b><i>d</i>"),
        ([(SpanKind.BOLD, 0, 2), (SpanKind.BOLD, 2, 4)], "<b>abcd</b>"),
        ([(SpanKind.PRE, 0, 2), (SpanKind.PRE, 2, 4)], "<pre>ab</pre><pre>cd</pre>"),
        ([(SpanKind.BOLD, 2, 2), (SpanKind.BOLD, -1, 2)], "abcd"),
        ([(SpanKind.BOLD, 3, 99)], "abc<b>d</b>"),
        ([(SpanKind.HASHTAG, 0, 4), (SpanKind.CUSTOM_EMOJI, 0, 1)], "abcd"),
        ([(SpanKind.UNDERLINE, 0, 1), (SpanKind.STRIKE, 1, 2)], "<u>a</u><s>b</s>cd"),
    ],
    ids=[
        "code splits bold",
        "code splits a link",
        "no spoiler over a block",
        "no quotation in a quotation",
        "quotations that overlap",
        "quotations are outermost",
        "overlap",
        "styles that touch",
        "blocks that touch",
        "empty and negative",
        "too long",
        "what Telegram finds itself",
        "other styles",
    ],
)
def test_spans_nest_as_telegram_keeps_them(
    spans: Sequence[tuple[SpanKind, int, int]], html: str | None
) -> None:
    """Spans that the server would drop or split are settled before they are sent."""
    expected = html or (
        '<a href="https://example.org/">a</a><code>bc</code><a href="https://example.org/">d</a>'
    )

    assert to_html(marked("abcd", *spans)) == expected


def test_blank_spans_are_dropped() -> None:
    """A span over nothing visible is none."""
    assert nest(marked("a  b", (SpanKind.BOLD, 1, 3))).spans == ()


@pytest.mark.parametrize(
    ("value", "html"),
    [
        ("python", '<pre><code class="language-python">x</code></pre>'),
        ("c++", '<pre><code class="language-c++">x</code></pre>'),
        ('"><b>', "<pre>x</pre>"),
        ("", "<pre>x</pre>"),
    ],
)
def test_language_of_a_block_is_a_plain_name(value: str, html: str) -> None:
    """Anything but a name of a language is left out of the HTML."""
    span = Span(kind=SpanKind.PRE, start=0, end=1, value=value)

    assert to_html(RichText("x", (span,))) == html


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "example.org", "https://a b", "", "https://" + "x" * 3000]
)
def test_only_openable_addresses_become_links(url: str) -> None:
    """Only addresses that a client can open become links."""
    span = Span(kind=SpanKind.TEXT_LINK, start=0, end=1, value=url)

    assert to_html(RichText("x", (span,))) == "x"


def test_addresses_are_escaped() -> None:
    """Quotation marks and brackets of an address cannot leave it."""
    assert to_html(link("x", 'https://example.org/?a="b">')) == (
        '<a href="https://example.org/?a=&quot;b&quot;&gt;">x</a>'
    )


def test_offsets_move_with_what_is_taken_out() -> None:
    """Where a character is dropped, the spans behind it follow."""
    rich = RichText("a\x00b\rc", (Span(kind=SpanKind.BOLD, start=2, end=99),))

    assert clean(rich) == RichText("abc", (Span(kind=SpanKind.BOLD, start=1, end=3),))


def test_pieces_are_joined_with_their_spans() -> None:
    """Texts and rich texts are put together, separators between them."""
    rich = join(["a", bold("b"), "c"], by=bold("-"))

    assert to_html(rich) == "a<b>-b-</b>c"


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [
        ("коротко", 10, "коротко"),
        ("раз  два\nтри", 20, "раз два три"),
        ("раз два три четыре", 12, "раз два три…"),
        ("раз дваааааааааа", 12, "раз дваааааа…"[:11] + "…"),
        ("😀" * 9, 7, "😀😀😀…"),
    ],
    ids=["as it is", "one line", "at a word", "inside a long word", "emoji"],
)
def test_titles_are_shortened(text: str, length: int, short: str) -> None:
    """A title is cut at a word, else anywhere, never longer than it may be."""
    assert shorten(text, length) == short
    assert utf16_length(shorten(text, length)) <= length


@pytest.mark.parametrize(
    ("text", "room", "pages"),
    [
        ("", 5, [""]),
        ("раз два три", 8, ["раз два ", "три"]),
        ("раз два\nтри четыре", 12, ["раз два\n", "три четыре"]),
        ("раз два\n\nтри\nчетыре", 14, ["раз два\n\n", "три\nчетыре"]),
        ("aaaaaaaaaa", 4, ["aaaa", "aaaa", "aa"]),
        ("😀😀😀", 3, ["😀", "😀", "😀"]),
        ("😀😀", 1, ["😀", "😀"]),
        ("ab👍🏽cd", 4, ["ab", "👍🏽", "cd"]),
        ("aae\u0301", 3, ["aa", "e\u0301"]),
        ("a\u0301\u0301\u0301\u0301\u0301", 2, ["a\u0301", "\u0301\u0301", "\u0301\u0301"]),
    ],
    ids=[
        "empty",
        "at a word",
        "at a line",
        "at a paragraph",
        "anywhere",
        "emoji are two",
        "always further",
        "with its skin",
        "with its accent",
        "accents without end",
    ],
)
def test_pages_break_where_a_reader_would(text: str, room: int, pages: list[str]) -> None:
    """A page ends at a paragraph, a line or a word, and never inside a character."""
    assert [page.text for page in paginate(RichText(text), room=room)] == pages


def test_code_carries_its_language_over_pages() -> None:
    """A block that goes on over several pages is a block of its language on each."""
    span = Span(kind=SpanKind.PRE, start=0, end=10, value="python")
    pages = paginate(RichText("a = 1\n" * 2, (span,)), room=6)

    assert [page.spans[0].value for page in pages] == ["python", "python"]


def test_page_ends_where_its_spans_run_out() -> None:
    """A page takes no more spans, nor longer addresses, than a message may have."""
    text = "a b " * 60
    spans = tuple(
        Span(kind=SpanKind.TEXT_LINK, start=at, end=at + 1, value=f"https://e.org/{'x' * 200}")
        for at in range(0, 240, 2)
    )
    pages = paginate(RichText(text, spans), room=4096)

    assert len(pages) > 1
    assert "".join(page.text for page in pages) == text
    assert all(sum(len(span.value) for span in page.spans) <= 5000 for page in pages)


def test_snippets_are_blocks_in_their_language() -> None:
    """Code recognised in prose is set as code, and blocks get the language that is known."""
    text = "Смотрите:\na = 1\nи ещё\nb = 2\n"
    content = RichText(text, (Span(kind=SpanKind.PRE, start=22, end=28),))
    snippets = (
        Snippet(origin=SnippetOrigin.DETECTED, code="a = 1", start=10, end=15),
        Snippet(origin=SnippetOrigin.PRE, code="b = 2", start=22, end=27, language="python"),
        Snippet(origin=SnippetOrigin.INLINE, code="и", start=16, end=17),
    )
    post = archived_post(content, snippets=snippets).post

    html = to_html(text_of(post))

    assert "<pre>a = 1</pre>" in html
    assert '<pre><code class="language-python">b = 2\n</code></pre>' in html
    names = [snippet_file_name(post, number) for number in (1, 2)]
    assert names == ["post_37_1.txt", "post_37_2.py"]


@pytest.mark.parametrize(
    ("snippets", "worthy"),
    [
        ([("inline", "df.head()", None), ("pre", "a = 1", None), ("detected", "b", None)], [1, 2]),
        ([("inline", "df.head()", "python"), ("pre", "a = 1", None)], [0, 1]),
        ([("inline", "name", "python"), ("inline", "read_csv-2.0 x", None)], [0]),
        ([("inline", "df.head()", None)], []),
    ],
    ids=["blocks alone", "both", "of a known language", "words of the text"],
)
def test_code_worth_a_view_of_its_own(
    snippets: list[tuple[str, str, str | None]], worthy: list[int]
) -> None:
    """Blocks count, and inline code in a known language."""
    found = tuple(
        Snippet(origin=SnippetOrigin(origin), code=code, start=0, end=1, language=language)
        for origin, code, language in snippets
    )
    post = archived_post(RichText("x"), snippets=found).post

    assert list(code_of(post)) == [found[number] for number in worthy]


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (RichText("Заголовок\n\nТекст"), "Заголовок"),
        (RichText("💫\n\nЗаголовок\nТекст"), "💫\n\nЗаголовок"),
        (RichText("с" * 201), ""),
        (marked("import os\nText", (SpanKind.PRE, 0, 9)), ""),
        (RichText(""), ""),
    ],
    ids=["first line", "emoji above it", "paragraph", "code", "empty"],
)
def test_title_stands_apart(content: RichText, title: str) -> None:
    """A first line that is a title stands above the facts; the rest follows below."""
    reading = split_post(archived_post(content).post)

    assert reading.title.text == title
    shown = reading.title.text + reading.rest.text
    assert "".join(shown.split()) == "".join(content.text.split())


def test_indented_code_below_a_title_keeps_its_indentation() -> None:
    """White space is dropped between title and text, and not inside code."""
    content = marked("Заголовок\n\n    a = 1", (SpanKind.PRE, 11, 20))

    assert split_post(archived_post(content).post).rest.text == "    a = 1"


def _listed(entry: Entry, locale: Locale = _READER) -> str:
    page = Page(
        session="abcdefghij",
        title=RichText("Заглавие"),
        remarks=(),
        number=1,
        pages=1,
        entries=(entry,),
    )
    return list_page(page, locale).body.text


def test_excerpt_goes_on_behind_the_title() -> None:
    """An excerpt that begins with the title does not repeat it; its marks stay in the title."""
    text = "Оконные функции #sql\n\nСтрока за строкой"
    archived = archived_post(RichText(text), hashtags=("sql",))
    entry = Entry(
        archived=archived, excerpt=excerpt_of(archived.post, text, highlights=[(0, 7), (22, 28)])
    )

    assert _listed(entry) == (
        "Заглавие\n\n1. Оконные функции\n5 марта 2024 · #sql\nСтрока за строкой"
    )


def test_excerpt_is_a_few_lines_about_what_matched() -> None:
    """Blank lines go, and of many lines those about the first word that matched stay."""
    text = "\n\n".join(f"строка {number}" for number in range(20))
    start = text.index("строка 12")
    archived = archived_post(RichText("Заголовок"))
    shown = _listed(
        Entry(
            archived=archived,
            excerpt=excerpt_of(archived.post, text, highlights=[(start, start + 6)]),
        )
    )

    assert shown.endswith("\n".join(f"строка {number}" for number in range(11, 17)))


def test_long_excerpt_is_cut() -> None:
    """An excerpt is cut at a word, with an ellipsis."""
    archived = archived_post(RichText("Заголовок"))
    shown = _listed(Entry(archived=archived, excerpt=RichText("слово " * 200)))

    assert shown.endswith("слово…")
    assert len(shown) < 500


@pytest.mark.parametrize(
    ("content", "media", "title"),
    [
        (RichText("с" * 130), (), "с" * 69 + "…"),
        (RichText("#sql #pandas"), (), "#sql #pandas"),
        (RichText(""), (Media(kind=MediaKind.VIDEO),), RUSSIAN.media["video"].capitalize()),
        (RichText("🔥"), (), "🔥"),
        (RichText("\u200b"), (), RUSSIAN.untitled),
    ],
    ids=["paragraph", "tags alone", "media", "signs", "nothing"],
)
def test_entries_have_a_title_of_some_kind(
    content: RichText, media: tuple[Media, ...], title: str
) -> None:
    """Whatever a post holds, its entry has a short title."""
    archived = archived_post(content, media=media)

    assert f"1. {title}\n" in _listed(Entry(archived=archived, excerpt=RichText("")))


def test_long_line_of_code_is_cropped_in_a_list() -> None:
    """A snippet of one endless line shows its beginning."""
    code = "x = [" + "1, " * 500 + "]"
    snippet = Snippet(origin=SnippetOrigin.PRE, code=code, start=0, end=len(code))
    archived = archived_post(RichText(code), snippets=(snippet,))

    assert len(_listed(Entry(archived=archived, excerpt=RichText(""), snippet=snippet))) < 900


def test_days_are_those_of_the_reader() -> None:
    """Dates are shown in the reader's zone; a day known alone stays the same day."""
    east = Locale(texts=ENGLISH, zone=timezone(timedelta(hours=3)))
    late = datetime(2024, 3, 5, 22, tzinfo=UTC)
    entry = Entry(archived=archived_post(RichText("x"), posted_at=late), excerpt=RichText(""))
    assert "March 6, 2024" in _listed(entry, east)

    day = datetime(2024, 3, 5, tzinfo=UTC)
    west = Locale(texts=ENGLISH, zone=timezone(timedelta(hours=-3)))
    archived = archived_post(RichText("x"), posted_at=day, precision=Precision.DAY)
    assert "March 5, 2024" in _listed(Entry(archived=archived, excerpt=RichText("")), west)
    facts = card_facts(archived, west, channel="")
    assert facts.text == "March 5, 2024"


def test_remarks_end_before_one_that_has_no_room() -> None:
    """A remark takes its line and the end of it."""
    assert [*fitting(["12", "😀", "1"], room=6)] == ["12", "😀"]
    assert [*fitting(["12", "😀", "1"], room=5)] == ["12"]


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("ru", RUSSIAN),
        ("be", RUSSIAN),
        ("uk-UA", RUSSIAN),
        ("kk_KZ", RUSSIAN),
        ("RU", RUSSIAN),
        ("en", ENGLISH),
        ("de", ENGLISH),
        ("rum", ENGLISH),
        ("", ENGLISH),
        (None, ENGLISH),
    ],
)
def test_language_follows_the_person(code: str | None, texts: Catalogue) -> None:
    """Those who read Russian are answered in Russian, all others in English."""
    assert texts_for(code) is texts


def test_catalogues_speak_of_the_same_things() -> None:
    """Both languages have a word for every command, medium and remark."""
    assert RUSSIAN.commands.keys() == ENGLISH.commands.keys()
    assert RUSSIAN.media.keys() == ENGLISH.media.keys() == set(MediaKind)
    assert RUSSIAN.notes.keys() == ENGLISH.notes.keys() == set(Remark)


def test_note_is_said_once() -> None:
    """Two halves of what was typed on the other keyboard mean one word, and are told as one."""
    halves = [Note(code=Remark.OTHER_LAYOUT, values=(half, "кликхаус")) for half in ("rkbr", "fec")]
    assert list(say_notes(halves, texts=RUSSIAN)) == [
        f"ℹ️ {RUSSIAN.notes['other_layout'].format(others='«кликхаус»')}"
    ]


def test_words_understood_alike_share_a_line() -> None:
    """What was done to several words is said once; what names the word typed, of each."""
    notes = [
        Note(code=Remark.OTHER_SCRIPT, values=("кафка", "kafka")),
        Note(code=Remark.OTHER_SPELLING, values=("спрак", "spark")),
        Note(code=Remark.OTHER_SCRIPT, values=("докер", "docker", "dockers")),
        Note(code=Remark.OTHER_SPELLING, values=("питн", "питон")),
    ]
    assert list(say_notes(notes, texts=RUSSIAN)) == [
        f"ℹ️ {RUSSIAN.notes['other_script'].format(others='«kafka», «docker», «dockers»')}",
        f"ℹ️ {RUSSIAN.notes['other_spelling'].format(word='«спрак»', others='«spark»')}",
        f"ℹ️ {RUSSIAN.notes['other_spelling'].format(word='«питн»', others='«питон»')}",
    ]
