"""What an exporter wrote as JSON is what the reader reads, and agrees with the same as pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from ingest import open_source
from model.posts import LanguageSource, Media, MediaKind, Poll, Post, PostKind, Precision
from model.rich_text import RichText, Span, SpanKind
from tests.mirror import strategies as drawn
from tests.mirror.attachments import PLACE
from tests.mirror.entities import flat_spans
from tests.mirror.messages import MirrorMessage
from tests.mirror.tdesktop_html import write_export
from tests.mirror.telegram_json import (
    J2_7,
    J4_1_1,
    J6_1,
    JsonChat,
    JsonDialect,
    write_account,
    write_chat,
)

_LINE_SEPARATORS = str.maketrans({"\u2028": "\n", "\u2029": "\n"})
_LABELS = st.sampled_from(["", "python", "C++", "sql"])
_dialects = st.sampled_from([J6_1, J4_1_1, J2_7])


@st.composite
def json_channels(draw: st.DrawFn) -> tuple[MirrorMessage, ...]:
    """Draw messages with what JSON alone carries: labels of code, folded quotes, edit times."""
    return tuple(_enriched(draw, message) for message in draw(drawn.channels()))


def _enriched(draw: st.DrawFn, message: MirrorMessage) -> MirrorMessage:
    post = message.post
    if post.kind is PostKind.SERVICE:
        return replace(message, post=replace(post, precision=Precision.SECOND))
    spans = []
    for span in post.content.spans:
        value = span.value
        if span.kind is SpanKind.PRE:
            value = draw(_LABELS)
        elif span.kind is SpanKind.QUOTE:
            value = draw(st.sampled_from(["", "collapsed"]))
        spans.append(replace(span, value=value))
    edited_at = draw(st.none() | st.just(post.posted_at))
    content = RichText(post.content.text, tuple(spans))
    return replace(message, post=replace(post, content=content, edited_at=edited_at))


@given(messages=json_channels(), title=drawn.titles, dialect=_dialects, zone=drawn.zones)
def test_messages_come_back_as_they_were_written(
    messages: Sequence[MirrorMessage], title: str, dialect: JsonDialect, zone: tzinfo
) -> None:
    """Messages that were exported are read back equal, but for what JSON cannot carry."""
    chat = JsonChat(title=title, messages=messages, zone=zone, dialect=dialect)
    with TemporaryDirectory() as folder:
        source = open_source(write_chat(Path(folder) / "result.json", chat))
        read = list(source.messages(zone=zone))

    assert source.channel.title == title
    assert source.channel.telegram_id == chat.telegram_id
    assert source.total == len(messages)
    assert source.zoned == dialect.unixtime
    assert source.whole
    assert source.files[0].message_ids == tuple(each.post.message_id for each in messages)
    expected = [as_json_carries(message, title=title, dialect=dialect) for message in messages]
    assert list(map(_compared, read)) == list(map(_compared, expected))
    assert source.as_of >= max(post.posted_at for post in expected) or not dialect.unixtime


@given(chats=st.lists(json_channels(), min_size=1, max_size=4), data=st.data())
def test_a_channel_of_an_account_is_read_as_if_it_were_alone(
    chats: Sequence[Sequence[MirrorMessage]], data: st.DataObject
) -> None:
    """The named channel of an account gives the posts that its own export gives."""
    number = data.draw(st.integers(0, len(chats) - 1))
    left = data.draw(st.integers(0, len(chats)))
    named = [
        JsonChat(title=f"Канал {index}", telegram_id=1000 + index, messages=messages)
        for index, messages in enumerate(chats)
    ]
    with TemporaryDirectory() as folder:
        account = write_account(Path(folder) / "account.json", named[left:], left=named[:left])
        alone = write_chat(Path(folder) / "alone.json", named[number])
        of_account = open_source(account, channel=str(1000 + number))
        of_chat = open_source(alone)

        assert list(of_account.messages()) == list(of_chat.messages())
        assert of_account.channel == of_chat.channel
        assert of_account.as_of == of_chat.as_of


@given(messages=json_channels(), title=drawn.titles, zone=drawn.zones)
def test_both_exports_of_a_channel_agree(
    messages: Sequence[MirrorMessage], title: str, zone: tzinfo
) -> None:
    """The same messages as pages and as JSON give the same posts, but for what one lacks."""
    with TemporaryDirectory() as folder:
        write_export(Path(folder, "pages"), title=title, messages=messages, zone=zone)
        chat = JsonChat(title=title, messages=messages, zone=zone)
        of_json = open_source(write_chat(Path(folder, "result.json"), chat)).messages(zone=zone)
        of_pages = open_source(Path(folder, "pages")).messages(zone=zone)
        pairs = list(zip(of_json, of_pages, strict=True))

    for one, other in pairs:
        assert isinstance(one, Post)
        assert isinstance(other, Post)
        assert _shared(one, zone) == _shared(other, zone)


def as_json_carries(message: MirrorMessage, *, title: str, dialect: JsonDialect) -> Post:
    """Return a message's post as far as JSON can carry it.

    What gets lost or changed on the way:

    - entities that begin inside another one, and the number of a custom emoji;
    - U+2028 and U+2029, which are read as the line breaks that a page makes of them;
    - a reply into another chat, and when a forward's original was posted;
    - a length of 0 seconds or of a photo, a size of 0 bytes;
    - votes of zero, where all of them are hidden; of a to-do list the counts;
    - reactions before 5.5.7.

    A sender other than the channel is its author, unless the message is signed.
    """
    post = message.post
    sender = message.sender if message.sender != title else None
    if post.kind is PostKind.SERVICE:
        return replace(post, content=_tagged(post.content))
    forward = post.forward
    reactions = [
        replace(each, emoji=each.emoji.replace("\ufe0f", "")) for each in post.reactions or ()
    ]
    return replace(
        post,
        content=_tagged(post.content),
        author=post.author or sender,
        forward=replace(forward, name=forward.name or "Deleted Account", posted_at=None)
        if forward
        else None,
        media=tuple(_media_carried(media, message) for media in post.media),
        poll=_poll_carried(post.poll),
        reactions=tuple(reactions) if reactions and dialect.reactions else None,
    )


def _media_carried(media: Media, message: MirrorMessage) -> Media:
    timed = media.kind is not MediaKind.PHOTO
    media = replace(
        media, size=media.size or None, duration=(media.duration or None) if timed else None
    )
    if media.kind not in {MediaKind.CONTACT, MediaKind.LOCATION, MediaKind.VENUE}:
        return media
    place = PLACE if media.kind is MediaKind.VENUE else ""
    lines = (media.title, message.media.description, message.media.status, place)
    return replace(media, title=", ".join(filter(None, lines)) or None)


def _poll_carried(poll: Poll | None) -> Poll | None:
    if poll is None:
        return None
    hidden = tuple(replace(answer, voters=None) for answer in poll.answers)
    if poll.details == "To-do List":
        return replace(poll, answers=hidden, total_voters=None)
    if poll.total_voters and not any(answer.voters for answer in poll.answers):
        return replace(poll, answers=hidden)
    return poll


def _tagged(content: RichText) -> RichText:
    """Return a text with its flat entities; hashtags are compared as tags, not as spans."""
    spans = [
        replace(span, value="") if span.kind is SpanKind.CUSTOM_EMOJI else span
        for span in flat_spans(content)
        if span.kind is not SpanKind.HASHTAG
    ]
    return RichText(content.text.translate(_LINE_SEPARATORS), tuple(spans))


def _compared(post: object) -> Post:
    """Return a post without what follows from its text."""
    assert isinstance(post, Post)
    spans = tuple(span for span in post.content.spans if span.kind is not SpanKind.HASHTAG)
    content = RichText(post.content.text, spans)
    return replace(post, content=content, hashtags=(), snippets=(), links=())


def _shared(post: Post, zone: tzinfo) -> Post:
    """Return what both formats carry of a post."""
    if post.kind is PostKind.SERVICE:
        post = replace(post, posted_at=_day(post.posted_at, zone), precision=Precision.DAY)
    if post.forward is not None:
        post = replace(post, forward=replace(post.forward, posted_at=None))
    spans = tuple(_without_value(span) for span in post.content.spans)
    media = tuple(
        replace(each, size=None, duration=None, width=None, height=None) for each in post.media
    )
    snippets = tuple(
        replace(each, language=None, language_source=LanguageSource.UNKNOWN)
        for each in post.snippets
    )
    poll = replace(post.poll, total_voters=None) if post.poll else None
    if poll is not None and poll.details == "To-do List":
        poll = replace(poll, answers=tuple(replace(each, voters=None) for each in poll.answers))
    return replace(
        post,
        content=RichText(post.content.text, spans),
        edited_at=None,
        media=media,
        poll=poll,
        snippets=snippets,
    )


def _without_value(span: Span) -> Span:
    return replace(span, value="") if span.kind in {SpanKind.PRE, SpanKind.QUOTE} else span


def _day(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(hour=0, minute=0, second=0)
