"""A post as Markdown: its text as heading and body, and the facts around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from export.markdown import code_blocks, to_markdown
from export.markdown_inline import escaped, escaped_line, heading, link_to
from export.pieces import lines_of
from model.posts import Forward
from model.rich_text import SpanKind
from model.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from model.posts import ArchivedPost, Media, Poll, Post

_LONGEST_HEADING = 120
_TITLE = 80


def heading_of(post: Post) -> tuple[str, int]:
    """Return the Markdown of a post's heading, and where its body begins in the text.

    The heading is the first line; if that is a paragraph, its beginning, and the body is all of it.
    """
    end = _end_of_title(post)
    if end:
        [line] = lines_of(post.content, 0, end)
        return heading(line), end
    return escaped(shorten(post.title, _TITLE)) if post.title else f"#{post.message_id}", 0


def body_of(post: Post, *, start: int = 0) -> str:
    """Return a post's text from `start` on, its poll and its attachments as Markdown blocks."""
    blocks = [to_markdown(post.content, post.snippets, start=start)]
    if post.poll:
        blocks.append("\n".join(_poll(post.poll)))
    blocks.append("\n".join(f"- 📎 {escaped(_attachment(media))}" for media in post.media))
    return "\n\n".join(filter(None, blocks))


def facts(archived: ArchivedPost, zone: tzinfo | None) -> str:
    """Return when and where a post was posted, who wrote it, and how it was received."""
    post = archived.post
    place = f"{archived.channel.title} #{post.message_id}"
    found = [
        f"{post.posted_at.astimezone(zone):%Y-%m-%d %H:%M}",
        link_to(archived.url, place),
        f"✍ {escaped(post.author)}" if post.author else "",
        f"🔁 {_origin(post.forward)}" if post.forward else "",
        f"↩ #{post.reply_to}" if post.reply_to else "",
        " ".join(f"{escaped(each.emoji)} {each.count}" for each in post.reactions or ()),
        f"👁 {post.views}" if post.views else "",
    ]
    return " · ".join(filter(None, found))


def _end_of_title(post: Post) -> int:
    """Return where the first line ends if it is the title and no more, else 0."""
    first = post.text.splitlines()[0] if post.text else ""
    if first.strip() != post.title or not 0 < len(post.title) <= _LONGEST_HEADING:
        return 0
    begun = [code.start for code in code_blocks(post.content, post.snippets)]
    begun += [span.start for span in post.content.spans if span.kind is SpanKind.QUOTE]
    return len(first) if all(start > len(first) for start in begun) else 0


def _origin(forward: Forward) -> str:
    number = f"/{forward.message_id}" if forward.message_id else ""
    address = f"https://t.me/{forward.username}{number}" if forward.username else None
    return link_to(address, forward.name)


def _poll(poll: Poll) -> Iterator[str]:
    if question := escaped(poll.question):
        yield f"**{question}**\n"
    for answer in poll.answers:
        voters = "" if answer.voters is None else f" — {answer.voters}"
        yield f"- {escaped_line(answer.text)}{voters}"


def _attachment(media: Media) -> str:
    names = [media.kind.value.replace("_", " "), media.title, media.path]
    return " · ".join(" ".join(name.split()) for name in names if name)
