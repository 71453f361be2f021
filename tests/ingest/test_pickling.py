"""What one process read of a page reaches another as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given

from ingest.desktop.pickling import pickle_entries, unpickle_entries
from ingest.desktop.service import Entry, Separator, ServiceLine, SkippedPage
from model.posts import BadMessage, Post, Snippet, SnippetOrigin
from model.rich_text import RichText
from tests.mirror.messages import MirrorMessage
from tests.mirror.strategies import channels

NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)


@given(channels())
def test_posts_arrive_as_they_were(messages: tuple[MirrorMessage, ...]) -> None:
    """Whatever a post holds is there when it is unpacked."""
    posts = [message.post for message in messages]
    assert unpickle_entries(pickle_entries(posts)) == posts


def test_everything_else_on_a_page_arrives_too() -> None:
    """Service lines, days, ends of pages and problems are unpacked as they were."""
    entries: list[Entry] = [
        Separator(day=date(2024, 3, 5), noon=NOON),
        ServiceLine(file="messages.html", message_id=7, content=RichText("Channel created")),
        SkippedPage(posted_at=NOON),
        BadMessage(file="messages.html", anchor="message8", reason="The message has no date."),
    ]
    assert unpickle_entries(pickle_entries(entries)) == entries


def test_what_arrives_can_be_used_like_any_other() -> None:
    """A value that was packed hashes and compares as one that never was."""
    code = Snippet(origin=SnippetOrigin.PRE, code="SELECT 1", start=0, end=8, language="sql")
    post = Post(message_id=7, posted_at=NOON, snippets=(code,))
    assert {post, *unpickle_entries(pickle_entries([post]))} == {post}
