"""What a web page shows is what the reader reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from ingest import open_source
from model.posts import Forward, Media, MediaKind, Poll, Post, PostKind, Precision
from model.rich_text import RichText, Span, SpanKind
from model.tags import find_tags
from tests.mirror import strategies as drawn
from tests.mirror.messages import MirrorMessage, OriginKind
from tests.mirror.web_preview import (
    SOURCE_NAME,
    SOURCE_POST,
    WebChannel,
    shown_count,
    write_web_page,
)
from tests.mirror.web_text import WebDialect

_UNMARKED = {
    SpanKind.CASHTAG,
    SpanKind.COMMAND,
    SpanKind.EMAIL,
    SpanKind.PHONE,
    SpanKind.MENTION_NAME,
}
_TIMED = {MediaKind.VIDEO, MediaKind.VIDEO_MESSAGE, MediaKind.VOICE}
_LINE_SEPARATORS = str.maketrans({"\u2028": "\n", "\u2029": "\n"})
_KEEPING_VALUES = {SpanKind.TEXT_LINK, SpanKind.URL, SpanKind.QUOTE}


@given(
    messages=drawn.channels(),
    title=drawn.titles,
    saved=st.booleans(),
    views=st.none() | st.integers(0, 3_000_000),
)
def test_posts_come_back_as_they_were_shown(
    messages: Sequence[MirrorMessage], title: str, saved: bool, views: int | None
) -> None:
    """Posts that a page shows are read back equal, but for what a page cannot carry."""
    channel = WebChannel(title=title, dialect=WebDialect(saved=saved), views=views)
    with TemporaryDirectory() as folder:
        source = open_source(write_web_page(Path(folder) / "page.html", channel, messages))
        read = list(source.messages())

    assert source.channel.title == " ".join(title.split())
    assert source.channel.username == channel.username
    assert source.channel.telegram_id == (None if saved else channel.telegram_id)
    assert source.as_of == max(message.post.posted_at for message in messages)
    assert source.total == len(messages)
    assert not source.whole
    expected = [as_web_carries(message, channel) for message in messages]
    assert [_compared(post) for post in read] == [_compared(post) for post in expected]


def as_web_carries(message: MirrorMessage, channel: WebChannel) -> Post:
    """Return a message's post as far as a page of the web preview can carry it.

    What gets lost or changed on the way:

    - entities that pages do not mark: cashtags, commands, addresses of mail, phone numbers, names;
    - U+2028 and U+2029, which are read as the line breaks that an export makes of them;
    - the language of code, and the edges of a poll's and a title's words;
    - paths and dimensions, and the sizes of all but plain files;
    - votes by answer; the last digits of large numbers;
    - the sender, unless the message is signed; when a forward's original was posted.
    """
    post = message.post
    content = _content_carried(post.content)
    if post.kind is PostKind.SERVICE:
        return Post(
            message_id=post.message_id,
            posted_at=post.posted_at,
            kind=post.kind,
            content=content,
        )
    return replace(
        post,
        precision=Precision.SECOND,
        content=content,
        reply_to=None if message.reply_elsewhere else post.reply_to,
        forward=_forward_carried(post.forward, message.origin),
        media=tuple(_media_carried(media, message) for media in post.media),
        poll=_poll_carried(post.poll),
        views=None if channel.views is None else shown_count(channel.views),
        reactions=None
        if post.reactions is None
        else tuple(
            replace(each, emoji=each.emoji.replace("\ufe0f", ""), count=shown_count(each.count))
            for each in post.reactions
        ),
    )


def _content_carried(content: RichText) -> RichText:
    spans = [
        span if span.kind in _KEEPING_VALUES else replace(span, value="")
        for span in content.spans
        if span.kind not in _UNMARKED
    ]
    return RichText(content.text.translate(_LINE_SEPARATORS), tuple(spans))


def _forward_carried(forward: Forward | None, origin: OriginKind) -> Forward | None:
    if forward is None:
        return None
    named = Forward(name=forward.name or "Deleted Account")
    if origin is OriginKind.CHANNEL:
        return replace(named, username=SOURCE_NAME, message_id=SOURCE_POST)
    return named


def _media_carried(media: Media, message: MirrorMessage) -> Media:
    kind = media.kind
    if kind in _TIMED:
        return Media(kind=kind, duration=media.duration or 0)
    if kind is MediaKind.FILE:
        size = media.size or 0
        unit = 1 if size < 1024 else 1024 if size < 1024**2 else 1024**2
        shown = size if unit == 1 else round(size * 10 // unit / 10 * unit)
        return Media(kind=kind, title=media.title, size=shown)
    if kind in {MediaKind.CONTACT, MediaKind.VENUE, MediaKind.LOCATION}:
        lines = filter(None, (media.title, message.media.description, message.media.status))
        return Media(kind=kind, title=" ".join(lines))
    return Media(kind=kind, title=media.title if kind is MediaKind.AUDIO else None)


def _poll_carried(poll: Poll | None) -> Poll | None:
    if poll is None:
        return None
    return replace(
        poll,
        answers=tuple(replace(answer, voters=None) for answer in poll.answers),
        details=poll.details.capitalize(),
        total_voters=shown_count(poll.total_voters or 0),
    )


def _compared(post: object) -> Post:
    """Return a post without what follows from its text; unmarked hashtags are found by it.

    `<code>` in a `<pre>` carries the block's language: code inside of code is not told apart.
    """
    assert isinstance(post, Post)
    content = post.content
    found = {(start, end) for start, end in find_tags(content.text)}
    spans = tuple(
        sorted(
            (
                span
                for span in content.spans
                if not _is_found_tag(span, found) and not _is_in_block(span, content)
            ),
            key=lambda span: (span.start, -span.end, span.kind),
        )
    )
    return replace(post, content=RichText(content.text, spans), hashtags=(), snippets=(), links=())


def _is_found_tag(span: Span, found: set[tuple[int, int]]) -> bool:
    return span.kind is SpanKind.HASHTAG and (span.start, span.end) in found


def _is_in_block(span: Span, content: RichText) -> bool:
    return span.kind is SpanKind.CODE and any(
        block.kind is SpanKind.PRE and block.start <= span.start and span.end <= block.end
        for block in content.spans
    )
