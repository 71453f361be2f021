"""Updates from their arrival until they are handled, for the next bot if this one is killed.

An update is confirmed to Telegram, which then never delivers it again, before it is handled.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from telegram import Bot, Update

from bot.transport.update_reading import read_update
from model.errors import LetopisError

if TYPE_CHECKING:
    from bot.live.spool import Spool
    from db.bot_inbox import InboxStore

_log = logging.getLogger(__name__)


class Inbox:
    """Keeps updates until they are handled; channel posts go to the spool, which keeps them longer.

    An update may be handled twice if the bot is killed just after it, and never is if nothing can
    be written when it arrives.
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

    async def drop(self, update: Update) -> None:
        """Forget an update that was handled, and not by a bot that could not answer it."""
        key = fingerprint(update)
        if key not in self._kept or not self._is_leading():
            return
        self._kept.discard(key)
        try:
            await asyncio.to_thread(self._store.drop, key)
        except LetopisError as exc:
            _log.info("update %s may be handled again: %s", update.update_id, exc)

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
