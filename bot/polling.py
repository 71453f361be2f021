"""Runs the bot until it is told to stop: long polling, one process, no public address."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from telegram.error import InvalidToken, NetworkError

from bot.application import App, build_application
from bot.redaction import install_redaction
from model.errors import SettingsError

if TYPE_CHECKING:
    from bot.config import BotConfig
    from db import BotStore, PostStore
    from ingest import MediaStore
    from search import Searcher

_ALLOWED_UPDATES = (
    "message",
    "callback_query",
    "inline_query",
    "channel_post",
    "edited_channel_post",
    "my_chat_member",
)


def run_bot(
    config: BotConfig,
    *,
    searcher: Searcher,
    store: PostStore,
    bot_store: BotStore,
    media: MediaStore | None = None,
) -> None:
    """Answer in Telegram until SIGINT or SIGTERM, then finish what was begun and return.

    Raises:
        SettingsError: Telegram does not know the token.
    """
    install_redaction(secret=config.token)
    # The library would log an invalid token with a traceback before it raises it.
    logging.getLogger("telegram.ext").addFilter(_is_no_token_refusal)
    logging.getLogger("telegram.ext.Updater").addFilter(_is_no_lost_confirmation)
    try:
        application = build_application(
            config, searcher=searcher, store=store, bot_store=bot_store, media=media
        )
        _poll(application, timeout=config.poll_timeout)
    except InvalidToken as exc:
        raise SettingsError(
            "Telegram does not know this bot token; copy it anew from @BotFather into "
            "LETOPIS_BOT_TOKEN."
        ) from exc


def _poll(application: App, *, timeout: timedelta) -> None:
    with _event_loop(application):
        application.run_polling(
            timeout=timeout,
            allowed_updates=_ALLOWED_UPDATES,
            bootstrap_retries=-1,
            close_loop=False,
        )


@contextmanager
def _event_loop(application: App) -> Iterator[None]:
    """Give the application a loop of its own, and close both in the end."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        loop.run_until_complete(_close(application))
        asyncio.set_event_loop(None)
        loop.close()


async def _close(application: App) -> None:
    """End what the library leaves open where the token is refused, at once or later."""
    if application.running:
        await application.stop()
    await application.shutdown()
    for release in filter(None, (application.post_stop, application.post_shutdown)):
        await release(application)
    await application.bot.request.shutdown()


def _is_no_token_refusal(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], InvalidToken))


def _is_no_lost_confirmation(record: logging.LogRecord) -> bool:
    # What could not be confirmed at the end comes again at the next start, and is known by then.
    return not (record.exc_info and isinstance(record.exc_info[1], NetworkError))
