"""Handlers of uploads: files, buttons, and channel names."""

from __future__ import annotations

import asyncio
import functools

from telegram import CallbackQuery, Message, Update
from telegram.ext import ApplicationHandlerStop, MessageHandler, filters

from bot.imports import views
from bot.imports.channel_choice import parse_channel
from bot.imports.queue import ImportQueue
from bot.owners.commands import of_owner, owners_command
from bot.people import texts_of
from bot.routing import Context, Handler, Request, on_command, on_free_press
from bot.services import Services
from bot.transport.callback_data import Action, Press
from bot.transport.delivery import send
from db.bot_uploads import Upload
from i18n.imports import upload_texts

_SENT = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
_EXPORTS = (".zip", ".json", ".html", ".htm")
_LISTED = 5


def handlers(services: Services, import_queue: ImportQueue) -> list[Handler]:
    """Return the handlers of this subject."""
    uploads = _Uploads(services, import_queue)
    return [
        MessageHandler(_SENT & filters.Document.ALL & _ToImport(), uploads.receive),
        on_command("import", owners_command(services, uploads.help)),
        on_free_press(Action.IMPORT, of_owner(services, uploads.confirm)),
        on_free_press(Action.IMPORT_CANCEL, of_owner(services, uploads.cancel)),
        on_free_press(Action.IMPORT_OTHER, of_owner(services, uploads.ask_again)),
        on_free_press(Action.IMPORT_CHANNEL, of_owner(services, uploads.choose)),
    ]


def answer_handler(services: Services, import_queue: ImportQueue) -> Handler:
    """Return the handler of channel names sent in answer to a question.

    It must come before the search handlers, and passes on everything else.
    """
    return MessageHandler(_SENT & filters.TEXT, _Uploads(services, import_queue).take_channel)


class _ToImport(filters.MessageFilter):
    """Matches files that may be exports; others count as a message if it says what to look for."""

    def filter(self, message: Message) -> bool:
        document = message.document
        name = (document.file_name or "").casefold() if document else ""
        return name.endswith(_EXPORTS) or not (message.caption or message.forward_origin)


class _Uploads:
    def __init__(self, services: Services, import_queue: ImportQueue) -> None:
        self._services = services
        self._queue = import_queue

    async def receive(self, update: Update, context: Context) -> None:
        message = update.message
        assert message
        assert message.from_user
        assert message.document
        texts = texts_of(message.from_user, context)
        if message.from_user.id in self._services.config.owners:
            await self._queue.receive(message.document, message, texts)
        else:
            await message.reply_text(upload_texts(texts).owners_only)

    async def help(self, request: Request) -> None:
        read = functools.partial(self._services.store.imports, limit=_LISTED)
        rows = await asyncio.to_thread(read)
        channels = await asyncio.to_thread(self._services.store.channels)
        outgoing = views.import_help(
            rows,
            {each.channel_id: each.channel.title for each in channels},
            limit=self._services.config.upload_limit,
            locale=self._services.locale(request.texts),
        )
        await send(request.message, outgoing)

    async def confirm(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        upload = await self._pressed(query, request, pressed)
        if upload:
            is_done = await self._queue.confirm(upload.upload_id, query.get_bot())
            await self._answer(query, request, is_done=is_done)

    async def cancel(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        upload = await self._pressed(query, request, pressed)
        if upload:
            is_over = await self._queue.cancel(upload, query.get_bot())
            await query.answer(None if is_over else upload_texts(request.texts).stopping)

    async def ask_again(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        upload = await self._pressed(query, request, pressed)
        if upload:
            is_done = await self._queue.ask_again(upload, query.get_bot())
            await self._answer(query, request, is_done=is_done)

    async def choose(self, query: CallbackQuery, request: Request, pressed: Press) -> None:
        upload = await self._pressed(query, request, pressed)
        if upload is None:
            return
        wanted = pressed["origin"], pressed["key"]
        found = await self._queue.candidates(upload.title or "")
        chosen = [each for each in found if (each.kind, each.key) == wanted]
        is_done = bool(chosen) and await self._queue.choose(
            upload, chosen[0].as_argument, query.get_bot()
        )
        await self._answer(query, request, is_done=is_done)

    async def take_channel(self, update: Update, context: Context) -> None:
        message = update.message
        assert message
        assert message.from_user
        text = message.text or ""
        channel = parse_channel(text)
        replied = message.reply_to_message
        if replied is None and not text.strip().startswith(("@", "https://", "t.me/")):
            return
        if message.from_user.id not in self._services.config.owners:
            return
        waiting = await self._queue.awaiting_channel(message.chat.id)
        if replied:
            waiting = [each for each in waiting if each.bubble_id == replied.message_id]
        if not waiting or (replied is None and channel is None):
            return
        await self._take_answer(waiting[0], channel or text, message, context)
        raise ApplicationHandlerStop

    async def _take_answer(
        self, upload: Upload, channel: str, message: Message, context: Context
    ) -> None:
        assert message.from_user
        words = upload_texts(texts_of(message.from_user, context))
        # In an account export a channel can be chosen by title; a new channel needs more.
        if upload.title and parse_channel(channel) is None:
            await message.reply_text(words.no_name)
        else:
            await self._queue.choose(upload, channel.strip(), message.get_bot())

    async def _pressed(
        self, query: CallbackQuery, request: Request, pressed: Press
    ) -> Upload | None:
        """Return the upload of a button if it is the person's own and unfinished."""
        upload = await self._queue.find(pressed["upload"])
        if upload is None or upload.user_id != request.user_id:
            await query.answer(upload_texts(request.texts).already, show_alert=True)
            return None
        return upload

    async def _answer(self, query: CallbackQuery, request: Request, *, is_done: bool) -> None:
        if is_done:
            await query.answer()
        else:
            await query.answer(upload_texts(request.texts).already, show_alert=True)
