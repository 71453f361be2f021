"""Hypothesis strategies of the messages that an HTML export can hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from model.posts import (
    Forward,
    Media,
    MediaKind,
    Poll,
    PollAnswer,
    Post,
    PostKind,
    Precision,
    Reaction,
)
from model.rich_text import RichText
from tests.mirror.attachments import MAP, NOT_INCLUDED, PLACE, TOO_BIG, UNAVAILABLE, MediaExtras
from tests.mirror.messages import (
    MODERN,
    V1_8,
    V2_7,
    V3_7,
    V4_16,
    V5_6,
    V7_0,
    Button,
    Dialect,
    MirrorMessage,
    OriginKind,
)
from tests.mirror.text_strategies import EMOJI, LATIN, addresses, names, passages, rich_texts

_START = datetime(2023, 3, 20, 9, 0, tzinfo=UTC)
_sizes = st.none() | st.integers(0, 3_000_000_000)
_notes = st.sampled_from([NOT_INCLUDED, TOO_BIG, UNAVAILABLE])
_durations = st.none() | st.integers(0, 20_000)
_pixels = st.tuples(st.integers(80, 4000), st.integers(80, 4000))
_SAVED_PATHS = {
    MediaKind.PHOTO: "photos/photo_{}@09-07-2023_16-11-00.jpg",
    MediaKind.VIDEO: "video_files/video_{}@09-07-2023_16-11-00.mp4",
    MediaKind.ANIMATION: "video_files/animation_{}.gif.mp4",
    MediaKind.VIDEO_MESSAGE: "round_video_messages/file_{}@09-07-2023_16-11-00.mp4",
    MediaKind.VOICE: "voice_messages/audio_{}@09-07-2023_16-11-00.ogg",
    MediaKind.AUDIO: "files/песня ({}).mp3",
    MediaKind.FILE: "files/отчёт ({}).pdf",
    MediaKind.STICKER: "stickers/sticker ({}).webp",
}
_TITLED = {
    MediaKind.AUDIO: st.builds("{} – {}".format, names, names),
    MediaKind.FILE: names.map("{}.pdf".format),
}


@st.composite
def attachments(draw: st.DrawFn) -> tuple[Media, MediaExtras]:
    """Draw a file that was saved, or was not, for a reason that the export names."""
    kind = draw(st.sampled_from(sorted(_SAVED_PATHS)))
    media = Media(
        kind=kind,
        title=draw(st.none() | _TITLED[kind]) if kind in _TITLED else None,
        size=draw(_sizes),
        duration=draw(_durations),
    )
    width, height = draw(_pixels)
    media = replace(media, width=width, height=height)
    if draw(st.booleans()):
        path = _SAVED_PATHS[kind].format(draw(st.integers(1, 99)))
        return replace(media, path=path), MediaExtras(thumb=draw(st.booleans()))
    return replace(media, note=draw(_notes)), MediaExtras()


@st.composite
def places_and_people(draw: st.DrawFn) -> tuple[Media, MediaExtras]:
    """Draw a contact, a place or a bill, of which an export shows two or three lines."""
    kind = draw(st.sampled_from([MediaKind.CONTACT, MediaKind.LOCATION, MediaKind.VENUE]))
    title = None if kind is MediaKind.LOCATION else draw(names)
    extras = {
        MediaKind.CONTACT: MediaExtras(status="+7 900 000 00 00"),
        MediaKind.LOCATION: MediaExtras(status=PLACE, link=MAP),
        MediaKind.VENUE: MediaExtras(description=draw(names), link=MAP),
    }
    return Media(kind=kind, title=title), extras[kind]


@st.composite
def polls(draw: st.DrawFn) -> Poll:
    """Draw a poll; its votes are shown, hidden, or not cast yet."""
    texts = draw(st.lists(names, min_size=1, max_size=4))
    shown = draw(st.booleans())
    votes = [draw(st.integers(0, 1500)) if shown else 0 for _ in texts]
    return Poll(
        question=draw(names),
        answers=tuple(
            PollAnswer(text=text, voters=count) for text, count in zip(texts, votes, strict=True)
        ),
        details=draw(st.sampled_from(["Anonymous poll", "Final results", "To-do List"])),
        total_voters=sum(votes) if shown else draw(st.integers(0, 9)),
    )


_reactions = st.lists(
    st.builds(Reaction, emoji=st.sampled_from(EMOJI), count=st.integers(1, 30_000)),
    max_size=4,
    unique_by=lambda reaction: reaction.emoji.replace("\ufe0f", ""),
).map(tuple)
_labels = st.text(LATIN + "ёж &'", min_size=1, max_size=6)
_rows = st.lists(
    st.one_of(
        st.builds(Button, label=_labels, url=addresses),
        st.builds(Button, label=_labels, data=passages),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
_service_texts = st.one_of(
    names.map("Channel «{}» created".format),
    names.map("Channel title changed to «{}»".format),
    names.map("{} pinned this message".format),
    st.builds(
        str.format,
        st.sampled_from(
            [
                "{} created topic «{}»",
                "{} changed topic title to «{}»",
                '{} added tasks: "{}"',
                '{} added "{}" to the poll.',
                "{} made {} the new main admin of the group",
                "{} sent you a gift for {}: Telegram Premium for 90 days.",
            ]
        ),
        names,
        names,
    ),
    st.sampled_from(
        [
            "Channel photo changed",
            "Voice chat (12 seconds)",
            "Price per direct message changed to 0 Telegram Stars.",
            "Direct messages were disabled.",
        ]
    ),
)
# Forwards in a row mostly come from one place: that is what joins them.
_origins = st.sampled_from(["Анна Петрова", "Ночной канал", "Костя", ""])


@st.composite
def _services(draw: st.DrawFn, *, message_id: int, at: datetime) -> MirrorMessage:
    text = draw(_service_texts)
    pinned = text.endswith(" pinned this message")
    post = Post(
        message_id=message_id,
        posted_at=at,
        kind=PostKind.SERVICE,
        precision=Precision.DAY,
        content=RichText(text),
        reply_to=draw(st.integers(1, message_id)) if pinned else None,
    )
    return MirrorMessage(post=post, photo=text == "Channel photo changed")


@st.composite
def _posts(draw: st.DrawFn, *, message_id: int, at: datetime) -> MirrorMessage:
    media, extras = None, MediaExtras()
    if draw(st.booleans()):
        media, extras = draw(st.one_of(attachments(), places_and_people()))
    poll = draw(st.none() | polls()) if media is None else None
    reactions = draw(st.none() | _reactions)
    forward = None
    if draw(st.booleans()):
        ago = timedelta(seconds=draw(st.integers(0, 2000)))
        forward = Forward(name=draw(_origins), posted_at=at - ago)
    reply_to = draw(st.none() | st.integers(1, message_id))
    post = Post(
        message_id=message_id,
        posted_at=at,
        content=draw(rich_texts()),
        author=draw(st.none() | names),
        via_bot=draw(st.none() | st.sampled_from(["vote", "gif"])),
        reply_to=reply_to,
        forward=forward,
        media=(media,) if media else (),
        poll=poll,
        reactions=reactions,
    )
    shown_by = draw(st.sampled_from(reactions)) if reactions else None
    return MirrorMessage(
        post=post,
        sender=draw(st.none() | st.sampled_from(["Гость канала"])),
        origin=draw(st.sampled_from(OriginKind)),
        reply_elsewhere=reply_to is None and draw(st.booleans()),
        media=extras,
        buttons=draw(st.just(()) | st.lists(_rows, max_size=2).map(tuple)),
        chosen_answer=draw(st.none() | st.just(0)),
        reactors=((shown_by.emoji, ("Анна", "Bob")[: shown_by.count]),) if shown_by else (),
        custom_reactions=frozenset(draw(st.sampled_from([(), ("👍",)]))),
    )


_gaps = st.sampled_from([0, 1, 2, 60, 900, 901, 7200, 86_400])


@st.composite
def channels(draw: st.DrawFn) -> tuple[MirrorMessage, ...]:
    """Draw a channel's messages: ids and times ascend, with gaps, joined and on the same second."""
    messages = list[MirrorMessage]()
    message_id, at = 0, _START
    for _ in range(draw(st.integers(1, 7))):
        message_id += draw(st.integers(1, 3))
        at += timedelta(seconds=draw(_gaps))
        is_service = draw(st.integers(0, 4)) == 0
        message = draw((_services if is_service else _posts)(message_id=message_id, at=at))
        messages.append(message)
    return tuple(messages)


titles = names
dialects: st.SearchStrategy[Dialect] = st.sampled_from(
    [MODERN, V7_0, V5_6, V4_16, V3_7, V2_7, V1_8]
)
zones: st.SearchStrategy[tzinfo] = st.sampled_from(
    [
        UTC,
        timezone(timedelta(hours=3)),
        timezone(timedelta(hours=5, minutes=30)),
        timezone(-timedelta(hours=9, minutes=30)),
        ZoneInfo("Europe/Berlin"),
    ]
)
