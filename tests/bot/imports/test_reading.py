"""A file is read by a process of its own, which ends when it is told to, and knows nothing."""

from __future__ import annotations

import asyncio
import logging
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from bot.imports.job import Pace
from bot.imports.reading import ReadingApart, ReadingFailed
from bot.imports.reading_here import ReadingHere
from ingest.apart import Order, Survey, Task
from model.errors import Reason
from tests.bot.conftest import World
from tests.bot.exports import result_of
from tests.bot.imports.uploading import (
    desk_of,
    left,
)
from tests.bot.person import Person
from tests.bot.sentences import UPLOADS

pytestmark = pytest.mark.asyncio


async def test_reading_that_is_not_needed_ends() -> None:
    """What was given no order has nothing to finish."""
    async with ReadingHere() as reading:
        reading.stop()


async def test_file_that_takes_too_long_is_given_up(empty: World, tmp_path: Path) -> None:
    """A file has its time to be read, and no more."""
    async with Person(empty.build) as person:
        desk_of(person)._pace = Pace(deadline=timedelta(0))
        await person.sends_file(result_of(tmp_path, 1))
    assert UPLOADS.reasons[Reason.TOO_DEMANDING] in person.text
    assert left(empty) == []


@pytest.mark.slow
async def test_broken_process_is_told_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A process that ends by itself has no answer; the log has its last words."""
    with caplog.at_level(logging.ERROR):
        async with ReadingApart() as reading:
            await reading.tell(Order(task=Task.PREVIEW, path="", archive="\0", name=""))
            with pytest.raises(ReadingFailed):
                await reading.hear()
    assert "the process of an import ended with 1: Traceback" in caplog.text


async def test_process_is_ended_at_once(caplog: pytest.LogCaptureFixture) -> None:
    """A process that was ended on purpose is no news, whatever it is told afterwards."""
    async with ReadingApart() as reading:
        reading.kill()
        with pytest.raises(ReadingFailed):
            await reading.hear()
        await reading.tell(Order(task=Task.SURVEY, path="", archive="", name="x" * 2**20))
        reading.kill()
    # asyncio itself may find that a process is gone before it could wait for it.
    assert not [record for record in caplog.records if record.name != "asyncio"]


async def test_process_that_does_not_end_is_ended() -> None:
    """A process that hangs is waited for, though not for ever."""
    async with ReadingApart(patience=timedelta(seconds=0.05)) as reading:
        assert reading._process
        reading._process.send_signal(signal.SIGSTOP)
    assert reading._process.returncode == -signal.SIGKILL


@pytest.mark.slow
async def test_process_knows_no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The process that reads files is not told the bot's settings, and answers all the same."""
    monkeypatch.setenv("LETOPIS_BOT_TOKEN", "1:hush")
    path = str(result_of(tmp_path, 1))
    async with ReadingApart() as reading:
        process = reading._process
        assert process
        await reading.tell(Order(task=Task.SURVEY, path=path, archive="", name=""))
        assert isinstance(await reading.hear(), Survey)
        places = Path("/proc", str(process.pid), "environ")
        environment = await asyncio.to_thread(places.read_bytes)
    assert b"hush" not in environment
    assert b"PYTHONPATH" in environment
