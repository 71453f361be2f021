"""Sends messages, converting them to HTML and Telegram's keyboards."""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    SwitchInlineQueryChosenChat,
    Update,
)
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest

from bot.message.html import to_html
from bot.message.message import Attachment, Button, OutgoingMessage
from bot.message.nesting import nest

_log = logging.getLogger(__name__)

_TOAST = 200
"""Maximum characters of a notice over a chat."""
_GONE = ("message to edit not found", "message can't be edited")


async def send(message: Message, outgoing: OutgoingMessage) -> None:
    """Answer a message; in a group, as a reply to it."""
    await _deliver(message.reply_text, outgoing, do_quote=message.chat.type != ChatType.PRIVATE)


async def send_to(
    chat_id: int, outgoing: OutgoingMessage, bot: Bot, *, attempts: int | None = None
) -> int:
    """Send an unprompted message to a person; return its id.

    `attempts` limits the retries after flood errors.

    Raises:
        TelegramError: They never wrote to the bot, or blocked it.
    """
    # Only the library's ExtBot accepts rate limit arguments.
    limits: dict[str, Any] = {} if attempts is None else {"rate_limit_args": attempts}
    sent = await _deliver(functools.partial(bot.send_message, chat_id, **limits), outgoing)
    assert isinstance(sent, Message)
    return sent.message_id


async def edit_or_resend(chat_id: int, message_id: int, outgoing: OutgoingMessage, bot: Bot) -> int:
    """Replace a message; return the id of the message it is in now.

    Raises:
        TelegramError: It cannot be shown, neither there nor in a new message.
    """
    call = functools.partial(bot.edit_message_text, chat_id=chat_id, message_id=message_id)
    try:
        await _deliver(call, outgoing)
    except BadRequest as exc:
        if not any(words in exc.message.lower() for words in _GONE):
            raise
        return await send_to(chat_id, outgoing, bot)
    return message_id


async def edit_pressed(message: Message, outgoing: OutgoingMessage) -> None:
    """Replace the message whose button was pressed."""
    try:
        await _deliver(message.edit_text, outgoing)
    except BadRequest as exc:
        if not any(words in exc.message.lower() for words in _GONE):
            raise
        await send(message, outgoing)


async def _deliver(
    call: Callable[..., Awaitable[object]], outgoing: OutgoingMessage, **options: object
) -> object:
    """Send as HTML; if the server refuses it, send plain text."""
    markup = keyboard(outgoing.rows)
    try:
        return await call(
            to_html(outgoing.body), parse_mode=ParseMode.HTML, reply_markup=markup, **options
        )
    except BadRequest as exc:
        if "can't parse entities" not in exc.message.lower():
            raise
        _log.error("a message was refused as HTML and sent as plain text: %s", exc.message)
        return await call(nest(outgoing.body).text, reply_markup=markup, **options)


async def answer_briefly(update: Update, words: str) -> bool:
    """Answer an update with one sentence if possible; return whether it was.

    Button presses and inline queries need an answer even without words. In groups and channels
    nothing is said, to spare the other members.
    """
    if update.callback_query:
        await update.callback_query.answer(words[:_TOAST] or None)
        return True
    if update.inline_query:
        await update.inline_query.answer([], cache_time=0, is_personal=True)
    elif words and update.message and update.message.chat.type == ChatType.PRIVATE:
        await update.message.reply_text(words)
        return True
    return False


async def send_file(message: Message, attachment: Attachment) -> None:
    """Send a file."""
    await message.reply_document(
        attachment.content,
        filename=attachment.name,
        caption=to_html(attachment.caption),
        parse_mode=ParseMode.HTML,
        disable_content_type_detection=True,
    )


async def send_picture(message: Message, attachment: Attachment) -> None:
    """Send a picture with a caption."""
    await message.reply_photo(
        attachment.content,
        filename=attachment.name,
        caption=to_html(attachment.caption),
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard(attachment.rows),
    )


def keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """Return rows of buttons as Telegram's."""
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    if button.copy:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copy))
    if button.inline:
        chosen = SwitchInlineQueryChosenChat(
            button.inline,
            allow_user_chats=True,
            allow_group_chats=True,
            allow_channel_chats=True,
        )
        return InlineKeyboardButton(button.label, switch_inline_query_chosen_chat=chosen)
    return InlineKeyboardButton(button.label, callback_data=button.data)
