"""An exporter of our own: messages as Telegram Desktop writes them into `result.json`.

It is written from the format's description alone, independently of the reader in `ingest`, so that
the two can judge each other; it keeps the exporter's habits, slips included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from model.posts import Media, MediaKind, Poll, Post, PostKind, Reaction
from model.rich_text import RichText, Span, SpanKind
from tests.mirror.attachments import LATITUDE, LONGITUDE, NOT_INCLUDED, TOO_BIG, UNAVAILABLE
from tests.mirror.entities import flat_spans
from tests.mirror.json_layer import Bare, Json, encode_json
from tests.mirror.messages import MirrorMessage

_TYPES = {
    SpanKind.BOLD: "bold",
    SpanKind.ITALIC: "italic",
    SpanKind.UNDERLINE: "underline",
    SpanKind.STRIKE: "strikethrough",
    SpanKind.SPOILER: "spoiler",
    SpanKind.QUOTE: "blockquote",
    SpanKind.CODE: "code",
    SpanKind.PRE: "pre",
    SpanKind.HASHTAG: "hashtag",
    SpanKind.CASHTAG: "cashtag",
    SpanKind.COMMAND: "bot_command",
    SpanKind.MENTION: "mention",
    SpanKind.MENTION_NAME: "mention_name",
    SpanKind.URL: "link",
    SpanKind.TEXT_LINK: "text_link",
    SpanKind.EMAIL: "email",
    SpanKind.PHONE: "phone",
    SpanKind.CUSTOM_EMOJI: "custom_emoji",
}
_MEDIA_TYPES = {
    MediaKind.STICKER: "sticker",
    MediaKind.VIDEO_MESSAGE: "video_message",
    MediaKind.VOICE: "voice_message",
    MediaKind.ANIMATION: "animation",
    MediaKind.VIDEO: "video_file",
    MediaKind.AUDIO: "audio_file",
}
_WHY_ABSENT = {
    NOT_INCLUDED: "(File not included. Change data exporting settings to download.)",
    TOO_BIG: "(File exceeds maximum size. Change data exporting settings to download.)",
    UNAVAILABLE: "(File unavailable, please try again later)",
}
_SERVICES: Sequence[tuple[str, str]] = (
    (r"Channel «(?P<title>.*)» created", "create_channel"),
    (r"Channel title changed to «(?P<title>.*)»", "edit_group_title"),
    (r"Channel photo changed", "edit_group_photo"),
    (r"(?P<actor>.*) pinned this message", "pin_message"),
    (r"Voice chat \((?P<duration>\d+) seconds\)", "group_call"),
    (
        r"Price per direct message changed to (?P<price_stars>\d+) Telegram Stars\.",
        "paid_messages_price_change",
    ),
    (r"Direct messages were disabled\.", "paid_messages_price_change"),
    (r"(?P<actor>.*) created topic «(?P<title>.*)»", "topic_created"),
    (r"(?P<actor>.*) changed topic title to «(?P<new_title>.*)»", "topic_edit"),
    (r'(?P<actor>.*) added tasks: "(?P<items>.*)"', "todo_append_tasks"),
    (r'(?P<actor>.*) added "(?P<option>.*)" to the poll\.', "poll_append_answer"),
    (r"(?P<actor>.*) made (?P<new_creator>.*) the new main admin of the group", "change_creator"),
    (
        r"(?P<actor>.*) sent you a gift for (?P<cost>.*): Telegram Premium for (?P<days>90) days\.",
        "send_premium_gift",
    ),
)
_NUMBERS = {"duration", "price_stars", "days"}


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonDialect:
    """What changed between versions; the defaults are those of 6.1."""

    unixtime: bool = True  # since 3.7.6
    text_entities: bool = True  # since 4.1.2
    bare_document_ids: bool = False  # 4.0.4 to 4.1.1
    buttons: bool = True  # since 4.13
    reactions: bool = True  # since 5.5.7


J6_1 = JsonDialect()
J4_1_1 = JsonDialect(text_entities=False, bare_document_ids=True, buttons=False, reactions=False)
J2_7 = JsonDialect(unixtime=False, text_entities=False, buttons=False, reactions=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonChat:
    """A chat to be written, and the exporting machine's clock."""

    title: str | None
    messages: Sequence[MirrorMessage]
    telegram_id: int = 1500000001
    kind: str = "public_channel"
    zone: tzinfo = UTC
    dialect: JsonDialect = J6_1


