"""Receives updates by long polling: one process, no public address."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from telegram.error import InvalidToken, TelegramError

from bot.config import ALLOWED_UPDATES
from bot.transport.app import App


class Polling:
    """Polls Telegram for updates; an earlier webhook is removed."""

    def __init__(self, *, timeout: timedelta) -> None:
        self._timeout = timeout

    async def open(self, application: App) -> None:
        """Start polling, and never give up."""
        assert application.updater

        def note(exc: TelegramError) -> None:
            application.create_task(application.process_error(error=exc, update=None))

        await application.updater.start_polling(
            timeout=self._timeout,
            allowed_updates=ALLOWED_UPDATES,
            bootstrap_retries=-1,
            error_callback=note,
        )

    async def close(self, application: App) -> None:
        """End the current poll."""
        if application.updater and application.updater.running:
            with suppress(InvalidToken):  # which ended the polling, and is reported elsewhere
                await application.updater.stop()
