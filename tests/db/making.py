"""Short ways to say which post, channel or moment a test is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from db import PostStore
from model.posts import (
    ArchivedPost,
    Channel,
    LanguageSource,
    Post,
    Snippet,
    SnippetOrigin,
)
from model.rich_text import RichText, Span, SpanKind

MORNING = datetime(2024, 3, 9, 8, 30, 15, tzinfo=UTC)


def day(number: int) -> datetime:
    """Return the time of a source, so many days after the morning."""
    return MORNING + timedelta(days=number)


def a_channel(
    title: str = "Ежедневник", username: str | None = None, telegram_id: int | None = None
) -> Channel:
    """Return a channel of which little has to be said."""
    return Channel(title=title, username=username, telegram_id=telegram_id)


def a_post(message_id: int = 1, text: str = "Слово", *spans: Span, **fields: Any) -> Post:
    """Return a post with a text, its spans, and whatever else matters."""
    told = {"posted_at": MORNING + timedelta(hours=message_id % 1000)} | fields
    return Post(message_id=message_id, content=RichText(text, spans), **told)


def a_span(kind: SpanKind, start: int, end: int, value: str = "") -> Span:
    """Return a span without the names of its parts."""
    return Span(kind=kind, start=start, end=end, value=value)


def a_snippet(
    code: str = "x = 1",
    language: str | None = None,
    *,
    source: LanguageSource = LanguageSource.UNKNOWN,
    origin: SnippetOrigin = SnippetOrigin.PRE,
) -> Snippet:
    """Return a snippet at the beginning of a text."""
    return Snippet(
        origin=origin,
        code=code,
        start=0,
        end=len(code),
        language=language,
        language_source=source,
    )


def the_post(store: PostStore, channel_id: int, message_id: int = 1) -> ArchivedPost:
    """Return a post that has to be there."""
    archived = store.find(channel_id, message_id)
    assert archived is not None
    return archived
