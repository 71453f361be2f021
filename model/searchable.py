"""The searchable part of a post: everything that goes into the index."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from model.posts import ArchivedPost, LinkKind, Post, SnippetOrigin, title_of


class Searchable(NamedTuple):
    """The texts of a post, and the values that filters match.

    `kind` and `media` use the archive's names; `poll` is the question followed by the answers;
    `inline` is inline code, `blocks` all other code. A named tuple, because indexing makes one per
    post and a dataclass takes five times as long.
    """

    post_id: int
    seq: int
    channel_id: int
    message_id: int
    kind: str
    posted_at: datetime
    text: str
    author: str | None
    via_bot: str | None
    forwarded_from: str | None
    forwarded_username: str | None
    is_reply: bool
    is_missing: bool
    is_edited: bool
    hashtags: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    inline: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    web_hosts: tuple[str, ...] = ()
    other_hosts: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    poll: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return the first line that says something, else the poll's question, else `""`."""
        return title_of(self.text, self.poll[0] if self.poll else "")


def searchable_of(archived: ArchivedPost) -> Searchable:
    """Return the searchable part of an archived post."""
    post, forward = archived.post, archived.post.forward
    return Searchable(
        post_id=archived.post_id,
        seq=archived.seq,
        channel_id=archived.channel_id,
        message_id=post.message_id,
        kind=post.kind,
        posted_at=post.posted_at,
        text=post.text,
        author=post.author,
        via_bot=post.via_bot,
        forwarded_from=forward.name if forward else None,
        forwarded_username=forward.username if forward else None,
        is_reply=post.reply_to is not None,
        is_missing=archived.missing_since is not None,
        is_edited=archived.edited,
        hashtags=post.hashtags,
        blocks=_code(post, inline=False),
        inline=_code(post, inline=True),
        languages=tuple(each.language for each in post.snippets if each.language),
        web_hosts=tuple(each.host for each in post.links if each.kind is LinkKind.WEB),
        other_hosts=tuple(each.host for each in post.links if each.kind is not LinkKind.WEB),
        media=tuple(each.kind for each in post.media),
        titles=tuple(each.title for each in post.media if each.title),
        poll=_lines(post),
    )


def _code(post: Post, *, inline: bool) -> tuple[str, ...]:
    is_inline = SnippetOrigin.INLINE
    return tuple(each.code for each in post.snippets if (each.origin is is_inline) is inline)


def _lines(post: Post) -> tuple[str, ...]:
    poll = post.poll
    return (poll.question, *(answer.text for answer in poll.answers)) if poll else ()
