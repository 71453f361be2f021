"""Imports take their time: they are shown, waited for, and ended."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.imports.job import JobTiming
from bot.indexing.updater import IndexUpdater
from ingest.import_messages import ImportAnswer, ImportTask
from letopis.import_worker import import_thread
from model.messages import Code
from model.posts import Channel
from tests.bot.conftest import OWNER, World
from tests.bot.exports import page_of, result_of, zipped_export
from tests.bot.imports.uploading import (
    CANCEL,
    IMPORT,
    confirmed,
    hasten,
    ids,
    left,
    other_import,
    queue_of,
    sees,
    texts,
)
from tests.bot.person import Person
from tests.bot.sentences import RUSSIAN, UPLOADS, opening, posts
from workers.worker import Worker

pytestmark = [pytest.mark.slow, pytest.mark.asyncio]


async def test_other_import_is_waited_for(empty: World, tmp_path: Path) -> None:
    """While another program imports it is said so; searches go on, and then the import does."""
    async with Person(empty.build) as person:
        with other_import(empty):
            await confirmed(person, result_of(tmp_path, 1))
            await sees(person, UPLOADS.waits)
            assert person.labels == [CANCEL]
            await person.says("бокр")
            assert RUSSIAN.nothing_found.format(query="бокр") in person.text
        await person.waits()
        assert UPLOADS.done in person.text


async def test_waiting_import_is_ended(empty: World, tmp_path: Path) -> None:
    """An import that waits for another one can be given up."""
    async with Person(empty.build) as person:
        with other_import(empty):
            await confirmed(person, result_of(tmp_path, 1))
            await sees(person, UPLOADS.waits)
            await person.presses(CANCEL)
            assert person.toasts == [UPLOADS.stopping]
            await person.waits()
        assert UPLOADS.stopped in person.text
    assert (ids(empty.store), left(empty)) == ([], [])


async def test_second_file_waits_its_turn(empty: World, tmp_path: Path) -> None:
    """One file at a time: the next is told that it waits, can be taken back, and then comes."""
    async with Person(empty.build) as person:
        with other_import(empty):
            await confirmed(person, result_of(tmp_path, 1))
            await sees(person, UPLOADS.waits)
            for name in ("second.html", "third.html"):
                document = person.server.document_update(page_of(tmp_path, 7, name=name))
                await person.receives(document)
                assert person.text == f"📦 {name}\n{UPLOADS.queued}"
            await person.presses(CANCEL)
            assert person.text == f"📦 third.html\n{UPLOADS.cancelled}"
        await person.waits()
        assert any(UPLOADS.done in text for text in texts(person))
        assert "📦 second.html" in person.text
        assert person.labels == [IMPORT, CANCEL, UPLOADS.button_other]


async def test_confirmed_file_waits_its_turn(empty: World, tmp_path: Path) -> None:
    """An import that is confirmed while another one runs, waits; so does an answer."""
    async with Person(empty.build) as person:
        await person.sends_file(page_of(tmp_path, 7))
        answer = person.buttons[0]
        question = person.seen.message_id
        await person.sends_file(result_of(tmp_path, 3, telegram_id=1500000003))
        offer, confirm = person.seen.message_id, person.buttons[0]
        with other_import(empty):
            await confirmed(person, result_of(tmp_path, 1))
            await sees(person, UPLOADS.waits)
            for message_id, button in ((offer, confirm), (question, answer)):
                await person.receives(person.server.press_update(message_id, button.data))
                assert UPLOADS.queued in person.text
        await person.waits()
    assert ids(empty.store) == [1, 3]


@pytest.mark.slow
async def test_progress_is_shown(empty: World, tmp_path: Path) -> None:
    """A long import shows how far it is, and what it has saved."""
    async with Person(empty.build) as person:
        hasten(person)
        await person.sends_file(zipped_export(tmp_path, 2500))
        await person.presses(UPLOADS.button_new.format(title="Записки о данных"))
        await person.waits()
        read = UPLOADS.of_total.format(read=RUSSIAN.number(2000), total=RUSSIAN.number(2500))
        new = UPLOADS.counts[0].format(number=RUSSIAN.number(2000))
        bar = f"{'▓' * 16}{'░' * 4} {RUSSIAN.percent(0.8)}"
        looked = f"{UPLOADS.examining}: {read}\n{bar}"
        assert any(looked in text for text in texts(person))
        await person.presses(IMPORT)
        await person.waits()
        written = f"{UPLOADS.running}: {read}\n{bar}\n{new}"
        assert any(written in text for text in texts(person))


@pytest.mark.slow
async def test_import_is_ended_between_batches(empty: World, tmp_path: Path) -> None:
    """The owner ends an import: what was saved is said and stays; the file again completes it."""
    path = zipped_export(tmp_path, 4000)
    async with Person(empty.build) as person:
        hasten(person)
        await person.sends_file(path)
        await person.presses(UPLOADS.button_new.format(title="Записки о данных"))
        await person.waits()
        await person.presses(IMPORT)
        await sees(person, f"{UPLOADS.running}: 1\u00a0000")
        await person.presses(CANCEL)
        await person.waits()
        assert UPLOADS.stopped in person.text
        kept = len(ids(empty.store))
        assert 1000 <= kept < 4000
        assert (
            f"{opening(UPLOADS.kept)}{UPLOADS.counts[0].format(number=RUSSIAN.number(kept))}"
            in person.text
        )
        assert left(empty) == []
        await person.says("/import")
        assert UPLOADS.cut_short in person.text

        await confirmed(person, path)
        await person.waits()
        assert UPLOADS.counts[2].format(number=RUSSIAN.number(kept)) in person.text
    assert len(ids(empty.store)) == 4000


async def test_preview_is_ended_at_once(empty: World, tmp_path: Path) -> None:
    """A file that is being looked at is given up without delay."""
    empty.store.resolve_channel(Channel(title="Записки о данных"))
    async with Person(empty.build) as person:
        hasten(person)
        await person.receives(person.server.document_update(zipped_export(tmp_path, 4000)))
        await sees(person, f"{UPLOADS.examining}: {UPLOADS.of_total.format(read=0, total='')}")
        with person.server.holding("editMessageText"):
            await person.presses(CANCEL)
            assert person.toasts == [UPLOADS.stopping]
        await person.waits()
        assert person.text == f"📦 ChatExport.zip\n{UPLOADS.cancelled}"
    assert left(empty) == []


async def test_preview_is_ended_as_it_is_shown(empty: World, tmp_path: Path) -> None:
    """Pressed under the preview before its process has ended, the button counts, too."""
    ended = asyncio.Event()

    @asynccontextmanager
    async def slow() -> AsyncIterator[Worker[ImportTask, ImportAnswer]]:
        async with import_thread() as worker:
            yield worker
        await ended.wait()

    empty.workers = replace(empty.workers, imports=slow)
    async with Person(empty.build) as person:
        await person.receives(person.server.document_update(result_of(tmp_path, 1)))
        await sees(person, UPLOADS.nothing_written)
        await person.presses(CANCEL)
        assert person.toasts == [UPLOADS.stopping]
        ended.set()
        await person.waits()
        assert UPLOADS.cancelled in person.text
    assert (empty.bot_store.uploads.all(), left(empty)) == ((), [])


async def test_fetching_is_ended(empty: World, tmp_path: Path) -> None:
    """A file that is still being fetched is given up when it is there."""
    async with Person(empty.build) as person:
        with person.server.holding("getFile"):
            await person.receives(person.server.document_update(result_of(tmp_path, 1)))
            assert person.text == f"📦 result.json\n{UPLOADS.fetching}"
            await asyncio.sleep(0.01)
            await person.presses(CANCEL)
        await person.waits()
        assert person.text == f"📦 result.json\n{UPLOADS.cancelled}"
    assert left(empty) == []


async def test_same_file_twice_is_imported_once(empty: World, tmp_path: Path) -> None:
    """Of two that were offered, the second one confirmed brings nothing new."""
    path = result_of(tmp_path, 1, 2)
    async with Person(empty.build) as person:
        await person.sends_file(path)
        first, confirm = person.seen.message_id, person.buttons[0].data
        await confirmed(person, path)
        await person.receives(person.server.press_update(first, confirm))
        await person.waits()
        assert UPLOADS.nothing_new.format(posts=posts(2)) in person.text
    assert len(empty.store.imports()) == 1


async def test_file_that_became_invalid_is_refused(empty: World, tmp_path: Path) -> None:
    """A file that can no longer be imported when confirmed is refused then."""
    async with Person(empty.build) as person:
        await person.sends_file(result_of(tmp_path, 1))
        (file,) = left(empty)
        file.write_bytes(b"")
        await person.presses(IMPORT)
        await person.waits()
        assert UPLOADS.reasons[Code.EMPTY] in person.text
    assert left(empty) == []


async def test_lost_file_is_told_when_it_is_confirmed(empty: World, tmp_path: Path) -> None:
    """A file that is neither here nor given out again cannot be imported."""
    gone = (400, b'{"ok":false,"description":"Bad Request: wrong file_id"}')
    async with Person(empty.build) as person:
        await person.sends_file(result_of(tmp_path, 1))
        (file,) = left(empty)
        file.unlink()
        person.server.prescribe("getFile", gone)
        await person.presses(IMPORT)
        await person.waits()
        assert UPLOADS.unfetchable in person.text
    assert empty.bot_store.uploads.all() == ()


async def test_what_is_shown_already_is_not_shown_again(empty: World, tmp_path: Path) -> None:
    """A message is edited only where it changes: Telegram counts, and refuses the same text."""
    async with Person(empty.build) as person:
        await person.sends_file(result_of(tmp_path, 1))
        (upload,) = empty.bot_store.uploads.all()
        job = await queue_of(person)._open(upload.upload_id, person.application.bot)
        assert job
        before = len(person.server.calls)
        for _ in range(3):
            await job.show_text("Слово")
        assert len(person.server.calls) == before + 1


async def test_cancelling_a_finished_upload_does_nothing(empty: World, tmp_path: Path) -> None:
    """Cancelling what has already ended has no effect."""
    async with Person(empty.build) as person:
        await person.sends_file(result_of(tmp_path, 1))
        (upload,) = empty.bot_store.uploads.all()
        empty.bot_store.uploads.remove(upload.upload_id)
        assert await queue_of(person).cancel(upload, person.application.bot)


@pytest.mark.slow
async def test_indexing_shows_its_progress(empty: World, tmp_path: Path) -> None:
    """Posts that were imported are said to be found when they are; until then, how many are."""
    empty.store.resolve_channel(Channel(title="Записки о данных"))
    async with Person(empty.build) as person:
        hasten(person)
        await person.sends_file(zipped_export(tmp_path, 2500))
        await person.presses(IMPORT)
        await person.waits()
        # Which of its steps are seen is up to the machine: the bot looks in now and then.
        progress = re.compile(
            f"{UPLOADS.indexing} {UPLOADS.of_total}".format(
                read="[12]\u00a0000", total="2\u00a0500"
            )
        )
        assert any(progress.search(text) for text in texts(person))
        assert person.text.endswith(UPLOADS.searchable)
        assert empty.searcher.search("куздра").total == 2500


async def test_posts_that_cannot_be_indexed_are_not_said_to_be_found(
    empty: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the index cannot be written the report says no more than is true."""
    async with Person(empty.build) as person:
        await person.sends_file(result_of(tmp_path, 1))
        while not person.application.bot_data[IndexUpdater].has_indexed(0):  # noqa: ASYNC110  # nobody is told of a look
            await asyncio.sleep(0.01)  # its first look at the index is over
        empty.searcher.index.close()
        shutil.rmtree(tmp_path / "home" / "index")
        (tmp_path / "home" / "index").write_bytes(b"")
        await person.presses(IMPORT)
        await person.waits()
        assert person.text.endswith(UPLOADS.indexing)
    assert "put off until the next look" in caplog.text


