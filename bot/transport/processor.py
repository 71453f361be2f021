"""Processes updates concurrently, but in order within a chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

_Place = tuple[int | None, int | None]
"""A chat and a person in it; a channel has no person, an inline query no chat."""

OnDone = Callable[[Update], Awaitable[None]]


class PerChatProcessor(BaseUpdateProcessor):
    """Processes the updates of one person in a chat in sequence, others concurrently.

    An edit must not overtake its post, nor a button press the message with the button. `on_done` is
    called with each update that was processed, whether or not it failed.
    """

    def __init__(self, max_concurrent_updates: int, *, on_done: OnDone) -> None:
        super().__init__(max_concurrent_updates)
        self._on_done = on_done
        self._locks: dict[_Place, asyncio.Lock] = {}
        self._updates: dict[_Place, list[Update]] = {}

    def updates_after(self, update: Update) -> Sequence[Update]:
        """Return the updates that wait for this one to be processed."""
        waiting = self._updates.get(_place_of(update), [])
        places = (place for place, other in enumerate(waiting, 1) if other is update)
        return waiting[next(places, len(waiting)) :]

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the update's turn in its chat, then process it."""
        if not isinstance(update, Update):
            await coroutine
            return
        await self._process_in_order(update, coroutine)
        await self._on_done(update)

    async def _process_in_order(self, update: Update, coroutine: Awaitable[Any]) -> None:
        place = _place_of(update)
        if place == (None, None):
            await coroutine
            return
        lock = self._locks.setdefault(place, asyncio.Lock())
        waiting = self._updates.setdefault(place, [])
        waiting.append(update)
        try:
            async with lock:
                await coroutine
        finally:
            waiting.remove(update)
            if not waiting:
                del self._updates[place], self._locks[place]

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""


def _place_of(update: Update) -> _Place:
    chat, user = update.effective_chat, update.effective_user
    return (chat.id if chat else None, user.id if user else None)
