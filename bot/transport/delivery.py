"""Sends bubbles: the edge at which they become HTML and Telegram's keyboards."""

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
from bot.message.message import Attachment, Bubble, Button
from bot.message.nesting import nest

_log = logging.getLogger(__name__)

_TOAST = 200
"""Characters that Telegram shows over a chat."""
_GONE = ("message to edit not found", "message can't be edited")


async def send(message: Message, bubble: Bubble) -> None:
    """Answer a message; in a group the answer points at it."""
    await _deliver(message.reply_text, bubble, do_quote=message.chat.type != ChatType.PRIVATE)


async def send_to(chat_id: int, bubble: Bubble, bot: Bot, *, attempts: int | None = None) -> int:
    """Send a bubble to somebody who has said nothing just now; return the message's id.

    `attempts` is how often to try where Telegram asks to wait, if not as often as always.

    Raises:
        TelegramError: they never wrote to the bot, or blocked it.
    """
    # Only the library's own kind of bot knows the limiter, and it is one.
    limits: dict[str, Any] = {} if attempts is None else {"rate_limit_args": attempts}
    sent = await _deliver(functools.partial(bot.send_message, chat_id, **limits), bubble)
    assert isinstance(sent, Message)
    return sent.message_id


async def change(chat_id: int, message_id: int, bubble: Bubble, bot: Bot) -> int:
    """Put a bubble in the place of one that was sent; return the id of the message that it is in.

    Raises:
        TelegramError: It cannot be shown, there or in a new message.
    """
    call = functools.partial(bot.edit_message_text, chat_id=chat_id, message_id=message_id)
    try:
        await _deliver(call, bubble)
    except BadRequest as exc:
        if not any(words in exc.message.lower() for words in _GONE):
            raise
        return await send_to(chat_id, bubble, bot)
    return message_id


async def turn(message: Message, bubble: Bubble) -> None:
    """Put a bubble in the place of the one whose button was pressed."""
    try:
        await _deliver(message.edit_text, bubble)
    except BadRequest as exc:
        if not any(words in exc.message.lower() for words in _GONE):
            raise
        await send(message, bubble)


async def _deliver(
    call: Callable[..., Awaitable[object]], bubble: Bubble, **options: object
) -> object:
    """Send as HTML; should the server refuse that, the words matter more than their looks."""
    markup = keyboard(bubble.rows)
    try:
        return await call(
            to_html(bubble.body), parse_mode=ParseMode.HTML, reply_markup=markup, **options
        )
    except BadRequest as exc:
        if "can't parse entities" not in exc.message.lower():
            raise
        _log.error("a message was refused as HTML and sent as plain text: %s", exc.message)
        return await call(nest(bubble.body).text, reply_markup=markup, **options)


async def answer_shortly(update: Update, words: str) -> bool:
    """Answer an update with a sentence where one can be shown; tell whether it was.

    A press and an inline query need an answer even without words. In groups and channels nothing is
    said, as others would have to read it.
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
    """Send a picture, shown in the chat, with a text under it."""
    await message.reply_photo(
        attachment.content,
        filename=attachment.name,
        caption=to_html(attachment.caption),
        parse_mode=ParseMode.HTML,
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
