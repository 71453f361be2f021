"""Plain words instead of commands: «теги», "help"; if they find posts, they are searches."""

from __future__ import annotations

from collections.abc import Iterable

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.results.listing import answer_listing
from bot.routing import Context, Handler, read_message, reporting_errors
from bot.services import Services
from bot.sessions import Listing
from i18n.command_words import command_meant


def handlers(services: Services, others: Iterable[Handler]) -> list[Handler]:
    """Return the handler of such words; it must come before the search handler."""
    said = filters.UpdateType.MESSAGE & _PlainWord()
    return [MessageHandler(said, _PlainWords(services, others).answer)]


class _PlainWord(filters.MessageFilter):
    """Matches messages in private chats that are a plain word for a command."""

    def filter(self, message: Message) -> bool:
        is_private = message.chat.type == ChatType.PRIVATE
        return is_private and bool(command_meant(message.text or ""))


class _PlainWords:
    def __init__(self, services: Services, others: Iterable[Handler]) -> None:
        self._services = services
        self._commands = {
            name: handler.callback
            for handler in others
            if isinstance(handler, CommandHandler)
            for name in handler.commands
        }

    async def answer(self, update: Update, context: Context) -> None:
        """Search for the word; if nothing is found, run the command."""
        message = update.message
        assert message
        word = message.text or ""
        request = read_message(message, word, context)
        async with reporting_errors(message, request.texts):
            answer = await self._services.run(lambda: self._services.searcher.search(word, limit=0))
            if answer.total:
                await answer_listing(request, Listing.SEARCH, services=self._services, query=word)
                return
            await self._commands[command_meant(word)](update, context)
