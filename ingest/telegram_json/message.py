"""Turns one message of a JSON export into a post."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import TypeAlias

from ingest.compose import compose_post
from ingest.desktop.pages import MIGRATED_BELOW
from ingest.rich_post import RichPost
from ingest.rich_text import with_hashtags
from ingest.telegram_json.fields import (
    JsonObject,
    as_object,
    count_of,
    integer_of,
    list_of,
    moment_of,
    objects_of,
    string_of,
)
from ingest.telegram_json.media import read_media
from ingest.telegram_json.polls import read_poll
from ingest.telegram_json.rich_message import read_rich_message
from ingest.telegram_json.service import UNSUPPORTED, service_text
from ingest.telegram_json.text import read_content
from model.posts import BadMessage, Forward, Post, PostKind, Precision, Reaction

_DELETED = "Deleted Account"
_NUMBERS_END = 2**31
_URL_BUTTONS = frozenset({"url", "auth"})
# As an HTML export shows these two.
_CUSTOM_REACTION, _PAID_REACTION = "👋", "⭐"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatContext:
    """What all messages of a chat share."""

    file: str
    title: str
    telegram_id: int | None
    in_channel: bool
    zone: tzinfo | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undated:
    """A message that the exporter was too old to understand: only its existence is known."""

    message_id: int

    def at(self, posted_at: datetime) -> Post:
        """Return it as a post with the time of its neighbour."""
        return compose_post(
            message_id=self.message_id,
            posted_at=posted_at,
            kind=PostKind.SERVICE,
            precision=Precision.DAY,
            content=with_hashtags(UNSUPPORTED, []),
        )


ReadMessage: TypeAlias = Post | BadMessage | Undated


def read_message(value: object, *, index: int, chat: ChatContext) -> ReadMessage:
    """Read the element at `index` of `messages`."""
    message = as_object(value)
    if message is None:
        return _bad(chat, f"messages[{index}]", "The message is no JSON object.")
    message_id = integer_of(message, "id")
    if message_id is None or not _is_number(message_id):
        return _bad(chat, f"messages[{index}]", "The message has no number.")
    if message.get("type") == "unsupported":
        return Undated(message_id=message_id)
    posted_at = moment_of(message, "date", zone=chat.zone)
    if posted_at is None:
        shown = string_of(message, "date")
        reason = f"The date “{shown}” cannot be read." if shown else "The message has no date."
        return _bad(chat, f"message{message_id}", reason)
    if message.get("type") == "service":
        return _read_service(message, message_id, posted_at=posted_at, chat=chat)
    return _read_post(message, message_id, posted_at=posted_at, chat=chat)


def _is_number(message_id: int) -> bool:
    """Return whether this is a valid message number; those of a former basic group are negative."""
    return 0 < message_id < _NUMBERS_END or -_NUMBERS_END < message_id < MIGRATED_BELOW


def _bad(chat: ChatContext, anchor: str, reason: str) -> BadMessage:
    return BadMessage(file=chat.file, anchor=anchor, reason=reason)


def _read_service(
    message: JsonObject, message_id: int, *, posted_at: datetime, chat: ChatContext
) -> Post:
    actor = _read_name(message, "actor", chat=chat)
    line = service_text(message, actor=actor, in_channel=chat.in_channel)
    return compose_post(
        message_id=message_id,
        posted_at=posted_at,
        kind=PostKind.SERVICE,
        content=with_hashtags(line, []),
        reply_to=integer_of(message, "message_id"),
    )


def _read_post(
    message: JsonObject, message_id: int, *, posted_at: datetime, chat: ChatContext
) -> Post | BadMessage:
    if not isinstance(message.get("text"), str | list | None):
        # Storing an empty text would look like an edit.
        return _bad(chat, f"message{message_id}", "The text is of a kind that is not known.")
    rich = as_object(message.get("rich_message"))
    text = read_rich_message(rich) if rich is not None else RichPost(content=read_content(message))
    post = compose_post(
        message_id=message_id,
        posted_at=posted_at,
        content=text.content,
        author=_read_author(message, chat=chat),
        via_bot=(string_of(message, "via_bot") or "").removeprefix("@") or None,
        reply_to=_read_reply(message, chat=chat),
        forward=_read_forward(message),
        media=(*read_media(message), *text.media),
        poll=read_poll(message),
        reactions=_read_reactions(message) if "reactions" in message else None,
        buttons=tuple(_read_buttons(message)),
    )
    return replace(post, edited_at=_read_edit(message, posted_at=posted_at, chat=chat))


def _read_edit(message: JsonObject, *, posted_at: datetime, chat: ChatContext) -> datetime | None:
    """Return when a post was edited; until 2.1.8, 1970 means never."""
    edited_at = moment_of(message, "edited", zone=chat.zone)
    return edited_at if edited_at is not None and edited_at >= posted_at else None


def _read_author(message: JsonObject, *, chat: ChatContext) -> str | None:
    """Return the signature, or the sender if it is not the channel itself."""
    signature = (string_of(message, "author") or "").strip()
    if signature:
        return signature
    sender = _read_name(message, "from", chat=chat)
    return sender if sender != chat.title else None


def _read_name(message: JsonObject, key: str, *, chat: ChatContext) -> str:
    """Return who sent a message; the chat may have no name itself."""
    name = (string_of(message, key) or "").strip()
    if name:
        return name
    is_chat = message.get(f"{key}_id") == f"channel{chat.telegram_id}"
    return chat.title if is_chat or key not in message else _DELETED


def _read_reply(message: JsonObject, *, chat: ChatContext) -> int | None:
    """Return the message replied to, unless it is in another chat."""
    peer = message.get("reply_to_peer_id")
    if peer is not None and peer != f"channel{chat.telegram_id}":
        return None
    return integer_of(message, "reply_to_message_id")


def _read_forward(message: JsonObject) -> Forward | None:
    """Read `forwarded_from`; it is null if the original author's account is deleted."""
    if "forwarded_from" not in message:
        return None
    return Forward(name=(string_of(message, "forwarded_from") or "").strip() or _DELETED)


def _read_reactions(message: JsonObject) -> tuple[Reaction, ...]:
    counts: dict[str, int] = {}
    for reaction in objects_of(message, "reactions"):
        emoji = _read_emoji(reaction)
        if emoji:
            counts[emoji] = counts.get(emoji, 0) + (count_of(reaction, "count") or 0)
    return tuple(Reaction(emoji=emoji, count=count) for emoji, count in counts.items())


def _read_emoji(reaction: JsonObject) -> str:
    kind = reaction.get("type")
    if kind == "custom_emoji":
        return _CUSTOM_REACTION
    if kind == "paid":
        return _PAID_REACTION
    return (string_of(reaction, "emoji") or "").replace("\ufe0f", "")


def _read_buttons(message: JsonObject) -> Iterator[tuple[str, str]]:
    """Yield the address and label of every button that opens a page."""
    for row in list_of(message, "inline_bot_buttons"):
        for button in objects_of({"row": row}, "row"):
            address = string_of(button, "data")
            if string_of(button, "type") in _URL_BUTTONS and address:
                yield address, (string_of(button, "text") or "").strip()
