"""Receives updates by webhook, on this machine behind a TLS proxy."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable
from datetime import timedelta

from telegram.error import BadRequest, InvalidToken

from bot.config import ALLOWED_UPDATES, Webhook
from bot.transport.app import App
from bot.transport.superseded import IsLeading, check_leading
from bot.transport.update_reading import Keep, read_update
from bot.transport.webhook_server import WebhookServer
from model.errors import SettingsError
from model.messages import Code

_log = logging.getLogger(__name__)

_PERIOD = timedelta(minutes=10)


class WebhookSource:
    """Takes updates, and regularly checks that the webhook is still set.

    `keep` is called with each update before it is confirmed. Those that arrive when the bot is not
    `is_leading` any more are refused, and come again.
    """

    def __init__(
        self,
        webhook: Webhook,
        *,
        on_refusal: Callable[[], None],
        keep: Keep,
        is_leading: IsLeading,
        period: timedelta = _PERIOD,
    ) -> None:
        self._webhook = webhook
        self._on_refusal = on_refusal
        self._keep = keep
        self._is_leading = is_leading
        self._period = period.total_seconds()
        self._server: WebhookServer | None = None
        self._watching: asyncio.Task[None] | None = None

    async def open(self, application: App) -> None:
        """Listen, and set the webhook.

        Raises:
            SettingsError: The address cannot be bound, or Telegram refuses the URL.
            TelegramError: The webhook could not be set; another attempt may succeed.
        """
        if self._server is None:
            self._server = self._server_of(application)
            await self._listen(self._server)
        try:
            await self._set(application)
        except BadRequest as exc:
            raise SettingsError(Code.WEBHOOK_REFUSED, report=exc.message) from exc
        self._watching = asyncio.create_task(self._run(application))

    async def close(self, _application: App) -> None:
        """Stop listening; Telegram keeps undelivered updates and retries."""
        if self._watching:
            self._watching.cancel()
            await asyncio.wait([self._watching])
        if self._server:
            await self._server.close()

    def _server_of(self, application: App) -> WebhookServer:
        async def take(body: bytes) -> None:
            check_leading(self._is_leading)
            read = functools.partial(read_update, keep=self._keep)
            update = await asyncio.to_thread(read, body, application.bot)
            if update:
                application.update_queue.put_nowait(update)

        return WebhookServer(path=self._webhook.path, secret=self._webhook.secret, take=take)

    async def _listen(self, server: WebhookServer) -> None:
        hook = self._webhook
        try:
            await server.open(hook.host, hook.port)
        except OSError as exc:
            raise SettingsError(
                Code.NOT_LISTENING, place=f"{hook.host}:{hook.port}", cause=exc.strerror
            ) from exc
        _log.info("Telegram's updates are received at %s:%s", hook.host, hook.port)

    async def _set(self, application: App) -> None:
        await application.bot.set_webhook(
            self._webhook.address,
            secret_token=self._webhook.secret,
            allowed_updates=ALLOWED_UPDATES,
        )

    async def _run(self, application: App) -> None:
        while True:
            await asyncio.sleep(self._period)
            try:
                await self._check(application)
            except InvalidToken:
                self._on_refusal()
            except Exception as exc:  # noqa: BLE001  # whatever the answer was, it is checked again
                _log.warning("the webhook could not be checked: %r", exc)

    async def _check(self, application: App) -> None:
        """Set the webhook again if another program removed or replaced it."""
        info = await application.bot.get_webhook_info()
        if info.url != self._webhook.address:
            _log.warning(
                "Another program has taken this bot's messages over; stop the other copy, or give "
                "this one a token of its own. Setting the webhook anew."
            )
            await self._set(application)
        elif info.last_error_message:
            _log.warning("Telegram could not deliver: %s", info.last_error_message)
