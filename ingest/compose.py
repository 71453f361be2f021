"""Composes a post, deriving hashtags, snippets and links from its text."""

from __future__ import annotations

from datetime import datetime

from ingest.links import button_link, read_links
from ingest.snippets import read_snippets
from model.posts import (
    Forward,
    Link,
    Media,
    Poll,
    Post,
    PostKind,
    Precision,
    Reaction,
)
from model.rich_text import RichText, SpanKind
from model.tags import fold_tag


def compose_post(
    *,
    message_id: int,
    posted_at: datetime,
    content: RichText,
    kind: PostKind = PostKind.MESSAGE,
    precision: Precision = Precision.SECOND,
    author: str | None = None,
    via_bot: str | None = None,
    reply_to: int | None = None,
    forward: Forward | None = None,
    media: tuple[Media, ...] = (),
    poll: Poll | None = None,
    reactions: tuple[Reaction, ...] | None = None,
    buttons: tuple[tuple[str, str], ...] = (),
) -> Post:
    """Return a post with the hashtags, snippets and links of `content`.

    `buttons` are the addresses and labels of the buttons below the post; they become links too.
    """
    plain = not content.spans
    return Post(
        message_id=message_id,
        posted_at=posted_at,
        kind=kind,
        precision=precision,
        content=content,
        author=author,
        via_bot=via_bot,
        reply_to=reply_to,
        forward=forward,
        media=media,
        poll=poll,
        reactions=reactions,
        hashtags=() if plain else read_hashtags(content),
        snippets=read_snippets(content) if kind is PostKind.MESSAGE else (),
        links=() if plain and not buttons else _distinct(read_links(content), buttons),
    )


def read_hashtags(content: RichText) -> tuple[str, ...]:
    """Return the distinct folded tags; in `#tag@channel` the tag is `tag`."""
    tags: dict[str, None] = {}
    for span in content.spans:
        if span.kind is SpanKind.HASHTAG:
            tag = fold_tag(content.text_of(span).partition("@")[0])
            if tag:
                tags[tag] = None
    return tuple(tags)


def _distinct(links: tuple[Link, ...], buttons: tuple[tuple[str, str], ...]) -> tuple[Link, ...]:
    if not buttons and len(links) <= 1:
        return links
    below = (button_link(url, label) for url, label in buttons)
    return tuple(dict.fromkeys([*links, *filter(None, below)]))
