"""Updates from their arrival until they are handled, for the next bot if this one is killed.

An update is confirmed to Telegram, which then never delivers it again, before it is handled.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from telegram import Bot, Update

from bot.memory_fallback import WRITE_ERRORS
from bot.transport.superseded import Superseded
from bot.transport.update_reading import read_update
from model.errors import LetopisError, NotLeading

if TYPE_CHECKING:
    from bot.live.spool import Spool
    from db.bot_inbox import InboxStore

_log = logging.getLogger(__name__)

_handled: ContextVar[int | None] = ContextVar("_handled", default=None)
"""The update that the current task handles, by its fingerprint."""


class Inbox:
    """Keeps updates until something is said about them, or nothing is to be said.

    If the bot is killed before, the next one handles them from the beginning; nothing is ever said
    twice. Channel posts go to the spool, which keeps them longer.
    """

    def __init__(self, store: InboxStore, spool: Spool, *, is_leading: Callable[[], bool]) -> None:
        self.spool = spool
        self._store = store
        self._is_leading = is_leading
        self._kept: set[int] = set()

    def keep(self, update: Update) -> None:
        """Keep an update before it is confirmed; blocking, raises nothing."""
        if update.channel_post or update.edited_channel_post:
            self.spool.keep(update)
            return
        key = fingerprint(update)
        try:
            self._store.put(key, update.to_json())
        except LetopisError as exc:
            _log.info("update %s is held in memory alone: %s", update.update_id, exc)
        else:
            self._kept.add(key)

    @asynccontextmanager
    async def handling(self, update: Update) -> AsyncIterator[None]:
        """Handle an update, and forget it afterwards, unless another bot has to handle it."""
        key = fingerprint(update)
        _handled.set(key)
        yield
        if self._is_leading():
            await self._drop(key)

    async def before_saying(self) -> None:
        """Forget the update that is being handled: something is said about it now.

        Raises:
            Superseded: Another bot has taken over, and handles it.
        """
        try:
            await self._drop(_handled.get())
        except NotLeading as exc:
            raise Superseded from exc

    async def _drop(self, key: int | None) -> None:
        if key not in self._kept:
            return
        try:
            await asyncio.to_thread(self._store.drop, key)
        except WRITE_ERRORS as exc:
            _log.info("an update may be handled again: %s", exc)
        self._kept.discard(key)

    def take_up(self, bot: Bot) -> Sequence[Update]:
        """Return what an earlier bot has left, as far as it can be read; blocking."""
        try:
            left = self._store.take_up()
        except LetopisError as exc:
            _log.warning("What an earlier bot left unanswered is handled later: %s", exc)
            return ()
        read = [read_update(content.encode(), bot, keep=lambda _: None) for content in left]
        updates = [update for update in read if update]
        self._kept.update(map(fingerprint, updates))
        return updates


def fingerprint(update: Update) -> int:
    """Return a signed 64-bit digest of an update's contents."""
    digest = hashlib.blake2b(update.to_json().encode(errors="surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), signed=True)
