"""Whatever a post holds, Telegram accepts what it becomes and shows the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.message.compose import clean
from bot.message.html import to_html
from bot.message.message import COPY_LENGTH, OutgoingMessage
from bot.message.nesting import nest
from bot.message.pages import paginate
from bot.results.card_view import CardContext, open_card, snippet_card, text_card
from bot.results.filters_view import Choice, Panel, all_filters, one_group
from bot.results.listing_view import (
    Entry,
    ListingActions,
    Page,
    Suggestion,
    aside_of,
    excerpt_of,
    list_page,
)
from bot.results.nothing_found import nothing_found
from bot.results.post_text import code_of
from bot.results.refinements import PERIODS, SORTS, THINGS, Group, group_of
from bot.results.versions_view import version_card
from db import PostVersion
from i18n import ENGLISH, RUSSIAN, Locale
from model.posts import ArchivedPost
from model.rich_text import RichText, Span, SpanKind
from model.text import utf16_length
from tests.bot.oracle import expected_entities, parse_html
from tests.bot.strategies import archived_post, posts, rich_texts, texts
from tests.standin.markup import read_formatted

_PLACE = CardContext(session="abcdefghij", page=3)
_READERS = st.sampled_from((Locale(texts=RUSSIAN), Locale(texts=ENGLISH)))
_KNOWN = datetime(2025, 1, 1, tzinfo=UTC)
_CHOICES = 40


@given(rich_texts())
def test_html_says_what_was_meant(rich: RichText) -> None:
    """Telegram reads the same text and the same spans from the HTML."""
    nested = nest(rich)

    text, entities = parse_html(to_html(rich))

    assert text == nested.text
    assert _without_addresses(entities) == _without_addresses(expected_entities(nested))


@given(rich_texts())
def test_nesting_is_idempotent(rich: RichText) -> None:
    """Nested spans stay as they are, and code is never inside anything else."""
    nested = nest(rich)

    assert nest(nested) == nested
    for span in nested.spans:
        if span.kind in {SpanKind.CODE, SpanKind.PRE}:
            around = [s for s in nested.spans if s.start < span.end and s.end > span.start]
            assert {s.kind for s in around} <= {span.kind, SpanKind.QUOTE}


@given(rich_texts(), st.integers(1, 60), st.integers(9, 20))
def test_pages_are_the_whole_text(rich: RichText, room: int, spans: int) -> None:
    """The pages put together are the text, each fits, and every character keeps its style."""
    whole = nest(rich)

    pages = paginate(rich, room=room, spans=spans)

    assert "".join(page.text for page in pages) == whole.text
    for page in pages:
        assert utf16_length(page.text) <= max(room, 2)
        assert len(page.spans) <= spans
    styled = [kinds for page in pages for kinds in _kinds_by_character(page)]
    assert styled == _kinds_by_character(whole)


@given(rich_texts(), st.integers(8, 60))
def test_pages_tear_no_span_that_would_fit(rich: RichText, room: int) -> None:
    """A page ends within a span only where no page could hold it; never within a character."""
    whole = nest(rich)

    ends = [0]
    for page in paginate(rich, room=room, spans=100):
        ends.append(ends[-1] + len(page.text))

    for end in ends[1:-1]:
        for span in whole.spans:
            if span.start < end < span.end:
                assert utf16_length(whole.text_of(span)) > room


def test_code_blocks_are_not_split() -> None:
    """A block that fits on a page starts a new one; a longer block is cut at a line."""
    prose, code = "Слово. " * 20, "line = 1\n" * 12
    start = len(prose)
    text = prose + code + "\nКонец."
    block = Span(kind=SpanKind.PRE, start=start, end=start + len(code), value="python")

    pages = paginate(RichText(text, (block,)), room=180)
    torn = paginate(RichText(text, (block,)), room=100)

    assert [page.text.startswith("line = 1") for page in pages] == [False, True]
    assert pages[1].spans[0].end == len(code)
    assert [page.text.endswith("line = 1\n") for page in torn] == [False, True, False]
    assert {span.value for page in torn for span in page.spans} == {"python"}


def test_tags_count_among_the_spans_of_a_page() -> None:
    """Tags that Telegram finds by itself leave room for what was meant; dots in code take none."""
    code = "frame.groupby.agg\n" * 150
    text = "#тег " * 150 + code
    block = Span(kind=SpanKind.PRE, start=len(text) - len(code), end=len(text), value="python")

    pages = paginate(RichText(text, (block,)), room=4000, spans=80)

    assert [page.text.count("#") for page in pages] == [80, 70]
    assert pages[1].text.endswith(code)


def test_tabs_keep_their_width() -> None:
    """The server would make one space of a tab: the indentation of code is written as spaces."""
    block = Span(kind=SpanKind.PRE, start=3, end=8)

    cleaned = clean(RichText("if:\n\tgo()", (block,)))

    assert cleaned.text == "if:\n    go()"
    assert cleaned.text_of(cleaned.spans[0]) == "\n    go("


@given(posts(), st.lists(posts(), max_size=5), _READERS)
def test_any_post_opens_as_messages_that_telegram_accepts(
    archived: ArchivedPost, repeats: list[ArchivedPost], locale: Locale
) -> None:
    """Every part of a post's text and every snippet of it is a message within the limits."""
    place = replace(_PLACE, versions=2, repeats=repeats)
    _assert_sendable(open_card(archived, place, locale))
    for number in range(1, len(code_of(archived.post)) + 1):
        _assert_sendable(snippet_card(archived, number, place, locale))
    shown = []
    for outgoing in _parts(archived, locale, place):
        _assert_sendable(outgoing)
        shown.append(outgoing.body.text)
    _assert_shows(clean(archived.post.text).text, "".join(shown))


