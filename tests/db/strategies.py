"""Hypothesis strategies of posts: whatever the types allow, in whole seconds and 64 bits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar

from hypothesis import strategies as st

from model.posts import (
    Forward,
    LanguageSource,
    Link,
    LinkKind,
    Media,
    MediaKind,
    Poll,
    PollAnswer,
    Post,
    PostKind,
    Precision,
    Reaction,
    Snippet,
    SnippetOrigin,
)
from model.rich_text import RichText, Span, SpanKind

_Value = TypeVar("_Value")


def _maybe(values: st.SearchStrategy[_Value]) -> st.SearchStrategy[_Value | None]:
    return st.none() | values


def _some(values: st.SearchStrategy[_Value]) -> st.SearchStrategy[tuple[_Value, ...]]:
    return st.lists(values, max_size=2).map(tuple)


# NUL, quotes, a letter beyond 16 bits, a combining mark, a direction mark, a line separator.
texts = st.text(max_size=8) | st.sampled_from(
    ["", "\x00", "a\x00b", "'); --", "*/", "🐍", "и\u0306", "\u202eabc", "\u2028", "\ufeff", "İß"]
)
numbers = st.integers(min_value=-(2**63), max_value=2**63 - 1)
moments = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001  # hypothesis adds the zone
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))
_offsets = st.integers(min_value=0, max_value=40)
_spans = st.builds(Span, kind=st.sampled_from(SpanKind), start=_offsets, end=_offsets, value=texts)
_contents = st.builds(RichText, texts, _some(_spans))
_forwards = st.builds(
    Forward,
    name=texts,
    posted_at=_maybe(moments),
    username=_maybe(texts),
    message_id=_maybe(numbers),
)
_media = st.builds(
    Media,
    kind=st.sampled_from(MediaKind),
    path=_maybe(texts),
    title=_maybe(texts),
    size=_maybe(numbers),
    duration=_maybe(numbers),
    width=_maybe(numbers),
    height=_maybe(numbers),
    note=_maybe(texts),
    copy=_maybe(texts),
)
_polls = st.builds(
    Poll,
    question=texts,
    answers=_some(st.builds(PollAnswer, text=texts, voters=_maybe(numbers))),
    details=texts,
    total_voters=_maybe(numbers),
)
_snippets = st.builds(
    Snippet,
    origin=st.sampled_from(SnippetOrigin),
    code=texts,
    start=_offsets,
    end=_offsets,
    language=_maybe(texts),
    language_source=st.sampled_from(LanguageSource),
)
_links = st.builds(Link, url=texts, host=texts, text=texts, kind=st.sampled_from(LinkKind))
posts = st.builds(
    Post,
    message_id=st.integers(min_value=-1_000_000_000, max_value=2**40),
    posted_at=moments,
    kind=st.sampled_from(PostKind),
    precision=st.sampled_from(Precision),
    content=_contents,
    author=_maybe(texts),
    via_bot=_maybe(texts),
    edited_at=_maybe(moments),
    reply_to=_maybe(numbers),
    forward=_maybe(_forwards),
    media=_some(_media),
    poll=_maybe(_polls),
    reactions=_maybe(_some(st.builds(Reaction, emoji=texts, count=numbers))),
    views=_maybe(numbers),
    album_id=_maybe(texts),
    hashtags=st.lists(texts, max_size=2, unique=True).map(tuple),
    snippets=_some(_snippets),
    links=_some(_links),
)
