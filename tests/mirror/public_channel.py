"""A public channel whose web preview shows twenty posts on a page, as t.me does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from model.posts import Post
from model.rich_text import RichText
from tests.mirror.messages import MirrorMessage
from tests.mirror.web_preview import WebChannel, web_page

PAGE = 20
_BEGAN = datetime(2024, 1, 1, 12, tzinfo=UTC)


class PublicChannel:
    """Posts by number; `requests` are the pages asked for, by what they precede."""

    def __init__(self, numbers: Iterable[int], *, username: str = "data_notes") -> None:
        self.posts = {number: mirror_post(number) for number in numbers}
        self.requests: list[int | None] = []
        self._channel = WebChannel(title="Data notes", username=username)

    def page(self, before: int | None) -> bytes:
        """Return the page of the posts before a number."""
        self.requests.append(before)
        older = [number for number in sorted(self.posts) if before is None or number < before]
        shown = [MirrorMessage(post=self.posts[number]) for number in older[-PAGE:]]
        earlier = shown[0].post.message_id if len(older) > PAGE else None
        return web_page(self._channel, shown, earlier=earlier).encode()


def mirror_post(number: int, words: str = "") -> Post:
    """Return a post, an hour after the one before it."""
    return Post(
        message_id=number,
        posted_at=_BEGAN + timedelta(hours=number),
        content=RichText(words or f"Post {number}"),
    )
