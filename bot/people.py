"""People's languages: chosen ones, and those of their Telegram clients."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from telegram import User
from telegram.ext import ContextTypes

from bot.memory_fallback import WRITE_ERRORS
from i18n import Catalogue, texts_for

if TYPE_CHECKING:
    from db.bot_people import PeopleStore, Person

_KEY = "people"


class People:
    """Access to what is known about people, with the few chosen languages cached in memory."""

    def __init__(self, store: PeopleStore) -> None:
        self.store = store
        self._languages = dict(store.languages())
        self._spoken: dict[int, str | None] = {}

    def texts(self, user_id: int, language_code: str | None) -> Catalogue:
        """Return the catalogue a person chose, or the one for their Telegram client."""
        return texts_for(self._languages.get(user_id) or language_code)

    def choice(self, user_id: int) -> str | None:
        """Return the language a person chose."""
        return self._languages.get(user_id)

    async def choose(self, user: User, language: str | None) -> None:
        """Store the language a person chose; `None` follows their Telegram client."""
        await asyncio.to_thread(self.store.choose_language, user.id, language)
        self._languages.pop(user.id, None)
        if language:
            self._languages[user.id] = language

    async def notice(self, user: User) -> None:
        """Record the client language of a person who gets unprompted messages."""
        if self._spoken.get(user.id, "") == user.language_code:
            return
        with suppress(*WRITE_ERRORS):  # recorded at the next start instead
            await asyncio.to_thread(self.store.store_client_language, user.id, user.language_code)
        self._spoken[user.id] = user.language_code

    async def find(self, user_id: int) -> Person | None:
        """Return what is known about a person."""
        return await asyncio.to_thread(self.store.find, user_id)

    async def count_sessions(self, user_id: int) -> int:
        """Return how many of a person's searches are stored."""
        return await asyncio.to_thread(self.store.count_sessions, user_id)

    async def forget(self, user_id: int) -> int:
        """Delete a person's searches and settings; return how many searches there were."""
        self._languages.pop(user_id, None)
        self._spoken.pop(user_id, None)
        return await asyncio.to_thread(self.store.forget, user_id)

    def attach_to(self, bot_data: dict[object, object]) -> None:
        """Make this available through the library's context."""
        bot_data[_KEY] = self


def texts_of(user: User, context: ContextTypes.DEFAULT_TYPE) -> Catalogue:
    """Return the catalogue in which to answer a person."""
    people = context.bot_data[_KEY]
    assert isinstance(people, People)
    return people.texts(user.id, user.language_code)
