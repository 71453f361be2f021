"""What the handlers work with: the archive, the search, the sessions, the clock."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, TypeVar

from bot.config import BotConfig
from bot.people import People
from bot.sessions import Session, new_session_id, read_session, write_state
from bot.transport.threads import Threads
from bot.unwritten import UNWRITABLE, Unwritten
from i18n import Catalogue, Reader

if TYPE_CHECKING:
    from bot.live.spool import Spool
    from db import BotStore, PostStore
    from ingest import MediaStore, import_messages
    from search import Searcher, index_messages
    from search.index import IndexPlace
    from workers.worker import StartWorker

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """How workers are started: one for each file sent, one where the index is far behind."""

    imports: StartWorker[import_messages.Order, import_messages.Answer]
    indexing: StartWorker[IndexPlace, index_messages.Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that is passed in; the methods keep blocking work off the event loop.

    `clock` tells the time of day, for what is shown and stored, and may be set at any moment.
    `timer` counts seconds, for every wait in memory.
    """

    config: BotConfig
    searcher: Searcher
    store: PostStore
    bot_store: BotStore
    people: People
    clock: Callable[[], datetime]
    threads: Threads
    spool: Spool
    workers: Workers
    media: MediaStore | None = None
    timer: Callable[[], float] = time.monotonic
    random: Random = field(default_factory=Random)
    unwritten: Unwritten = field(default_factory=Unwritten)

    def reader(self, texts: Catalogue) -> Reader:
        """Return the reader of a language, in the zone of the settings."""
        return Reader(texts=texts, zone=self.config.zone)

    async def run(self, function: Callable[[], T]) -> T:
        """Run a search or a read of the archive in a thread.

        Raises:
            TimeoutError: it took longer than the deadline.
        """
        return await self.threads.run(function)

    async def open_session(self, session: Session) -> Session:
        """Keep a session, under a new id if it has none, and return it.

        One that cannot be stored is kept in memory: a search does not depend on a disk with room.
        """
        if not session.session_id:
            session = replace(session, session_id=new_session_id())
        save = functools.partial(
            self.bot_store.save_session,
            session_id=session.session_id,
            user_id=session.user_id,
            chat_id=session.chat_id,
            query=session.query,
            state=write_state(session),
            now=self.clock(),
        )
        try:
            await asyncio.to_thread(save)
        except UNWRITABLE as exc:
            self.unwritten.keep_session(session, exc)
        else:
            self.unwritten.drop_session(session.session_id)
        return session

    def drop_old_sessions(self) -> None:
        """Forget the searches that nobody has used for as long as the settings keep them."""
        self.bot_store.drop_sessions(before=self.clock() - self.config.sessions_kept)

    async def find_session(self, session_id: str) -> Session | None:
        """Return the session of a button, or `None` where it has expired."""
        unwritten = self.unwritten.find_session(session_id)
        if unwritten:
            return unwritten
        row = await asyncio.to_thread(self.bot_store.find_session, session_id)
        return read_session(row) if row else None
