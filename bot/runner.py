"""Runs the bot: waits for Telegram if necessary, and shuts down cleanly on a signal."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from telegram.error import InvalidToken, NetworkError, RetryAfter

from bot.application import build_application
from bot.error_handler import brief
from bot.inbox import Inbox
from bot.live.spool import Spool
from bot.standby import Standby
from bot.transport.app import App
from bot.transport.backoff import Backoff
from bot.transport.polling import Polling
from bot.transport.redaction import install_redaction
from bot.transport.webhook import WebhookSource
from model.errors import SettingsError
from model.messages import Code

if TYPE_CHECKING:
    from bot.config import BotConfig
    from bot.services import Workers
    from db import PostStore
    from db.bot_store import BotStore
    from db.leadership import Leadership
    from ingest import MediaStore
    from search import Searcher

_log = logging.getLogger(__name__)

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class UpdateSource(Protocol):
    """A source of updates."""

    async def open(self, application: App, /) -> None:
        """Start delivering updates to the application; may fail while Telegram is unreachable."""
        ...

    async def close(self, application: App, /) -> None:
        """Stop taking updates, whether or not it was opened."""
        ...


class _Shutdown:
    """What ends the work: for good a signal or a rejected token; else another bot does it now."""

    def __init__(self) -> None:
        self.is_refused = False
        self.is_final = False
        self._come = asyncio.Event()

    def signalled(self) -> None:
        """Shut down after finishing what was begun; the next signal ends the process at once."""
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        self._finish()

    def refused(self) -> None:
        """Shut down because Telegram rejects the token."""
        self.is_refused = True
        self._finish()

    def superseded(self) -> None:
        """Stop the work: another bot may have taken over."""
        self._come.set()

    def begin_term(self) -> None:
        """Forget that another bot had taken over."""
        if not self.is_final:
            self._come.clear()

    async def wait(self) -> None:
        """Wait for the end of the work."""
        await self._come.wait()

    def tell(self) -> None:
        """Raise the reason for the end, unless it was a signal.

        Raises:
            SettingsError: Telegram does not know the token.
        """
        if self.is_refused:
            raise SettingsError(Code.UNKNOWN_TOKEN)

    def _finish(self) -> None:
        self.is_final = True
        self._come.set()


def run_bot(
    config: BotConfig,
    *,
    searcher: Searcher,
    store: PostStore,
    bot_store: BotStore,
    workers: Workers,
    leadership: Leadership,
    on_wait: Callable[[], object],
    media: MediaStore | None = None,
) -> None:
    """Run the bot until SIGINT or SIGTERM, finish what was begun, and return.

    It works while it leads; before, and when it leads no longer, it waits. `on_wait` is called the
    first time.

    Raises:
        SettingsError: Telegram does not know the token, or an address cannot be bound.
    """
    hook = config.webhook
    install_redaction(secrets=(config.token, hook.secret, hook.path) if hook else (config.token,))
    _silence_answered_errors()
    end = _Shutdown()

    async def work() -> None:
        spool = Spool(bot_store.spool())
        inbox = Inbox(bot_store.inbox, spool, is_leading=leadership.is_held)
        source: UpdateSource = Polling(timeout=config.poll_timeout)
        if hook:
            source = WebhookSource(
                hook, on_refusal=end.refused, keep=inbox.keep, is_leading=leadership.is_held
            )
        application = build_application(
            config,
            searcher=searcher,
            store=store,
            bot_store=bot_store,
            workers=workers,
            media=media,
            inbox=inbox,
            on_refusal=end.refused,
            is_leading=leadership.is_held,
        )
        await _work(application, source, end)

    async def live() -> None:
        standby = Standby(leadership, searcher.index, on_wait=on_wait)
        with _handling_signals(end):
            while await standby.takes_over(end):
                await work()

    try:
        asyncio.run(live())
    except InvalidToken:
        end.refused()
    end.tell()


def _silence_answered_errors() -> None:
    """Keep the library from printing tracebacks of failures that are handled here."""
    logging.getLogger("telegram.ext").addFilter(_is_no_token_refusal)
    logging.getLogger("telegram.ext.Updater").addFilter(_is_no_lost_confirmation)


async def _work(application: App, source: UpdateSource, end: _Shutdown) -> None:
    beginning = asyncio.create_task(_begin(application, source))
    ending = asyncio.create_task(end.wait())
    try:
        await asyncio.wait((beginning, ending), return_when=asyncio.FIRST_COMPLETED)
        if beginning.done():
            await beginning
        await ending
    finally:
        for task in (beginning, ending):
            task.cancel()
        await asyncio.wait((beginning, ending))
        await _end(application, source)


@contextmanager
def _handling_signals(end: _Shutdown) -> Iterator[None]:
    """Let signals end the bot; restore the previous handlers afterwards."""
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number in _SIGNALS:
        loop.add_signal_handler(number, end.signalled)
    try:
        yield
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, before[number])


async def _begin(application: App, source: UpdateSource) -> None:
    await _retry_until_reachable(application.initialize)
    assert application.post_init
    await application.post_init(application)
    await application.start()
    await _retry_until_reachable(lambda: source.open(application))


async def _end(application: App, source: UpdateSource) -> None:
    """Take nothing new, finish what was begun, and close everything, however far startup came."""
    await source.close(application)
    if application.running:
        await application.stop()
    assert application.post_stop
    await application.post_stop(application)
    await application.shutdown()
    # The library leaves it open if it never learned the bot's name.
    await application.bot.request.shutdown()


async def _retry_until_reachable(action: Callable[[], Awaitable[object]]) -> None:
    """Call something that needs Telegram until it succeeds; log once that it is unreachable.

    Raises:
        InvalidToken: Telegram does not know the token.
    """
    backoff, is_told = Backoff(1.0), False
    while True:
        try:
            await action()
        except (NetworkError, RetryAfter) as exc:
            if not is_told:
                _log.warning("Telegram cannot be reached (%s). Trying until it can.", brief(exc))
                is_told = True
            backoff.note(succeeded=False)
            await asyncio.sleep(backoff.seconds)
        else:
            return


def _is_no_token_refusal(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], InvalidToken))


def _is_no_lost_confirmation(record: logging.LogRecord) -> bool:
    # Updates not confirmed at shutdown come again at the next start, and are recognised then.
    return not (record.exc_info and isinstance(record.exc_info[1], NetworkError))
