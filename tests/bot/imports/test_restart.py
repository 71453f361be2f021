"""Imports survive a restart: what was begun is completed, and told to the end."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from ingest.import_messages import Done, ImportAnswer, ImportTask, TaskKind
from letopis.import_worker import import_file
from model.posts import Channel
from tests.bot.conftest import WORKERS, World
from tests.bot.exports import page_of, result_of, zipped_export
from tests.bot.imports.uploading import (
    CANCEL,
    IMPORT,
    confirmed,
    hasten,
    ids,
    left,
    queue_of,
    sees,
    texts,
)
from tests.bot.person import Person
from tests.bot.sentences import UPLOADS, imported
from workers.thread import WorkerThread

pytestmark = pytest.mark.asyncio


@pytest.mark.slow
async def test_restart_completes_an_import(empty: World, tmp_path: Path) -> None:
    """Ended amid an import, the bot takes it up at its next start and says so."""
    async with Person(empty.build) as person:
        hasten(person)
        await person.sends_file(zipped_export(tmp_path, 3000))
        await person.presses(UPLOADS.button_new.format(title="Записки о данных"))
        await person.waits()
        await person.presses(IMPORT)
        await sees(person, UPLOADS.running)
    assert len(ids(empty.store)) < 3000
    assert len(left(empty)) == 1

    async with Person(empty.build) as again:
        await again.waits()
        assert any(UPLOADS.again in text for text in texts(again))
        assert UPLOADS.done in again.text
        assert imported(3000, 0, 0) in again.text
    assert len(ids(empty.store)) == 3000
    assert left(empty) == []


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 2])
async def test_restart_says_the_last_word_on_an_import(
    empty: World, tmp_path: Path, times: int
) -> None:
    """Ended, however often, before new posts can be found, the bot says so once they can."""
    lock = tmp_path / "home" / "index" / "write.lock"
    with FileLock(lock):
        async with Person(empty.build) as person:
            await confirmed(person, result_of(tmp_path, *range(1, 501)))
            await sees(person, UPLOADS.indexing)
        for _ in range(1, times):
            async with Person(empty.build) as again:
                await sees(again, UPLOADS.indexing)
    async with Person(empty.build) as last:
        await last.waits()
        assert len({event.message.message_id for event in last.events if event.message}) == 1
        assert UPLOADS.counts[0].format(number="500 ·") in last.text
        assert last.text.endswith(UPLOADS.searchable)
    assert (left(empty), empty.bot_store.uploads.all()) == ([], ())


async def test_restart_reports_what_was_written_before(empty: World, tmp_path: Path) -> None:
    """Ended after an import's last batch, the bot tells at its next start what that one wrote.

    Another file of the same name, confirmed meanwhile, is told of for itself.
    """
    written = asyncio.Event()

    class Unheard(WorkerThread[ImportTask, ImportAnswer]):
        """The bot ends before it hears what became of an import."""

        async def send(self, order: ImportTask) -> None:
            self._is_import = order.task is TaskKind.IMPORT
            await super().send(order)

        async def receive(self) -> ImportAnswer:
            answer = await super().receive()
            if self._is_import and isinstance(answer, Done):
                written.set()
                await asyncio.Event().wait()
            return answer

    empty.store.resolve_channel(Channel(title="Записки о данных"))
    unheard = replace(
        empty, workers=replace(WORKERS, imports=lambda: aclosing(Unheard(import_file)))
    )
    async with Person(unheard.build) as person:
        await person.sends_file(result_of(tmp_path, 1))
        other, confirm = person.seen.message_id, person.buttons[0].data
        await confirmed(person, result_of(tmp_path, 2, 3))
        await written.wait()
        await person.receives(person.server.press_update(other, confirm))
    assert ids(empty.store) == [2, 3]

    async with Person(empty.build) as again:
        await again.waits()
        reports = [text for text in texts(again) if text.endswith(UPLOADS.searchable)]
        counts = [text.partition("➕ новых ")[2][:1] for text in reports]
        assert counts == ["2", "1"]
    assert (ids(empty.store), left(empty)) == ([1, 2, 3], [])


async def test_restart_looks_at_what_was_not_looked_at(empty: World, tmp_path: Path) -> None:
    """A file that had arrived when the bot ended is fetched and shown after the restart."""
    path = result_of(tmp_path, 1)
    async with Person(empty.build) as person:
        await queue_of(person).stop()
        await person.receives(person.server.document_update(path))
    async with Person(empty.build) as again:
        await again.waits()
        assert again.labels == [IMPORT, CANCEL]


async def test_decisions_wait_over_a_restart(empty: World, tmp_path: Path) -> None:
    """Buttons work after a restart; the file is fetched again if it was lost."""
    async with Person(empty.build) as person:
        await person.sends_file(result_of(tmp_path, 1))
        confirm = person.buttons[0].data
    (tmp_path / "home" / "uploads" / "a.part").write_bytes(b"half")
    (file,) = [path for path in left(empty) if path.suffix != ".part"]
    file.unlink()
    async with Person(empty.build) as again:
        assert left(empty) == []
        await again.sends_data_anywhere(confirm)
        await again.waits()
        assert UPLOADS.done in again.text
    assert ids(empty.store) == [1]


async def test_undecided_file_is_dropped_after_days(empty: World, tmp_path: Path) -> None:
    """What nobody decides on for days is removed at a start."""
    async with Person(empty.build) as person:
        await person.sends_file(result_of(tmp_path, 1))
        await person.sends_file(page_of(tmp_path, 1))
    empty.clock.passes(timedelta(days=3))
    async with Person(empty.build) as again:
        await again.waits()
        assert again.text.endswith(UPLOADS.cancelled)
    assert (left(empty), empty.bot_store.uploads.all()) == ([], ())
