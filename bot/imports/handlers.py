"""Handlers of uploads: files, buttons, and channel names."""

from __future__ import annotations

import asyncio
import functools

from telegram import CallbackQuery, Message, Update
from telegram.ext import ApplicationHandlerStop, MessageHandler, filters

from bot.imports import views as bubbles
from bot.imports.channel_choice import read_answer
from bot.imports.queue import Desk
from bot.owners.commands import of_owner, owners_command
from bot.people import texts_of
from bot.routing import Asked, Context, Handler, on_command, on_free_press
from bot.services import Services
from bot.transport.callback_data import Action, Press
from bot.transport.delivery import send
from db import Upload
from i18n.imports import upload_texts

_SENT = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
_LISTED = 5


def handlers(services: Services, desk: Desk) -> list[Handler]:
    """Return the handlers of this subject."""
    uploads = _Uploads(services, desk)
    return [
        MessageHandler(_SENT & filters.Document.ALL, uploads.receive),
        on_command("import", owners_command(services, uploads.help)),
        on_free_press(Action.IMPORT, of_owner(services, uploads.confirm)),
        on_free_press(Action.IMPORT_CANCEL, of_owner(services, uploads.cancel)),
        on_free_press(Action.IMPORT_OTHER, of_owner(services, uploads.ask_again)),
        on_free_press(Action.IMPORT_CHANNEL, of_owner(services, uploads.choose)),
    ]


def answer_handler(services: Services, desk: Desk) -> Handler:
    """Return the handler of channel names sent in answer to a question.

    It must come before the search handlers, and passes on everything else.
    """
    return MessageHandler(_SENT & filters.TEXT, _Uploads(services, desk).hear_channel)


class _Uploads:
    def __init__(self, services: Services, desk: Desk) -> None:
        self._services = services
        self._desk = desk

    async def receive(self, update: Update, context: Context) -> None:
        message = update.message
        assert message
        assert message.from_user
        assert message.document
        texts = texts_of(message.from_user, context)
        if message.from_user.id in self._services.config.owners:
            await self._desk.receive(message.document, message, texts)
        else:
            await message.reply_text(upload_texts(texts).owners_only)

    async def help(self, asked: Asked) -> None:
        read = functools.partial(self._services.store.imports, limit=_LISTED)
        rows = await asyncio.to_thread(read)
        channels = await asyncio.to_thread(self._services.store.channels)
        bubble = bubbles.import_help(
            rows,
            {each.channel_id: each.channel.title for each in channels},
            limit=self._services.config.upload_limit,
            reader=self._services.reader(asked.texts),
        )
        await send(asked.message, bubble)

    async def confirm(self, query: CallbackQuery, asked: Asked, pressed: Press) -> None:
        upload = await self._pressed(query, asked, pressed)
        if upload:
            is_done = await self._desk.confirm(upload.upload_id, query.get_bot())
            await self._answer(query, asked, is_done=is_done)

    async def cancel(self, query: CallbackQuery, asked: Asked, pressed: Press) -> None:
        upload = await self._pressed(query, asked, pressed)
        if upload:
            is_over = await self._desk.cancel(upload, query.get_bot())
            await query.answer(None if is_over else upload_texts(asked.texts).stopping)

    async def ask_again(self, query: CallbackQuery, asked: Asked, pressed: Press) -> None:
        upload = await self._pressed(query, asked, pressed)
        if upload:
            is_done = await self._desk.ask_again(upload, query.get_bot())
            await self._answer(query, asked, is_done=is_done)

    async def choose(self, query: CallbackQuery, asked: Asked, pressed: Press) -> None:
        upload = await self._pressed(query, asked, pressed)
        if upload is None:
            return
        wanted = pressed["origin"], pressed["key"]
        found = await self._desk.candidates(upload.title or "")
        chosen = [each for each in found if (each.origin, each.key) == wanted]
        is_done = bool(chosen) and await self._desk.choose(
            upload, chosen[0].as_given, query.get_bot()
        )
        await self._answer(query, asked, is_done=is_done)

    async def hear_channel(self, update: Update, context: Context) -> None:
        message = update.message
        assert message
        assert message.from_user
        text = message.text or ""
        channel = read_answer(text)
        replied = message.reply_to_message
        if replied is None and not text.strip().startswith(("@", "https://", "t.me/")):
            return
        if message.from_user.id not in self._services.config.owners:
            return
        asked = await self._desk.asks_in(message.chat.id)
        if replied:
            asked = [each for each in asked if each.bubble_id == replied.message_id]
        if not asked or (replied is None and channel is None):
            return
        await self._take_answer(asked[0], channel or text, message, context)
        raise ApplicationHandlerStop

    async def _take_answer(
        self, upload: Upload, channel: str, message: Message, context: Context
    ) -> None:
        assert message.from_user
        words = upload_texts(texts_of(message.from_user, context))
        # In an account export a channel can be chosen by title; a new channel needs more.
        if upload.title and read_answer(channel) is None:
            await message.reply_text(words.no_name)
        else:
            await self._desk.choose(upload, channel.strip(), message.get_bot())

    async def _pressed(self, query: CallbackQuery, asked: Asked, pressed: Press) -> Upload | None:
        """Return the upload of a button if it is the person's own and unfinished."""
        upload = await self._desk.find(pressed["upload"])
        if upload is None or upload.user_id != asked.user_id:
            await query.answer(upload_texts(asked.texts).already, show_alert=True)
            return None
        return upload

    async def _answer(self, query: CallbackQuery, asked: Asked, *, is_done: bool) -> None:
        if is_done:
            await query.answer()
        else:
            await query.answer(upload_texts(asked.texts).already, show_alert=True)
