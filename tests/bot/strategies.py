"""Posts of every sort, the awkward ones above all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from model.posts import (
    ArchivedPost,
    Channel,
    Forward,
    Media,
    MediaKind,
    Poll,
    PollAnswer,
    Post,
    Precision,
    Reaction,
    Snippet,
    SnippetOrigin,
)
from model.rich_text import RichText, Span, SpanKind

_START = datetime(2013, 8, 14, tzinfo=UTC)
_SCRAPS = (
    "слово",
    "word",
    "x",
    " ",
    "  ",
    "\n",
    "\n\n",
    "<b>",
    "</pre>",
    "&amp;",
    "&",
    '"',
    "'",
    "😀",
    "👩\u200d👩\u200d👧",
    "👍🏽",
    "🇷🇺",
    "e\u0301",
    "שלום",
    "\u202eabc\u202c",
    "\u200f",
    "\x00",
    "\ud83d",
    "\udc00",
    "\r",
    "\x0b",
    "\t",
    "\u2028",
    "\ufeff",
    "#тег",
    "https://example.org/a?b=1&c=2",
    "@name",
    "/start",
    "df.groupby('a')",
)
URLS = (
    "https://example.org/",
    "http://example.org/путь?q=1&r=%22",
    "https://example.org/#a<b",
    "HTTPS://Example.org/A",
    "tg://resolve?domain=durov",
)
_VALUES = {
    SpanKind.TEXT_LINK: st.sampled_from(
        (
            *URLS,
            "",
            "javascript:alert(1)",
            "https://a b",
            "mailto:a@b.cd",
            "https://e.org/\x00\ud800",
        )
    ),
    SpanKind.PRE: st.sampled_from(
        ("", "python", "c++", "objective-c", 'a"b', "два слова", "x" * 40, "<b>")
    ),
    SpanKind.QUOTE: st.sampled_from(("", "collapsed")),
}

texts = st.one_of(
    st.lists(st.sampled_from(_SCRAPS), max_size=60).map("".join),
    st.text(st.characters(codec=None), max_size=40),
)


@st.composite
def spans_over(draw: st.DrawFn, text: str, *, most: int = 12) -> tuple[Span, ...]:
    """Draw spans that nest, touch, overlap, are empty or reach too far."""
    count = draw(st.integers(0, most))
    return tuple(_span(draw, len(text)) for _ in range(count))


@st.composite
def rich_texts(draw: st.DrawFn) -> RichText:
    """Draw a text with spans."""
    text = draw(texts)
    return RichText(text, draw(spans_over(text)))


@st.composite
def posts(draw: st.DrawFn) -> ArchivedPost:
    """Draw a post with all that can hang on one, and with as many as 500 spans."""
    text = draw(texts) * draw(st.sampled_from((1, 1, 1, 3, 40)))
    few = draw(spans_over(text))
    step = draw(st.sampled_from((0, 0, 0, 3, 50)))
    regular = tuple(
        Span(kind=SpanKind.BOLD, start=at, end=at + 1)
        for at in range(0, min(len(text) - 1, 500 * step), step or 1)
        if step
    )
    post = Post(
        message_id=draw(st.integers(1, 2**40)),
        posted_at=_START + timedelta(hours=draw(st.integers(0, 200_000))),
        precision=draw(st.sampled_from(Precision)),
        content=RichText(text, few + regular),
        author=draw(st.none() | texts),
        edited_at=draw(st.none() | st.just(datetime(2024, 1, 1, tzinfo=UTC))),
        forward=draw(st.none() | texts.map(lambda name: Forward(name=name))),
        views=draw(st.none() | st.integers(0, 10**9)),
        media=tuple(
            Media(kind=kind) for kind in draw(st.lists(st.sampled_from(MediaKind), max_size=9))
        ),
        poll=draw(st.none() | polls()),
        reactions=tuple(
            Reaction(emoji=draw(texts), count=3) for _ in range(draw(st.integers(0, 8)))
        ),
        hashtags=tuple(draw(st.lists(texts, max_size=8))),
        snippets=_snippets(draw, text),
    )
    channel = Channel(title=draw(texts), username=draw(st.none() | st.just("channel_name")))
    missing = draw(st.none() | st.just(datetime(2025, 1, 1, tzinfo=UTC)))
    return ArchivedPost(
        post_id=draw(st.integers(1, 10**9)),
        seq=1,
        channel_id=1,
        channel=channel,
        post=post,
        missing_since=missing,
    )


def archived_post(content: RichText, **more: Any) -> ArchivedPost:
    """Return a post with a content, whatever else is given, and nothing more."""
    given = {"posted_at": datetime(2024, 3, 5, 10, tzinfo=UTC), **more}
    post = Post(message_id=37, content=content, **given)
    channel = Channel(title="Канал")
    return ArchivedPost(post_id=1, seq=1, channel_id=1, channel=channel, post=post)


@st.composite
def polls(draw: st.DrawFn) -> Poll:
    """Draw a poll."""
    answers = draw(st.lists(st.tuples(texts, st.none() | st.integers(0, 99)), max_size=30))
    return Poll(
        question=draw(texts),
        answers=tuple(PollAnswer(text=text, voters=voters) for text, voters in answers),
    )


def _span(draw: st.DrawFn, length: int) -> Span:
    kind = draw(st.sampled_from(SpanKind))
    start = draw(st.integers(0, length))
    end = draw(st.integers(start, min(start + 200, length + 5)))
    return Span(kind=kind, start=start, end=end, value=draw(_VALUES.get(kind, st.just(""))))


def _snippets(draw: st.DrawFn, text: str) -> tuple[Snippet, ...]:
    found = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, len(text)))
        found.append(
            Snippet(
                origin=draw(st.sampled_from(SnippetOrigin)),
                code=text[start:end],
                start=start,
                end=end,
                language=draw(st.sampled_from((None, "python", "c++", "две&"))),
            )
        )
    return tuple(found)