def write_chat(path: Path, chat: JsonChat) -> Path:
    """Write the export of one chat."""
    path.write_bytes(encode_json(chat_object(chat)))
    return path


def write_account(path: Path, chats: Sequence[JsonChat], *, left: Sequence[JsonChat] = ()) -> Path:
    """Write the export of a whole account; `left` are channels that it left."""
    account: dict[str, Json] = {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 7, "first_name": "Рита", "phone_number": "+7 900"},
        "frequent_contacts": {
            "about": "People.",
            "list": [{"id": 8, "category": "people", "type": "user", "name": "Анна", "rating": 2}],
        },
        "chats": {"about": "This page lists all chats.", "list": list(map(chat_object, chats))},
    }
    if left:
        about = "This page lists all supergroups and channels that you left."
        account["left_chats"] = {"about": about, "list": list(map(chat_object, left))}
    path.write_bytes(encode_json(account))
    return path


def chat_object(chat: JsonChat) -> Mapping[str, Json]:
    """Return a chat as the exporter writes it; saved messages have no name."""
    named: dict[str, Json] = {} if chat.kind == "saved_messages" else {"name": chat.title or None}
    return {
        **named,
        "type": chat.kind,
        "id": chat.telegram_id,
        "messages": [dict(_fields(message, chat)) for message in chat.messages],
    }


def _fields(message: MirrorMessage, chat: JsonChat) -> Iterator[tuple[str, Json]]:
    post, dialect = message.post, chat.dialect
    is_service = post.kind is PostKind.SERVICE
    yield "id", post.message_id
    yield "type", "service" if is_service else "message"
    yield from _moment("date", post.posted_at, chat)
    if post.edited_at is not None:
        yield from _moment("edited", post.edited_at, chat)
    if is_service:
        yield from _action(post, chat)
        yield from _text(RichText(), dialect)
        return
    yield from _origin(message, chat)
    for media in post.media[:1]:
        yield from _media(media, message)
    if post.poll is not None:
        yield _poll(post.poll, chosen=message.chosen_answer)
    if message.rich:
        yield "rich_message", {"rtl": False, "part": False, "blocks": list(message.rich)}
    else:
        yield from _text(post.content, dialect)
    if message.buttons and dialect.buttons:
        yield (
            "inline_bot_buttons",
            [[_button(each.label, each.url, each.data) for each in row] for row in message.buttons],
        )
    if post.reactions and dialect.reactions:
        yield "reactions", [_reaction(each, message) for each in post.reactions]


def _moment(key: str, moment: datetime, chat: JsonChat) -> Iterator[tuple[str, Json]]:
    local = moment.astimezone(chat.zone).replace(tzinfo=None)
    yield key, local.isoformat(timespec="seconds")
    if chat.dialect.unixtime:
        yield f"{key}_unixtime", str(int(moment.timestamp()))


def _action(post: Post, chat: JsonChat) -> Iterator[tuple[str, Json]]:
    for pattern, action in _SERVICES:
        match = re.fullmatch(pattern, post.text, re.DOTALL)
        if match is not None:
            found = match.groupdict()
            yield "actor", found.pop("actor", chat.title)
            yield "actor_id", f"channel{chat.telegram_id}"
            yield "action", action
            if action == "paid_messages_price_change":
                yield "is_broadcast_messages_allowed", bool(found)
            for key, value in found.items():
                yield key, _value(key, value)
            if post.reply_to is not None:
                yield "message_id", post.reply_to
            return
    raise AssertionError(post.text)


def _value(key: str, value: str) -> Json:
    if key == "items":
        return [{"text": [value], "id": 1}]
    return int(value) if key in _NUMBERS else value


def _origin(message: MirrorMessage, chat: JsonChat) -> Iterator[tuple[str, Json]]:
    post = message.post
    yield "from", message.sender or chat.title
    yield "from_id", f"channel{chat.telegram_id}" if message.sender is None else "user77"
    if post.author:
        yield "author", post.author
    if post.forward is not None:
        yield "forwarded_from", post.forward.name or None
    if message.reply_elsewhere:
        yield "reply_to_message_id", 5
        yield "reply_to_peer_id", "channel1500000999"
    elif post.reply_to is not None:
        yield "reply_to_message_id", post.reply_to
    if post.via_bot:
        yield "via_bot", f"@{post.via_bot}"


def _text(content: RichText, dialect: JsonDialect) -> Iterator[tuple[str, Json]]:
    parts = list(_parts(content, dialect))
    shown: list[Json] = [part["text"] if part["type"] == "plain" else part for part in parts]
    plain = len(parts) == 1 and parts[0]["type"] == "plain"
    yield "text", shown[0] if plain else shown or ""
    if dialect.text_entities:
        yield "text_entities", parts


