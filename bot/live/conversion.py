"""Converts live messages to posts, by the same rules as imports."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from telegram import (
    Chat,
    Message,
    MessageOrigin,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
)

from bot.live.attachments import read_attachments, read_buttons, read_live_poll
from bot.live.entities import read_text
from bot.live.rich import read_rich
from bot.live.service_lines import service_line
from bot.transport.chat_ids import telegram_id_of
from ingest.compose import compose_post
from ingest.rich_text import with_hashtags
from ingest.telegram_json.service import UNSUPPORTED
from model.posts import Channel, Forward, Post, PostKind


def channel_of(chat: Chat) -> Channel:
    """Return the channel of a chat."""
    return Channel(
        title=(chat.title or "").strip(),
        username=chat.username,
        telegram_id=telegram_id_of(chat.id),
    )


def effective_at(message: Message) -> datetime:
    """Return the time a message is as of: its last edit, or its publication."""
    return message.edit_date or message.date


def post_of(message: Message) -> Post:
    """Return a channel's message as a post."""
    line = service_line(message)
    if line is not None:
        return _service(message, line)
    content = read_rich(message.api_kwargs.get("rich_message")) or read_text(message)
    media, poll = read_attachments(message), read_live_poll(message)
    if not (content.text or media or poll):
        return _service(message, UNSUPPORTED)
    post = compose_post(
        message_id=message.message_id,
        posted_at=message.date,
        content=content,
        author=(message.author_signature or "").strip() or None,
        via_bot=message.via_bot.username if message.via_bot else None,
        reply_to=_replied_to(message),
        forward=_read_forward(message.forward_origin) if message.forward_origin else None,
        media=media,
        poll=poll,
        buttons=tuple(read_buttons(message)),
    )
    return replace(post, edited_at=message.edit_date, album_id=message.media_group_id)


def _service(message: Message, line: str) -> Post:
    pinned = message.pinned_message
    return compose_post(
        message_id=message.message_id,
        posted_at=message.date,
        kind=PostKind.SERVICE,
        content=with_hashtags(line, []),
        reply_to=pinned.message_id if pinned else None,
    )


def _replied_to(message: Message) -> int | None:
    """Return the message replied to, unless it is in another chat."""
    replied = message.reply_to_message
    return replied.message_id if replied and replied.chat.id == message.chat.id else None


def _read_forward(origin: MessageOrigin) -> Forward:
    match origin:
        case MessageOriginChannel():
            return Forward(
                name=origin.chat.title or "",
                posted_at=origin.date,
                username=origin.chat.username,
                message_id=origin.message_id,
            )
        case MessageOriginChat():
            return Forward(name=origin.sender_chat.title or "", posted_at=origin.date)
        case MessageOriginUser():
            return Forward(name=origin.sender_user.full_name, posted_at=origin.date)
        case MessageOriginHiddenUser():
            return Forward(name=origin.sender_user_name, posted_at=origin.date)
        case _:
            return Forward(name="", posted_at=origin.date)
