"""Processes updates concurrently, but in order within a chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

_Place = tuple[int | None, int | None]
"""A chat and a person in it; a channel has no person, an inline query no chat."""

Handling = Callable[[Update], AbstractAsyncContextManager[None]]


class PerChatProcessor(BaseUpdateProcessor):
    """Processes the updates of one person in a chat in sequence, others concurrently.

    An edit must not overtake its post, nor a button press the message with the button. Each is
    processed inside of what `handling` returns for it.
    """

    def __init__(self, max_concurrent_updates: int, *, handling: Handling) -> None:
        super().__init__(max_concurrent_updates)
        self._handling = handling
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
        place = _place_of(update)
        if place == (None, None):
            async with self._handling(update):
                await coroutine
            return
        lock = self._locks.setdefault(place, asyncio.Lock())
        waiting = self._updates.setdefault(place, [])
        waiting.append(update)
        try:
            async with lock, self._handling(update):
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
