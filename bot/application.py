"""Assembles the bot: the library's application with our handlers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from telegram import LinkPreviewOptions
from telegram.ext import ApplicationBuilder, BaseHandler, Defaults

from bot.access import people as people_commands
from bot.access.gate import Gate
from bot.alerts import handlers as saved_searches
from bot.alerts.dispatch import AlertSender
from bot.alerts.loop import AlertLoop
from bot.doctor.handlers import handlers as doctor_handlers
from bot.error_handler import handle_failure
from bot.fetching.folder import FolderLoop
from bot.fetching.loop import FetchLoop
from bot.imports.handlers import answer_handler
from bot.imports.handlers import handlers as upload_handlers
from bot.imports.queue import ImportQueue
from bot.inbox import Inbox
from bot.indexing.updater import IndexUpdater
from bot.live.archive import LiveArchive
from bot.live.spool import Spool
from bot.people import People
from bot.results import cards, command_words, exporting, forwards, inline, listing, tags
from bot.services import Services, Workers
from bot.start import fallbacks, greeting, personal, stats
from bot.start.menu import renew_owners_menus, set_menu
from bot.transport.app import App
from bot.transport.flood_control import FloodControl
from bot.transport.polling_request import PollingRequest
from bot.transport.processor import PerChatProcessor
from bot.transport.superseded import IsLeading
from bot.transport.threads import Threads

if TYPE_CHECKING:
    from telegram.request import BaseRequest

    from bot.config import BotConfig
    from db import PostStore
    from db.bot_store import BotStore
    from ingest import MediaStore
    from search import Searcher

_CONCURRENT_UPDATES = 256
"""Including those that wait for their turn."""
_CONNECTIONS = 32
"""More would not be faster, and each call searches all of them for a free one."""
_SEARCHES = 2
"""Concurrent searches: they are CPU-bound, and Python uses one core."""
_READ_TIMEOUT = 10.0
"""Seconds for an answer; for a poll the library adds its own waiting time."""
_TELEGRAM = "https://api.telegram.org"


def now_utc() -> datetime:
    """Return the current time."""
    return datetime.now(UTC)


def build_application(
    config: BotConfig,
    *,
    searcher: Searcher,
    store: PostStore,
    bot_store: BotStore,
    workers: Workers,
    media: MediaStore | None = None,
    inbox: Inbox | None = None,
    request: BaseRequest | None = None,
    clock: Callable[[], datetime] = now_utc,
    timer: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    on_refusal: Callable[[], None] = lambda: None,
    is_leading: IsLeading = lambda: True,
) -> App:
    """Build the bot for an archive.

    `workers` run imports and index large amounts of posts. `media` holds copies of photos, `inbox`
    what was received; by default, its posts are in a folder beside `bot.db`. `request` replaces the
    network, if given. `on_refusal` is called when Telegram rejects the token while polling. Nothing
    is sent or received unless the bot `is_leading`. `clock` gives the time of day; `timer` counts
    seconds monotonically; `sleep` waits.

    Raises:
        telegram.error.InvalidToken: The token is empty.
    """
    inbox = inbox or Inbox(bot_store.inbox, Spool(bot_store.spool()), is_leading=is_leading)
    services = Services(
        config=config,
        searcher=searcher,
        store=store,
        bot_store=bot_store,
        people=People(bot_store.people),
        clock=clock,
        timer=timer,
        sleep=sleep,
        media=media,
        threads=Threads(at_once=_SEARCHES, deadline=config.search_deadline),
        spool=inbox.spool,
        workers=workers,
    )
    processor = PerChatProcessor(_CONCURRENT_UPDATES, handling=inbox.handling)
    gate = Gate(services, updates_after=processor.updates_after)
    alert_loop = AlertLoop(AlertSender(services, gate.has_access))
    updater = IndexUpdater(services, on_found=alert_loop.wake)
    live = LiveArchive(services, on_news=updater.wake)
    import_queue = ImportQueue(services)
    loops = (
        FetchLoop(services, on_news=updater.wake),
        FolderLoop(services, on_news=updater.wake),
    )
    base = (config.api_base_url or _TELEGRAM).rstrip("/")
    builder = (
        ApplicationBuilder()
        .token(config.token)
        .base_url(f"{base}/bot")
        .base_file_url(f"{base}/file/bot")
        .rate_limiter(FloodControl(is_leading=is_leading, before_saying=inbox.before_saying))
        .concurrent_updates(processor)
        .defaults(
            Defaults(
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                allow_sending_without_reply=True,
            )
        )
        .job_queue(None)
        .post_init(
            _start(services, updater, alert_loop, import_queue, live, inbox=inbox, loops=loops)
        )
        .post_stop(_stop(updater, alert_loop, import_queue, live, loops=loops))
    )
    if request:
        builder = builder.request(request).get_updates_request(request)
    else:
        polling = PollingRequest(
            read_timeout=_READ_TIMEOUT,
            on_refusal=on_refusal,
            keep=inbox.keep,
            is_leading=is_leading,
        )
        builder = (
            builder.get_updates_request(polling)
            .connection_pool_size(_CONNECTIONS)
            .pool_timeout(10)
            .read_timeout(15)
            .media_write_timeout(120)
            .http_version("1.1")
        )
    application = builder.build()
    services.people.attach_to(application.bot_data)
    application.add_handlers(live.handlers(), group=-3)
    application.add_handler(gate.handler(), group=-2)
    application.add_handler(answer_handler(services, import_queue), group=-1)
    application.add_handlers(
        all_handlers(
            services,
            more=[
                *live.buttons(),
                *upload_handlers(services, import_queue),
                *doctor_handlers(services),
            ],
        )
    )
    application.add_error_handler(gate.troubles.tell_of_archive)
    application.add_error_handler(handle_failure)
    return application


def all_handlers(
    services: Services, *, more: Sequence[BaseHandler[Any, Any, Any]] = ()
) -> list[BaseHandler[Any, Any, Any]]:
    """Return all handlers, including `more`, in the order in which they are tried."""
    known = [
        *forwards.handlers(services),
        *greeting.handlers(services),
        *listing.handlers(services),
        *exporting.handlers(services),
        *tags.handlers(services),
        *stats.handlers(services),
        *cards.handlers(services),
        *saved_searches.handlers(services),
        *people_commands.handlers(services),
        *inline.handlers(services),
        *personal.handlers(services),
    ]
    return [
        *fallbacks.first_handlers(),
        *more,
        *command_words.handlers(services, known),
        *known,
        *fallbacks.handlers(services),
    ]


def _start(
    services: Services,
    updater: IndexUpdater,
    alert_loop: AlertLoop,
    import_queue: ImportQueue,
    live: LiveArchive,
    *,
    inbox: Inbox,
    loops: Sequence[FetchLoop | FolderLoop],
) -> Callable[[App], Any]:
    async def prepare(application: App) -> None:
        await set_menu(application.bot)
        await renew_owners_menus(services.config.owners, services.people, application.bot)
        updater.start(application)
        alert_loop.start(application)
        live.start(application)
        await import_queue.start(application)
        for loop in loops:
            loop.start(application)
        for update in await asyncio.to_thread(inbox.take_up, application.bot):
            application.update_queue.put_nowait(update)

    return prepare


def _stop(
    updater: IndexUpdater,
    alert_loop: AlertLoop,
    import_queue: ImportQueue,
    live: LiveArchive,
    *,
    loops: Sequence[FetchLoop | FolderLoop],
) -> Callable[[App], Any]:
    async def stop(_application: App) -> None:
        for loop in loops:
            await loop.stop()
        await import_queue.stop()
        await live.stop()
        await alert_loop.stop()
        await updater.stop()

    return stop
