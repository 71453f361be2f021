"""What an exporter wrote is what the reader reads, in every version's dialect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from ingest import open_source
from model.posts import Forward, Media, MediaKind, Poll, Post, PostKind, SnippetOrigin
from model.rich_text import RichText, Span, SpanKind
from model.tags import find_tags, fold_tag
from tests.mirror import strategies as drawn
from tests.mirror.attachments import PLACE
from tests.mirror.entities import flat_spans
from tests.mirror.messages import Dialect, MirrorMessage, OriginKind
from tests.mirror.tdesktop_html import write_export

_LINE_SEPARATORS = str.maketrans({"\u2028": "\n", "\u2029": "\n"})
_WITHOUT_TAGS = {SpanKind.CODE, SpanKind.PRE, SpanKind.URL, SpanKind.EMAIL, SpanKind.HASHTAG}
_KEEPING_VALUES = {SpanKind.TEXT_LINK, SpanKind.URL}
_PREVIEWED = {MediaKind.PHOTO, MediaKind.VIDEO, MediaKind.ANIMATION, MediaKind.STICKER}
_TIMED = {MediaKind.VIDEO, MediaKind.VIDEO_MESSAGE, MediaKind.VOICE, MediaKind.AUDIO}


@given(
    messages=drawn.channels(),
    title=drawn.titles,
    dialect=drawn.dialects,
    zone=drawn.zones,
    page_size=st.sampled_from([1, 2, 3, 1000]),
)
def test_messages_come_back_as_they_were_written(
    messages: Sequence[MirrorMessage],
    title: str,
    dialect: Dialect,
    zone: tzinfo,
    page_size: int,
) -> None:
    """Messages that were exported are read back equal, but for what a page cannot carry."""
    with TemporaryDirectory() as parent:
        folder = Path(parent) / "ChatExport_2026-01-31"
        write_export(
            folder,
            title=title,
            messages=messages,
            zone=zone,
            dialect=dialect,
            page_size=page_size,
        )
        source = open_source(folder)
        read = list(source.messages(zone=zone))

    assert source.channel.title == title
    posts = [post for post in read if isinstance(post, Post)]
    assert posts == read
    expected = [as_html_carries(message, title=title, dialect=dialect) for message in messages]
    shown = [
        as_compared(post, message, zone=zone) for post, message in zip(posts, messages, strict=True)
    ]
    assert shown == [
        as_compared(post, message, zone=zone)
        for post, message in zip(expected, messages, strict=True)
    ]
    if len(messages) <= page_size:  # a page of service messages alone knows no times at all
        assert [post.posted_at for post in posts] == sorted(post.posted_at for post in posts)


@given(messages=drawn.channels(), dialect=drawn.dialects)
def test_tags_code_and_links_are_those_of_the_text(
    messages: Sequence[MirrorMessage], dialect: Dialect
) -> None:
    """A post's hashtags, code and links are those that its text and its buttons show."""
    with TemporaryDirectory() as parent:
        folder = write_export(Path(parent), title="Канал", messages=messages, dialect=dialect)
        read = list(open_source(folder).messages(zone=UTC))

    for post, message in zip(read, messages, strict=True):
        assert isinstance(post, Post)
        content = post.content
        assert post.hashtags == tuple(dict.fromkeys(_tags(content)))
        assert [
            snippet.code
            for snippet in post.snippets
            if snippet.origin is not SnippetOrigin.DETECTED
        ] == list(_codes(content))
        addresses = [*_addresses(content), *_button_addresses(message, dialect)]
        assert list(dict.fromkeys(link.url for link in post.links)) == list(
            dict.fromkeys(addresses)
        )


@given(messages=drawn.channels(), zone=drawn.zones)
def test_the_zone_of_the_page_is_enough_without_summer_time(
    messages: Sequence[MirrorMessage], zone: tzinfo
) -> None:
    """A page that names its offset tells the exact instants, unless its zone has summer time."""
    fixed = zone if zone.utcoffset(None) is not None else UTC
    with TemporaryDirectory() as parent:
        folder = write_export(Path(parent), title="Канал", messages=messages, zone=fixed)
        read = list(open_source(folder).messages())

    for post, message in zip(read, messages, strict=True):
        if message.post.kind is PostKind.MESSAGE:
            assert isinstance(post, Post)
            assert post.posted_at == message.post.posted_at


