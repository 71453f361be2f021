"""The parts of a post that are worked out from others."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from model.clock import from_stamp, to_stamp
from model.posts import (
    ArchivedPost,
    Channel,
    Poll,
    Post,
    Snippet,
    SnippetOrigin,
    bare_title,
)
from model.rich_text import RichText, Span, SpanKind

AT = datetime(2024, 3, 5, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("channel", "url"),
    [
        pytest.param(Channel(title="А", username="notes"), "https://t.me/notes/7", id="public"),
        pytest.param(Channel(title="А", telegram_id=42), "https://t.me/c/42/7", id="members"),
        pytest.param(Channel(title="А"), None, id="unknown"),
    ],
)
def test_a_post_has_an_address_where_its_channel_is_known(channel: Channel, url: str) -> None:
    """A name gives a public address, an id one for members, a title none."""
    post = Post(message_id=7, posted_at=AT)
    archived = ArchivedPost(post_id=1, seq=1, channel_id=1, channel=channel, post=post)
    assert archived.url == url


@pytest.mark.parametrize(
    ("text", "question", "title"),
    [
        pytest.param("💫 Spark\nдальше", None, "💫 Spark", id="first line"),
        pytest.param("\n🔥🔥\n  Второй  \n", None, "Второй", id="first line with words"),
        pytest.param("🔥", "Как вы? ", "Как вы?", id="poll"),
        pytest.param("", None, "", id="nothing"),
    ],
)
def test_the_title_is_the_first_line_with_words(
    text: str, question: str | None, title: str
) -> None:
    """Emoji alone make no title; a poll lends its question."""
    poll = Poll(question=question) if question else None
    post = Post(message_id=1, posted_at=AT, content=RichText(text), poll=poll)
    assert post.title == title
    assert post.text == text


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        pytest.param("Итоги #ml #2024", "Итоги", id="tags at the end"),
        pytest.param("Итоги#ml", "Итоги", id="a tag at a word"),
        pytest.param("#ml итоги", "#ml итоги", id="a tag before"),
        pytest.param("#ml #2024", "#ml #2024", id="tags alone"),
    ],
)
def test_a_bare_title_ends_with_its_last_word(title: str, bare: str) -> None:
    """Tags after it are taken off, unless nothing else is there."""
    assert bare_title(title) == bare


def test_a_span_covers_its_characters() -> None:
    """Offsets are code points."""
    content = RichText("🔥код", (Span(kind=SpanKind.CODE, start=1, end=4),))
    assert content.text_of(content.spans[0]) == "код"


def test_a_snippet_counts_its_lines() -> None:
    """A trailing line break is no part of the code, so lines are breaks plus one."""
    assert Snippet(origin=SnippetOrigin.PRE, code="a\nb", start=0, end=3).lines == 2


@pytest.mark.parametrize("year", [1, 1970, 2026, 9999])
def test_a_stamp_goes_there_and_back(year: int) -> None:
    """A time survives as text to the second, whatever its year."""
    instant = AT.replace(year=year)
    assert from_stamp(to_stamp(instant)) == instant
    assert len(to_stamp(instant)) == len("2024-03-05T07:30:00Z")
