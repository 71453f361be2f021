"""The import worker: its orders, its answers, and how it ends."""

from __future__ import annotations

import asyncio
import logging
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from db import import_lock, open_archive
from ingest.import_messages import (
    IMPORT_ANSWERS,
    ArchiveLocked,
    Difference,
    Done,
    ImportAnswer,
    ImportTask,
    Progress,
    Refused,
    SourceInfo,
    Stopped,
    TaskKind,
)
from letopis.import_worker import import_file, import_process
from model.messages import Code, Message
from tests.ingest.exports import TITLE, broken, message, page
from workers.lines import read_line, write_line
from workers.process import worker_process
from workers.worker import WorkerEnded

MODULE = "letopis.import_worker"
COMMAND = (sys.executable, "-m", MODULE)
HASTE = timedelta(seconds=0.05)


def write(path: Path, count: int = 3, *, more: str = "") -> Path:
    """Write a page of messages."""
    content = page("".join(message(n, f"запись {n}") for n in range(1, count + 1)) + more)
    path.write_text(content, encoding="utf-8")
    return path


def order(
    path: Path, task: TaskKind = TaskKind.IMPORT, *, channel: str | None = None
) -> ImportTask:
    """Return an order for a file beside its archive."""
    return ImportTask(
        task=task,
        path=str(path),
        home=str(path.parent),
        archive=str(path.parent / "archive.db"),
        name="Экспорт.html",
        channel=channel,
    )


def answers_to(
    given: ImportTask,
    stopped: threading.Event | None = None,
    *,
    then: Callable[[], None] | None = None,
) -> Sequence[ImportAnswer]:
    """Carry out an order here and return all answers; `then` is called after each."""
    said: list[ImportAnswer] = []

    def say(answer: ImportAnswer) -> None:
        said.append(answer)
        if then:
            then()

    import_file(given, say, stopped or threading.Event())
    return said


def saved(folder: Path) -> int:
    """Return how many posts the archive holds."""
    with open_archive(folder / "archive.db") as store:
        return store.stats().posts


def test_survey_says_what_a_file_holds(tmp_path: Path) -> None:
    """Before anything is read, its format, channel, files and bytes are told."""
    path = write(tmp_path / "upload")
    assert answers_to(order(path, TaskKind.INSPECT)) == [
        SourceInfo(
            format="desktop-html",
            title=TITLE,
            username=None,
            telegram_id=None,
            files=1,
            size=path.stat().st_size,
        )
    ]


def test_preview_writes_nothing(tmp_path: Path) -> None:
    """A preview counts what would be new, and leaves the archive empty."""
    *_, done = answers_to(order(write(tmp_path / "upload"), TaskKind.PREVIEW))
    assert isinstance(done, Done)
    assert (done.added, done.is_new_channel, done.title) == (3, True, TITLE)
    assert (done.first_at, done.last_at) == ("2024-03-05T07:00:00Z", "2024-03-05T07:00:00Z")
    assert saved(tmp_path) == 0


def test_import_says_how_it_goes(tmp_path: Path) -> None:
    """Progress counts what is saved; the report names the file as its sender knows it."""
    path = write(tmp_path / "upload", more=broken(9))
    *progress, done = answers_to(order(path, channel="@zapiski"))
    assert progress == [
        Progress(read=0, total=4),
        Progress(read=4, total=4, added=3),
    ]
    assert isinstance(done, Done)
    assert (done.username, done.added, done.files_read, done.files_skipped) == ("zapiski", 3, 1, 0)
    assert done.problem_count == 1
    assert [(each.file, each.anchor) for each in done.problems] == [("Экспорт.html", "message9")]
    with open_archive(tmp_path / "archive.db") as store:
        assert store.imports()[0].source == "Экспорт.html"


def test_same_file_again_brings_nothing(tmp_path: Path) -> None:
    """The second time no file is read, whether it is previewed or imported."""
    path = write(tmp_path / "upload")
    answers_to(order(path))
    for task in (TaskKind.PREVIEW, TaskKind.IMPORT):
        *_, done = answers_to(order(path, task))
        assert isinstance(done, Done)
        assert (done.files_read, done.files_skipped, done.added, done.unchanged) == (0, 1, 0, 3)
        assert not done.is_new_channel


def test_second_import_counts_from_its_own_beginning(tmp_path: Path) -> None:
    """The numbers of the import before are not those of the one that runs."""
    answers_to(order(write(tmp_path / "upload", 3)))
    first, *_ = answers_to(order(write(tmp_path / "upload", 4)))
    assert first == Progress(read=0, total=4)