def as_html_carries(message: MirrorMessage, *, title: str, dialect: Dialect) -> Post:
    """Return a message's post as far as an HTML page can carry it.

    What gets lost or changed on the way into a page:

    - entities that begin inside another one, the language of code, the folding of a quote and the
      number of a custom emoji; a hashtag inside of another entity can be found again by its text;
    - U+2028 and U+2029, which become line breaks;
    - a reply into another chat;
    - a file's size to a tenth of its unit, its dimensions and its length wherever the page shows
      a preview or other words instead; no duration is 0 seconds;
    - votes of zero, where the page hides all of them;
    - variation selectors of reactions, and the reactions themselves before 5.5.7;
    - a forward's missing name, which becomes `Deleted Account`.

    A sender other than the channel is its author, unless the message is signed.
    """
    post = message.post
    content = _content_carried(post.content)
    carried = Post(
        message_id=post.message_id,
        posted_at=post.posted_at,
        kind=post.kind,
        precision=post.precision,
        content=content,
        reply_to=post.reply_to,
    )
    if post.kind is PostKind.SERVICE:
        return replace(carried, reply_to=post.reply_to)
    sender = message.sender if message.sender != title else None
    return replace(
        carried,
        author=post.author or sender,
        via_bot=post.via_bot,
        forward=_forward_carried(post.forward),
        media=tuple(_media_carried(media, message) for media in post.media),
        poll=_poll_carried(post.poll),
        reactions=tuple(
            replace(reaction, emoji=reaction.emoji.replace("\ufe0f", ""))
            for reaction in post.reactions or ()
        )
        if post.reactions and dialect.reactions
        else None,
    )


def as_compared(post: Post, message: MirrorMessage, *, zone: tzinfo) -> Post:
    """Return a post without what is not compared, or compared elsewhere.

    A service message keeps its day alone; a forward of a user may stand below the header, and so
    the date, of the one before. Hashtags, code and links follow from the text.
    """
    if post.kind is PostKind.SERVICE:
        post = replace(post, posted_at=_start_of_day(post.posted_at, zone))
    if post.forward and message.origin is OriginKind.USER:
        post = replace(post, forward=replace(post.forward, posted_at=None))
    return replace(post, hashtags=(), snippets=(), links=())


def _start_of_day(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(hour=0, minute=0, second=0)


def _content_carried(content: RichText) -> RichText:
    text = content.text.translate(_LINE_SEPARATORS)
    spans = [
        span if span.kind in _KEEPING_VALUES else replace(span, value="")
        for span in flat_spans(content)
    ]
    spans += [
        Span(kind=SpanKind.HASHTAG, start=start, end=end)
        for start, end in find_tags(text)
        if all(_leaves_room(span, start, end) for span in spans)
    ]
    return RichText(text, tuple(sorted(spans, key=lambda span: (span.start, -span.end))))


def _leaves_room(span: Span, start: int, end: int) -> bool:
    """Tell whether a hashtag can stand there beside, inside of or around a span."""
    if span.end <= start or end <= span.start:
        return True
    nested = (span.start <= start and end <= span.end) or (start <= span.start and span.end <= end)
    return nested and span.kind not in _WITHOUT_TAGS


def _forward_carried(forward: Forward | None) -> Forward | None:
    return replace(forward, name=forward.name or "Deleted Account") if forward else None


def _media_carried(media: Media, message: MirrorMessage) -> Media:
    kind, extras = media.kind, message.media
    duration = (media.duration or 0) if kind in _TIMED else None
    carried = Media(kind=kind, path=media.path, duration=duration, note=media.note)
    if media.path and extras.thumb and kind in _PREVIEWED:
        return carried
    if kind is MediaKind.PHOTO:
        carried = replace(carried, width=media.width, height=media.height)
    if not media.path or kind in {MediaKind.FILE, MediaKind.ANIMATION}:
        carried = replace(carried, size=_size_carried(media.size))
    place = PLACE if kind is MediaKind.VENUE else ""
    lines = (media.title, extras.description, extras.status, place)
    return replace(carried, title=", ".join(filter(None, lines)) or None)


def _size_carried(size: int | None) -> int | None:
    if size is None or size < 1024:
        return size
    unit = 1024 if size < 1024**2 else 1024**2
    return round(size * 10 // unit / 10 * unit)


def _poll_carried(poll: Poll | None) -> Poll | None:
    if poll is None or not poll.total_voters or any(answer.voters for answer in poll.answers):
        return poll
    hidden = tuple(replace(answer, voters=None) for answer in poll.answers)
    return replace(poll, answers=hidden)


def _tags(content: RichText) -> Iterator[str]:
    for span in content.spans:
        if span.kind is SpanKind.HASHTAG:
            yield fold_tag(content.text_of(span).partition("@")[0])


def _codes(content: RichText) -> Iterator[str]:
    for span in content.spans:
        if span.kind in {SpanKind.CODE, SpanKind.PRE} and content.text_of(span).strip():
            yield content.text_of(span).rstrip("\n")


def _addresses(content: RichText) -> Iterator[str]:
    for span in content.spans:
        text = content.text_of(span)
        if span.kind in _KEEPING_VALUES:
            yield span.value
        elif span.kind is SpanKind.MENTION:
            yield f"https://t.me/{text[1:]}"
        elif span.kind is SpanKind.EMAIL:
            yield f"mailto:{text}"


def _button_addresses(message: MirrorMessage, dialect: Dialect) -> Iterator[str]:
    for button in (button for row in message.buttons for button in row):
        if button.url and dialect.buttons:
            yield button.url