@pytest.mark.parametrize(
    ("scrap", "length"),
    [("слово ", 20_000), ("😀", 20_000), ("\n", 20_000)],
    ids=["words", "emoji", "line breaks"],
)
def test_a_post_far_too_long_opens(scrap: str, length: int) -> None:
    """A post far beyond Telegram's own limit is shown whole, in parts."""
    text = scrap * (length // len(scrap))
    spans = tuple(
        Span(kind=SpanKind.TEXT_LINK, start=at, end=at + 7, value=f"https://example.org/{'x' * 90}")
        for at in range(0, 5000, 10)
    )
    archived = archived_post(RichText(text, spans))

    cards = _parts(archived, Locale(texts=ENGLISH))

    for outgoing in cards:
        _assert_sendable(outgoing)
    _assert_shows(clean(text).text, "".join(outgoing.body.text for outgoing in cards))


@given(st.lists(posts(), max_size=5), texts, st.data(), _READERS)
def test_any_five_posts_are_a_page(
    found: list[ArchivedPost], query: str, data: st.DataObject, locale: Locale
) -> None:
    """A page of any five posts is a message within the limits."""
    entries = [_entry(archived, data) for archived in found]
    page = Page(
        session="abcdefghij",
        title=RichText(query[:256]),
        remarks=("замечание" * 30,) * data.draw(st.integers(0, 20)),
        number=2,
        pages=3,
        entries=entries,
        actions=ListingActions(filters=3, code_only=False, next_order="new"),
    )

    _assert_sendable(list_page(page, locale))


@given(posts(), st.lists(rich_texts(), min_size=1, max_size=3), _READERS)
def test_any_earlier_text_is_messages_that_telegram_accepts(
    archived: ArchivedPost, earlier: list[RichText], locale: Locale
) -> None:
    """Every part of every earlier text of a post is a message within the limits, and all of it."""
    long = RichText(earlier[0].text * 40, earlier[0].spans)
    versions = [PostVersion(content=content, as_of=_KNOWN) for content in (long, *earlier)]
    for number, version in enumerate(reversed(versions), 1):
        shown: list[OutgoingMessage] = []
        while True:
            part = len(shown) + 1
            outgoing = version_card(
                archived, versions, number=number, part=part, place=_PLACE, locale=locale
            )
            if shown and outgoing == shown[-1]:
                break
            _assert_sendable(outgoing)
            shown.append(outgoing)
        _assert_shows(
            clean(version.content.text).text, "".join(outgoing.body.text for outgoing in shown)
        )


@given(posts(), texts, st.data(), _READERS)
def test_any_filters_are_a_panel_that_telegram_accepts(
    archived: ArchivedPost, query: str, data: st.DataObject, locale: Locale
) -> None:
    """Whatever a post can be filtered by, all filters and each group fit into a message."""
    operators = _operators_of(archived) + [f"#{tag}" for tag in data.draw(st.lists(texts))]
    choices = [
        Choice(operator=operator, place=place, is_on=data.draw(st.booleans()), posts=10**9)
        for place, operator in enumerate(operators[:_CHOICES])
    ]
    panel = Panel(
        session="abcdefghij",
        title=RichText(query[:256]),
        total=10**9,
        applied=[choice for choice in choices if choice.is_on],
        channels={str(archived.channel_id): archived.channel.title},
    )

    _assert_sendable(all_filters(panel, Group, locale.texts))
    for group in Group:
        of_group = [choice for choice in choices if group_of(choice.operator) is group]
        _assert_sendable(one_group(panel, group, of_group, locale.texts))


@given(texts, st.lists(texts, max_size=6), st.lists(texts, max_size=6), st.booleans(), _READERS)
def test_any_search_that_found_nothing_is_a_message(
    query: str, remarks: list[str], suggested: list[str], is_filtered: bool, locale: Locale
) -> None:
    """Whatever was asked, remarked and suggested, the answer is a message within the limits."""
    suggestions = [
        Suggestion(query=other[:256], place=place, posts=place or None)
        for place, other in enumerate(suggested)
    ]

    _assert_sendable(
        nothing_found(
            query[:256],
            remarks=[remark[:300] for remark in remarks] * 5,
            suggestions=suggestions,
            session="abcdefghij",
            is_filtered=is_filtered,
            texts=locale.texts,
        )
    )


@given(texts)
@example("\ud83d\ude00")
@example("\x00")
@example("a\u2028b\u202e\tc\x0bd")
def test_clean_text_can_be_sent(text: str) -> None:
    """A cleaned text is valid UTF-8 and holds nothing that the server would take out."""
    cleaned = clean(text).text

    cleaned.encode()
    assert not set(cleaned) & {"\x00", "\r", "\u202e", "\u2028"}


def _parts(
    archived: ArchivedPost, locale: Locale, place: CardContext = _PLACE
) -> list[OutgoingMessage]:
    cards: list[OutgoingMessage] = []
    while True:
        # A part beyond the last one is the last one.
        outgoing = text_card(archived, len(cards) + 1, place, locale)
        if cards and outgoing == cards[-1]:
            return cards
        cards.append(outgoing)


def _operators_of(archived: ArchivedPost) -> list[str]:
    """Return the filters that buttons would offer for a post."""
    post = archived.post
    return [
        *(f"#{tag}" for tag in post.hashtags),
        *(f"lang:{snippet.language}" for snippet in post.snippets if snippet.language),
        *(f"has:{thing}" for thing in THINGS),
        *([f'from:"{post.forward.name}"'] if post.forward else []),
        f"channel:{archived.channel_id}",
        *PERIODS,
        "2024-03",
        *SORTS,
    ]


def _entry(archived: ArchivedPost, data: st.DataObject) -> Entry:
    text = archived.post.text[:300]
    places = data.draw(st.lists(st.integers(0, len(text)), max_size=30))
    marks = [(place, min(place + 4, len(text))) for place in sorted(places)]
    snippet = data.draw(st.sampled_from((None, *code_of(archived.post))))
    asides = [aside_of("file", text[:120], marks)] * data.draw(st.integers(0, 2))
    repeats = [archived] * data.draw(st.integers(0, 5))
    return Entry(
        archived=archived,
        excerpt=excerpt_of(archived.post, text, highlights=marks),
        snippet=snippet,
        repeats=repeats,
        asides=asides,
    )


def _assert_sendable(outgoing: OutgoingMessage) -> None:
    html = to_html(outgoing.body)
    text, entities = parse_html(html)
    assert text == nest(outgoing.body).text
    assert text.strip()
    assert utf16_length(text) <= 4096
    assert len(entities) <= 100
    assert len(html.encode()) <= 32_768
    assert sum(16 + len(value.encode()) for *_, value in entities) <= 9_500
    sent = read_formatted(html, "HTML", ())
    assert not sent.dropped
    assert sum(map(len, outgoing.rows)) <= 100
    for row in outgoing.rows:
        assert 1 <= len(row) <= 8
        for button in row:
            assert button.label.strip()
            assert len(button.data.encode()) <= 64
            assert utf16_length(button.copy) <= COPY_LENGTH
            assert sum(map(bool, (button.data, button.url, button.copy))) == 1


def _assert_shows(text: str, shown: str) -> None:
    """Every visible character of the text stands in what was shown, in its order."""
    visible = iter(shown)
    for character in "".join(text.split()):
        assert character in visible


def _kinds_by_character(rich: RichText) -> list[set[tuple[SpanKind, str]]]:
    kinds: list[set[tuple[SpanKind, str]]] = [set() for _ in rich.text]
    for span in rich.spans:
        for at in range(span.start, span.end):
            kinds[at].add((span.kind, span.value))
    return kinds


def _without_addresses(
    entities: list[tuple[str, int, int, str]],
) -> list[tuple[str, int, int, str]]:
    """Leave out addresses, which TDLib writes in a form of its own."""
    return [
        (kind, offset, length, "" if kind == "TextUrl" else value)
        for kind, offset, length, value in entities
    ]
