"""What all handlers use: archive, search, sessions, clock."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, TypeVar

from bot.config import BotConfig
from bot.memory_fallback import WRITE_ERRORS, MemoryFallback
from bot.people import People
from bot.sessions import Session, new_session_id, read_session, write_state
from bot.transport.threads import Threads
from i18n import Catalogue, Locale

if TYPE_CHECKING:
    from bot.live.spool import Spool
    from db import PostStore
    from db.bot_store import BotStore
    from ingest import MediaStore, fetch_messages, import_messages, watch_messages
    from search import Searcher, index_messages
    from search.index import IndexPlace
    from workers.worker import StartWorker

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """How workers are started.

    One per uploaded file, one if the index is far behind, one per channel fetched,
    one for a watched folder.

    """

    imports: StartWorker[import_messages.ImportTask, import_messages.ImportAnswer]
    indexing: StartWorker[IndexPlace, index_messages.IndexAnswer]
    fetching: StartWorker[fetch_messages.FetchTask, fetch_messages.FetchAnswer]
    watching: StartWorker[watch_messages.WatchTask, watch_messages.WatchAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The dependencies of handlers; its methods keep blocking work off the event loop.

    `clock` gives the time of day, for display and storage, and may jump. `timer` counts seconds
    monotonically, for all waiting; `sleep` waits.
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
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    random: Random = field(default_factory=Random)
    memory_fallback: MemoryFallback = field(default_factory=MemoryFallback)

    def locale(self, texts: Catalogue) -> Locale:
        """Return the reader of a language, in the configured zone."""
        return Locale(texts=texts, zone=self.config.zone)

    async def run(self, function: Callable[[], T]) -> T:
        """Run a search or a read of the archive in a thread.

        Raises:
            TimeoutError: It took longer than the deadline.
        """
        return await self.threads.run(function)

    async def open_session(self, session: Session) -> Session:
        """Store a session, with a new id if it has none, and return it.

        If it cannot be stored, it is kept in memory: searches must work on a full disk.
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
        except WRITE_ERRORS as exc:
            self.memory_fallback.keep_session(session, exc)
        else:
            self.memory_fallback.drop_session(session.session_id)
        return session

    def drop_old_sessions(self) -> None:
        """Delete sessions unused for the configured time."""
        self.bot_store.drop_sessions(before=self.clock() - self.config.sessions_kept)

    async def find_session(self, session_id: str) -> Session | None:
        """Return the session of a button, or `None` if it has expired."""
        unsaved = self.memory_fallback.find_session(session_id)
        if unsaved:
            return unsaved
        row = await asyncio.to_thread(self.bot_store.find_session, session_id)
        return read_session(row) if row else None