def _parts(content: RichText, dialect: JsonDialect) -> Iterator[dict[str, Json]]:
    end = 0
    for span in flat_spans(content):
        if span.start > end:
            yield {"type": "plain", "text": content.text[end : span.start]}
        yield _entity(content.text_of(span), span, dialect)
        end = span.end
    if end < len(content.text) or end:
        yield {"type": "plain", "text": content.text[end:]}


def _entity(text: str, span: Span, dialect: JsonDialect) -> dict[str, Json]:
    entity: dict[str, Json] = {"type": _TYPES[span.kind], "text": text}
    if span.kind is SpanKind.TEXT_LINK:
        entity["href"] = span.value
    elif span.kind is SpanKind.PRE:
        entity["language"] = span.value
    elif span.kind is SpanKind.QUOTE:
        entity["collapsed"] = span.value == "collapsed"
    elif span.kind is SpanKind.MENTION_NAME:
        entity["user_id"] = 77
    elif span.kind is SpanKind.CUSTOM_EMOJI:
        path = "stickers/sticker (1).webp"
        entity["document_id"] = Bare(path) if dialect.bare_document_ids else path
    return entity


def _media(media: Media, message: MirrorMessage) -> Iterator[tuple[str, Json]]:
    if media.kind is MediaKind.CONTACT:
        contact = {"first_name": media.title or "", "last_name": ""}
        yield "contact_information", {**contact, "phone_number": message.media.status}
    elif media.kind is MediaKind.VENUE:
        yield "place_name", media.title
        yield "address", message.media.description
        yield "location_information", {"latitude": LATITUDE, "longitude": LONGITUDE}
    elif media.kind is MediaKind.LOCATION:
        yield "location_information", {"latitude": LATITUDE, "longitude": LONGITUDE}
    elif media.kind is MediaKind.PHOTO:
        yield "photo", media.path or _WHY_ABSENT[media.note or NOT_INCLUDED]
        yield "photo_file_size", media.size or 0
        yield "width", media.width
        yield "height", media.height
    else:
        yield from _file(media)


def _file(media: Media) -> Iterator[tuple[str, Json]]:
    yield "file", media.path or _WHY_ABSENT[media.note or NOT_INCLUDED]
    if media.kind is MediaKind.FILE and media.title:
        yield "file_name", media.title
    yield "file_size", media.size or 0
    yield "thumbnail", _WHY_ABSENT[NOT_INCLUDED]
    yield "thumbnail_file_size", 12345
    if media.kind in _MEDIA_TYPES:
        yield "media_type", _MEDIA_TYPES[media.kind]
    if media.kind is MediaKind.AUDIO and media.title:
        performer, _, title = media.title.partition(" – ")
        yield "performer", performer
        yield "title", title
    yield "mime_type", "application/octet-stream"
    if media.duration:
        yield "duration_seconds", media.duration
    if media.width and media.height:
        yield "width", media.width
        yield "height", media.height


def _poll(poll: Poll, *, chosen: int | None) -> tuple[str, Json]:
    if poll.details == "To-do List":
        items: list[Json] = [
            {"text": [answer.text], "id": number} for number, answer in enumerate(poll.answers)
        ]
        return "todo_list", {"title": poll.question, "others_can_append": False, "answers": items}
    answers: list[Json] = [
        {"text": answer.text, "voters": answer.voters or 0, "chosen": number == chosen}
        for number, answer in enumerate(poll.answers)
    ]
    return "poll", {
        "question": [poll.question, ""],
        "closed": poll.details == "Final results",
        "total_voters": poll.total_voters or 0,
        "answers": answers,
    }


def _button(label: str, url: str, data: str) -> Json:
    if url:
        return {"type": "url", "text": label, "data": url}
    return {"type": "callback", "text": label, "dataBase64": "eA", "data": data}


def _reaction(reaction: Reaction, message: MirrorMessage) -> Json:
    shown: dict[str, Json] = {"type": "emoji", "count": reaction.count, "emoji": reaction.emoji}
    if reaction.emoji == "⭐":
        shown = {"type": "paid", "count": reaction.count}
    names = dict(message.reactors).get(reaction.emoji, ())
    if names:
        shown["recent"] = [
            {"from": name, "from_id": "user5", "date": "2024-01-01T00:00:00"} for name in names
        ]
    return shown
