"""What tests of uploads share: buttons, steps, and what became of files and posts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from bot.imports.job import JobTiming
from bot.imports.queue import ImportQueue
from db import PostStore, import_lock
from tests.bot.conftest import World
from tests.bot.person import Person
from tests.bot.sentences import UPLOADS

HASTY = JobTiming(rest=timedelta(0))
IMPORT, CANCEL, OTHER = UPLOADS.button_import, UPLOADS.button_cancel, UPLOADS.button_other


def left(world: World) -> list[Path]:
    """Return the files of uploads that are still there."""
    folder = world.store.home / "uploads"
    return list(folder.iterdir()) if folder.exists() else []


def ids(store: PostStore) -> list[int]:
    """Return the numbers of the posts in the archive."""
    return sorted(archived.post.message_id for archived in store.newest(limit=9999))


@contextmanager
def other_import(world: World) -> Iterator[None]:
    """Let another program import."""
    with import_lock(world.store.home, wait=0, on_wait=lambda: None):
        yield


def queue_of(person: Person) -> ImportQueue:
    """Return the desk of a person's bot."""
    import_queue = person.application.bot_data[ImportQueue]
    assert isinstance(import_queue, ImportQueue)
    return import_queue


def texts(person: Person) -> list[str]:
    """Return the messages that appeared or changed since the last time."""
    return [event.message.text for event in person.events if event.message]


async def sees(person: Person, words: str) -> None:
    """Wait until something is shown that holds these words."""
    async with asyncio.timeout(60):
        while True:
            person.sees_what_came()
            if any(words in text for text in texts(person)):
                return
            await asyncio.sleep(0.01)


async def confirmed(person: Person, path: Path) -> None:
    """Send a file and confirm its import."""
    await person.sends_file(path)
    await person.presses(IMPORT)


def hasten(person: Person) -> None:
    """Let a bot show every step."""
    queue_of(person)._timing = HASTY