# Restarts


async def test_import_that_never_ends_is_given_up(empty: World, tmp_path: Path) -> None:
    """An import that was cut short again and again is not begun for ever."""
    async with Person(empty.build) as person:
        await person.sends_file(result_of(tmp_path, 1))
        (upload,) = empty.bot_store.uploads.all()
        for _ in range(3):
            empty.bot_store.uploads.count_attempt(upload.upload_id, latest=0)
        await person.presses(IMPORT)
        await person.waits()
        assert UPLOADS.reasons[Code.TOO_DEMANDING] in person.text
    assert (ids(empty.store), left(empty)) == ([], [])


# What goes wrong


async def test_fault_of_the_bot_is_told(
    empty: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault ends one upload, not the desk."""
    async with Person(empty.build) as person:
        (tmp_path / "home" / "uploads").write_bytes(b"")
        await person.sends_file(result_of(tmp_path, 1))
        assert UPLOADS.broken in person.text
        (tmp_path / "home" / "uploads").unlink()
        await person.sends_file(result_of(tmp_path, 1))
        assert IMPORT in person.labels
    assert "FileExistsError" in caplog.text


async def test_trouble_with_the_bots_own_file_ends_no_desk(
    empty: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What cannot even be written down is left for later, and the next file is looked at."""
    file = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
    async with Person(empty.build) as person:
        with person.server.holding("getFile"):
            await person.receives(person.server.document_update(result_of(tmp_path, 1)))
            file.execute("ALTER TABLE uploads RENAME TO elsewhere")
        await person.waits()
        file.execute("ALTER TABLE elsewhere RENAME TO uploads")
        await person.sends_file(result_of(tmp_path, 2))
        assert IMPORT in person.labels
    file.close()
    assert "no such table: uploads" in caplog.text


async def test_import_continues_if_progress_cannot_be_shown(empty: World, tmp_path: Path) -> None:
    """If the owner cannot be told, the import is done all the same."""
    gone = (403, b'{"ok":false,"description":"Forbidden: bot was blocked by the user"}')
    async with Person(empty.build) as person:
        await person.sends_file(result_of(tmp_path, 1))
        confirm = person.buttons[0].data
        odd = (400, b'{"ok":false,"description":"Bad Request: something odd"}')
        person.server.prescribe("editMessageText", odd, *[gone] * 9)
        await person.sends_data(confirm)
        await person.waits()
    assert ids(empty.store) == [1]


async def test_no_more_files_wait_than_ten(empty: World, tmp_path: Path) -> None:
    """Files that nobody decides on do not fill the disk."""
    async with Person(empty.build) as person:
        add = empty.bot_store.uploads.add
        for _ in range(10):
            add(
                user_id=OWNER,
                chat_id=OWNER,
                bubble_id=1,
                file_id="x",
                name="x",
                file="x",
                now=empty.clock(),
            )
        await person.sends_file(result_of(tmp_path, 1))
    assert person.text.startswith(UPLOADS.too_many)


async def test_link_that_has_ended_is_asked_for_anew(empty: World, tmp_path: Path) -> None:
    """A file that is fetched over the network may need a second link; a long one is refused."""
    content = result_of(tmp_path, 1).read_bytes()
    link = b'{"ok":true,"result":{"file_id":"a","file_unique_id":"a","file_path":"documents/a"}}'
    gone = (404, b'{"ok":false,"description":"Not Found"}')
    async with Person(empty.build) as person:
        person.server.prescribe("getFile", (200, link), (200, link))
        person.server.prescribe("a", gone, (200, content))
        await person.sends_file(tmp_path / "result.json")
        assert IMPORT in person.labels
        person.server.prescribe("getFile", (200, link))
        person.server.prescribe("a", (200, bytes((20 << 20) + 1)))
        await person.sends_file(tmp_path / "result.json")
        assert UPLOADS.too_big.format(size="20 МБ", limit="20 МБ") in person.text
        too_big = b'{"ok":false,"description":"Bad Request: file is too big"}'
        person.server.prescribe("getFile", (400, too_big))
        await person.sends_file(tmp_path / "result.json")
        assert UPLOADS.too_big.format(size="> 20 МБ", limit="20 МБ") in person.text
    assert len(left(empty)) == 1


async def test_file_that_takes_too_long_is_given_up(empty: World, tmp_path: Path) -> None:
    """A file has its time to be read, and no more."""
    async with Person(empty.build) as person:
        queue_of(person)._timing = JobTiming(deadline=timedelta(0))
        await person.sends_file(result_of(tmp_path, 1))
    assert UPLOADS.reasons[Code.TOO_DEMANDING] in person.text
    assert left(empty) == []