def test_import_is_given_up_between_batches(tmp_path: Path) -> None:
    """Stopped after the first batch, it says what it kept; run again, it completes the rest."""
    path, stopped = write(tmp_path / "upload", 2500), threading.Event()
    *_, last = answers_to(order(path), stopped, then=lambda: _stop_late(stopped, tmp_path))
    assert last == Stopped(added=2000)
    assert saved(tmp_path) == 2000
    *_, done = answers_to(order(path))
    assert isinstance(done, Done)
    assert (done.added, done.unchanged) == (500, 2000)


def test_attempts_are_told_of_together(tmp_path: Path) -> None:
    """What was cut short is counted with what completes it; so is what nobody heard of."""
    answers_to(order(write(tmp_path / "upload", 1)))
    cut, stopped = replace(order(write(tmp_path / "upload", 2500)), after=1), threading.Event()

    def stop() -> None:
        if saved(tmp_path) > 1:
            stopped.set()

    *_, kept = answers_to(cut, stopped, then=stop)
    answers_to(replace(order(write(tmp_path / "other", 1)), name="Другой.html"))
    begun, *_, completed = answers_to(cut)
    *_, unheard = answers_to(cut)

    assert kept == Stopped(added=1999, unchanged=1)
    assert begun == Progress(read=0, total=2500, added=1999)
    for done in (completed, unheard):
        assert isinstance(done, Done)
        assert (done.added, done.changed, done.unchanged) == (2499, 0, 1)
        assert (done.files_read, done.missing) == (1, 0)


def _stop_late(stopped: threading.Event, folder: Path) -> None:
    if saved(folder):
        stopped.set()


def test_preview_is_given_up(tmp_path: Path) -> None:
    """A preview that nobody waits for ends without a number."""
    stopped = threading.Event()
    stopped.set()
    assert answers_to(order(write(tmp_path / "upload"), TaskKind.PREVIEW), stopped) == [Stopped()]


def test_other_import_is_waited_for(tmp_path: Path) -> None:
    """While another program imports it is said once, and then done."""
    path = write(tmp_path / "upload")
    holds = import_lock(tmp_path, wait=0, on_wait=lambda: None)
    holds.__enter__()
    asked = threading.Timer(0.7, lambda: holds.__exit__(None, None, None))
    asked.start()
    first, *_, done = answers_to(order(path))
    asked.join()
    assert first == ArchiveLocked()
    assert isinstance(done, Done)


def test_waiting_is_given_up(tmp_path: Path) -> None:
    """Whoever waits for another import can be told to stop."""
    path, stopped = write(tmp_path / "upload"), threading.Event()
    with import_lock(tmp_path, wait=0, on_wait=lambda: None):
        assert answers_to(order(path), stopped, then=stopped.set) == [ArchiveLocked(), Stopped()]
    assert saved(tmp_path) == 0


def test_other_words_are_told(tmp_path: Path) -> None:
    """A text that differs from the one in the archive is told by its number and words."""
    answers_to(order(write(tmp_path / "upload", 2)))
    newer = message(2, "записка 2") + message(3, "запись 3", at="06.03.2024 10:00:00 UTC+03:00")
    path = write(tmp_path / "upload", 1, more=newer)
    for task in (TaskKind.PREVIEW, TaskKind.IMPORT):
        *_, done = answers_to(order(path, task))
        assert isinstance(done, Done)
        assert (done.changed, done.text_changed) == (1, 1)
        assert done.differences == (Difference(message_id=2, words="[-запись-] {+записка+} 2"),)


def test_attached_files_are_kept_where_asked(tmp_path: Path) -> None:
    """Given a folder for copies, an import keeps what the export holds."""
    photo = (
        '<div class="media_wrap clearfix"><a class="photo_wrap clearfix pull_left" '
        'href="photos/1.jpg"><img class="photo" src="photos/1_thumb.jpg"/></a></div>'
    )
    post = message(1, "x").replace('<div class="text">', photo + '<div class="text">')
    path = tmp_path / "upload"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("messages.html", page(post))
        archive.writestr("photos/1.jpg", b"picture")
    answers_to(replace(order(path), copies=str(tmp_path / "media")))
    assert [file.read_bytes() for file in (tmp_path / "media").rglob("*.jpg")] == [b"picture"]


