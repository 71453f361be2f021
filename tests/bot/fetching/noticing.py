"""What a person sees of a bot that works by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.bot.person import Person
from tests.standin.world import as_read


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(30):
        while not is_so():  # noqa: ASYNC110  # what came is seen from outside alone
            await asyncio.sleep(0.01)


def texts_of(person: Person) -> list[str]:
    """Return what the bot wrote to a person."""
    events = person.server.world.events
    return [as_read(each.message).body.text for each in events if each.message]
