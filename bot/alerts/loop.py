"""Sends alerts in a loop, every few seconds and whenever something was found."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from bot.alerts.dispatch import AlertSender
from bot.transport.app import App
from bot.transport.backoff import Backoff
from model.errors import LetopisError

_log = logging.getLogger(__name__)

_PERIOD = 5.0
_SOON = 1.0
"""Seconds until the next round: if nothing is waiting, and if more is."""
_GRACE = 5.0
"""Seconds for a message being sent to finish at shutdown."""


class AlertLoop:
    """Runs the alert queue in the background."""

    def __init__(self, sender: AlertSender, *, grace: float = _GRACE) -> None:
        self.sender = sender
        self._grace = grace
        self._woken = asyncio.Event()
        self._is_ending = False
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Start a round soon."""
        self._woken.set()

    def start(self, application: App) -> None:
        """Start the loop."""
        application.bot_data[AlertLoop] = self
        self._task = asyncio.create_task(self._run(application))

    async def stop(self) -> None:
        """Stop after the message that is being sent."""
        self._is_ending = True
        self.sender.end()
        self.wake()
        if self._task:
            _, late = await asyncio.wait([self._task], timeout=self._grace)
            for task in late:
                task.cancel()
                await asyncio.wait([task])
            self._task = None

    async def _run(self, application: App) -> None:
        period, backoff = _PERIOD, Backoff(_PERIOD)
        while not self._is_ending:
            with suppress(TimeoutError):
                async with asyncio.timeout(period + backoff.seconds):
                    await self._woken.wait()
            self._woken.clear()
            is_more, succeeded = False, False
            try:
                is_more = await self.sender.send_due(application.bot)
                succeeded = True
            except LetopisError as exc:
                _log.warning("what was found is told later: %s", exc)
            except Exception as exc:  # noqa: BLE001  # log it and carry on
                await application.process_error(None, exc)
            backoff.note(succeeded=succeeded)
            period = _SOON if is_more else _PERIOD
