"""The bot imports exports from a watched folder and tells its owners what came."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from i18n.fetching import ENGLISH
from ingest.watch_messages import WatchAnswer, WatchTask
from letopis.watch_worker import watch_folder, watch_process
from tests.bot.conftest import WORKERS, World
from tests.bot.fetching.noticing import texts_of, until
from tests.bot.person import Person
from tests.ingest.exports import message, page, write_pages
from workers.thread import WorkerThread
from workers.worker import Worker

pytestmark = pytest.mark.asyncio


def watching(world: World, folder: Path) -> World:
    """Return a bot that watches a folder."""
    return replace(
        world,
        workers=replace(WORKERS, watching=lambda: aclosing(WorkerThread(watch_folder))),
        config=replace(world.config, watch=str(folder), watch_every=timedelta(seconds=0.02)),
    )


async def test_what_appears_is_imported_and_told(empty: World, tmp_path: Path) -> None:
    """An export that needs an answer waits, and is told of once."""
    folder = tmp_path / "sync"
    folder.mkdir()
    async with Person(watching(empty, folder).build) as person:
        write_pages(folder / "ChatExport_2026-11-20", {"messages.html": page(message(1, "One"))})
        came = ENGLISH.watched.format(name="ChatExport_2026-11-20", added=1, changed=0)
        await until(lambda: texts_of(person) == [came])
        for name in ("first", "second"):
            write_pages(folder / "both" / name, {"messages.html": page(message(1, name))})
        await until(lambda: len(texts_of(person)) > 1)
        assert texts_of(person)[1].startswith("⚠ both was not imported")


async def test_a_folder_that_is_away_is_told_once(empty: World, tmp_path: Path) -> None:
    """And watched as soon as it is there."""
    folder = tmp_path / "sync"
    async with Person(watching(empty, folder).build) as person:
        await until(lambda: len(texts_of(person)) == 1)
        write_pages(folder / "ChatExport_2026-11-20", {"messages.html": page(message(1, "One"))})
        came = ENGLISH.watched.format(name="ChatExport_2026-11-20", added=1, changed=0)
        await until(lambda: texts_of(person)[1:] == [came])


async def test_a_worker_that_ends_is_started_again(empty: World, tmp_path: Path) -> None:
    """Nothing is lost meanwhile."""
    starts: list[str] = []

    def start() -> AbstractAsyncContextManager[Worker[WatchTask, WatchAnswer]]:
        starts.append("")
        if len(starts) < 3:
            raise OSError("no process")
        return watch_process()

    world = watching(empty, tmp_path / "absent")
    world = replace(world, workers=replace(WORKERS, watching=start))
    async with Person(world.build) as person:
        await until(lambda: len(texts_of(person)) == 1)
    assert len(starts) == 3
