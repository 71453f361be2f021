"""Archived posts for the tests of exported files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from model.posts import ArchivedPost, Channel, Post, Snippet, SnippetOrigin
from model.rich_text import RichText, Span, SpanKind

CHANNEL = Channel(title="Заметки", username="notes")
_START = datetime(2024, 2, 1, 7, 45, tzinfo=UTC)


def a_post(
    number: int = 1,
    text: str = "",
    *,
    spans: tuple[Span, ...] = (),
    channel: Channel = CHANNEL,
    channel_id: int = 1,
    missing_since: datetime | None = None,
    **fields: Any,
) -> ArchivedPost:
    """Make a post; each one is a day later than the one before."""
    post = Post(
        message_id=number,
        posted_at=_START + timedelta(days=number),
        content=RichText(text, spans),
        **fields,
    )
    return ArchivedPost(
        post_id=number,
        seq=number,
        channel_id=channel_id,
        channel=channel,
        post=post,
        missing_since=missing_since,
    )


def with_code(number: int, before: str, code: str, after: str = "", *, language: str) -> Any:
    """Make a post with a block of code in a language."""
    start, end = len(before), len(before) + len(code)
    snippet = Snippet(origin=SnippetOrigin.PRE, code=code, start=start, end=end, language=language)
    span = Span(kind=SpanKind.PRE, start=start, end=end)
    return a_post(number, before + code + after, spans=(span,), snippets=(snippet,))