def test_refusal_carries_its_reason(tmp_path: Path) -> None:
    """What cannot be imported is refused by reason and sentence."""
    path = tmp_path / "upload"
    path.write_bytes(b"")
    [refused] = answers_to(order(path))
    assert isinstance(refused, Refused)
    assert refused.reason == Code.EMPTY
    assert refused.message == Message(Code.EMPTY, {"path": str(path)})


def test_lack_of_memory_is_a_refusal(tmp_path: Path) -> None:
    """A task that takes too much memory is given up, not the process."""
    said: list[ImportAnswer] = []

    def say(answer: ImportAnswer) -> None:
        if not said:
            said.append(answer)
            raise MemoryError
        said.append(answer)

    import_file(order(write(tmp_path / "upload")), say, threading.Event())
    assert isinstance(said[-1], Refused)
    assert said[-1].reason == Code.TOO_DEMANDING


@pytest.mark.slow
@pytest.mark.measured
def test_process_answers_until_its_orders_end(tmp_path: Path) -> None:
    """The process takes one order after another, and ends with them."""
    path = write(tmp_path / "upload")
    orders = [order(path, task) for task in (TaskKind.INSPECT, TaskKind.PREVIEW)]
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        kinds = []
        for given in orders:
            process.stdin.write(write_line(given))
            process.stdin.flush()
            while isinstance(
                answer := read_line(process.stdout.readline(), IMPORT_ANSWERS), Progress
            ):
                pass
            kinds.append(type(answer))
        process.stdin.close()
        assert process.wait(60) == 0
    assert kinds == [SourceInfo, Done]


@pytest.mark.slow
@pytest.mark.measured
def test_process_ends_with_who_asked(tmp_path: Path) -> None:
    """Where nobody listens and nobody orders any more, the process ends by itself."""
    path = write(tmp_path / "upload", 3000)
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(write_line(order(path)))
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        process.terminate()
        process.stdin.close()
        assert process.wait(60) == 0
    assert saved(tmp_path) < 3000


@pytest.mark.slow
@pytest.mark.measured
def test_bomb_is_refused_by_the_process(tmp_path: Path) -> None:
    """A zip that unpacks to gigabytes is given up on early."""
    path = tmp_path / "upload"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("messages.html", "w", force_zip64=True) as file,
    ):
        file.write(page(message(1, "x")).encode())
        for _ in range(40):
            file.write(b" " * 2**20)
    lines = subprocess.run(
        COMMAND,
        input=write_line(order(path, TaskKind.INSPECT)),
        capture_output=True,
        check=True,
        timeout=60,
    ).stdout.splitlines()
    refused = read_line(lines[-1], IMPORT_ANSWERS)
    assert isinstance(refused, Refused)
    assert refused.reason == Code.ZIP_BOMB


@pytest.mark.slow
@pytest.mark.measured
async def test_broken_process_is_told_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A process that ends by itself has no answer; the log has its last words."""
    with caplog.at_level(logging.ERROR):
        async with worker_process(MODULE, IMPORT_ANSWERS) as worker:
            await worker.send(replace(order(Path("x")), archive="\0"))
            with pytest.raises(WorkerEnded):
                await worker.receive()
    assert "letopis.import_worker ended with 1: Traceback" in caplog.text


async def test_process_is_ended_at_once(caplog: pytest.LogCaptureFixture) -> None:
    """A process that was ended on purpose is no news, whatever it is told afterwards."""
    async with import_process() as worker:
        worker.kill()
        with pytest.raises(WorkerEnded):
            await worker.receive()
        await worker.send(replace(order(Path("x")), name="x" * 2**20))
        worker.kill()
    # asyncio itself may find that a process is gone before it could wait for it.
    assert not [record for record in caplog.records if record.name != "asyncio"]


async def test_process_that_does_not_end_is_ended() -> None:
    """A process that hangs is waited for, though not for ever."""
    async with worker_process(MODULE, IMPORT_ANSWERS, grace=HASTE) as worker:
        worker._process.send_signal(signal.SIGSTOP)
    assert worker._process.returncode == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.measured
async def test_process_knows_no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The process that reads files is not told the bot's settings, and answers all the same."""
    monkeypatch.setenv("LETOPIS_BOT_TOKEN", "1:hush")
    path = write(tmp_path / "upload")
    async with worker_process(MODULE, IMPORT_ANSWERS) as worker:
        await worker.send(order(path, TaskKind.INSPECT))
        assert isinstance(await worker.receive(), SourceInfo)
        places = Path("/proc", str(worker._process.pid), "environ")
        environment = await asyncio.to_thread(places.read_bytes)
    assert b"hush" not in environment
    assert b"PYTHONPATH" in environment
