"""Opening an archive: what is made, what is refused, and how that is said."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import MultipleResultsFound, OperationalError

from db import PostStore, open_archive
from db.bot_store import open_bot_store
from db.kinds import ARCHIVE
from db.migrate import open_database
from model.errors import ArchiveBusy, ArchiveError, ArchiveTooNew, ArchiveUnwritable
from tests.db.making import MORNING, a_channel, a_post, the_post
from tests.files import file_of

Rights = Callable[[], AbstractContextManager[None]]


def test_a_new_archive_is_empty_and_has_an_id(tmp_path: Path) -> None:
    """A file that is not there is made, with its folder, and with an id like no other."""
    with (
        open_archive(tmp_path / "home" / "one.db") as one,
        open_archive(tmp_path / "home" / "two.db") as two,
    ):
        assert (one.last_seq(), one.channels(), one.imports()) == (0, (), ())
        assert len(one.archive_id) == 32
        assert one.archive_id != two.archive_id
        assert one.path == tmp_path / "home" / "one.db"


def test_only_the_owner_may_read_what_is_made(tmp_path: Path) -> None:
    """The files and the folder that are made are closed to others, whatever the umask."""
    path = tmp_path / "home" / "archive.db"
    before = os.umask(0)
    try:
        with open_archive(path) as store:
            store.resolve_channel(a_channel())
            modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    finally:
        os.umask(before)

    assert modes == {"archive.db": 0o600, "archive.db-shm": 0o600, "archive.db-wal": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["a b.db", "100%.db", "what?.db", "#1.db", "архив.db"])
def test_a_name_may_hold_any_character(tmp_path: Path, name: str) -> None:
    """Characters that mean something in addresses mean nothing in a file's name."""
    open_archive(tmp_path / name).close()

    assert [each.name for each in tmp_path.iterdir()] == [name]
    open_archive(tmp_path / name, read_only=True).close()


def test_a_closed_archive_is_one_file(path: Path) -> None:
    """After closing, the file can be copied and handed on by itself."""
    with open_archive(path) as store:
        channel_id = store.resolve_channel(a_channel())
        store.save(channel_id, [a_post()], as_of=MORNING)

    assert [each.name for each in path.parent.iterdir()] == ["archive.db"]


def test_an_archive_for_reading_is_not_written(store: PostStore, channel_id: int) -> None:
    """A reader finds what is there and is refused everything that writes."""
    store.save(channel_id, [a_post()], as_of=MORNING)

    with open_archive(store.path, read_only=True) as reader:
        assert the_post(reader, channel_id).post == a_post()
        assert reader.archive_id == store.archive_id
        with pytest.raises(ArchiveUnwritable, match="unwritable"):
            reader.save(channel_id, [a_post(2)], as_of=MORNING)


def test_a_missing_archive_is_not_made_for_reading(path: Path) -> None:
    """Who only reads is told how an archive comes about."""
    with pytest.raises(ArchiveError, match="no_database"):
        open_archive(path, read_only=True)

    assert not path.exists()


def test_an_archive_in_a_closed_folder_can_be_read(
    open_folder: Path, fresh_archive: Path, without_rights: Rights
) -> None:
    """Where nothing can be written, not even beside the file, it can still be read."""
    path = open_folder / "archive.db"
    shutil.copy(fresh_archive, path)
    path.chmod(0o444)
    open_folder.chmod(0o555)

    with without_rights(), open_archive(path, read_only=True) as reader:
        assert reader.channels() == ()


def test_an_archive_in_a_closed_folder_cannot_be_written(
    open_folder: Path, fresh_archive: Path, without_rights: Rights
) -> None:
    """A file that could be written is of no use where its log cannot be made."""
    path = open_folder / "archive.db"
    shutil.copy(fresh_archive, path)
    path.chmod(0o666)
    open_folder.chmod(0o555)

    with without_rights(), pytest.raises(ArchiveUnwritable, match="unwritable"):
        open_archive(path)


def test_a_closed_file_cannot_be_written(
    open_folder: Path, fresh_archive: Path, without_rights: Rights
) -> None:
    """A file that is only readable is refused at once, not at the first change."""
    path = open_folder / "archive.db"
    shutil.copy(fresh_archive, path)
    path.chmod(0o444)

    with without_rights(), pytest.raises(ArchiveUnwritable, match="unwritable"):
        open_archive(path)


def test_no_archive_is_made_in_a_closed_folder(open_folder: Path, without_rights: Rights) -> None:
    """A folder that cannot be written is named, with the system's reason."""
    open_folder.chmod(0o555)

    with without_rights(), pytest.raises(ArchiveUnwritable, match=r"not_made .*Permission denied"):
        open_archive(open_folder / "archive.db")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """A path through a file is told of as such."""
    (tmp_path / "file").touch()

    with pytest.raises(ArchiveUnwritable, match=r"no_folder .*file\)"):
        open_archive(tmp_path / "file" / "archive.db")


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    """A folder in the archive's place is an error, not a crash."""
    with pytest.raises(ArchiveUnwritable):
        open_archive(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"<html>" * 1000, id="another format"),
        pytest.param(b"SQLite format 3\x00" + b"\xff" * 5000, id="a broken header"),
    ],
)
@pytest.mark.parametrize("read_only", [True, False], ids=["reading", "writing"])
def test_what_is_no_database_is_refused(path: Path, content: bytes, *, read_only: bool) -> None:
    """A file of another kind is left as it is."""
    path.write_bytes(content)

    with pytest.raises(ArchiveError, match="damaged"):
        open_archive(path, read_only=read_only)

    assert path.read_bytes() == content


def test_a_damaged_archive_is_told_of(path: Path) -> None:
    """Pages that were overwritten are an error of the archive, wherever they are met."""
    with open_archive(path) as store:
        channel_id = store.resolve_channel(a_channel())
        store.save(
            channel_id, [a_post(number, "слово " * 500) for number in range(200)], as_of=MORNING
        )
    content = bytearray(path.read_bytes())
    half = len(content) // 2
    content[half:] = b"\xff" * (len(content) - half)
    path.write_bytes(content)

    with open_archive(path) as store, pytest.raises(ArchiveError, match="damaged"):
        store.get(range(1, 201))


def test_a_foreign_database_is_refused(path: Path) -> None:
    """Another program's database is not taken over."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (body TEXT)")

    with pytest.raises(ArchiveError, match="other_database"):
        open_archive(path)


def test_the_files_of_bot_and_archive_are_told_apart(path: Path, fresh_archive: Path) -> None:
    """One of our own files in the other's place is refused too."""
    open_bot_store(path).close()

    with pytest.raises(ArchiveError, match=r"other_database .*wanted=archive.db"):
        open_archive(path)
    with pytest.raises(ArchiveError, match=r"other_database .*wanted=bot.db"):
        open_bot_store(fresh_archive)


def _set_revision(path: Path, revision: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()


@pytest.mark.parametrize("read_only", [True, False], ids=["reading", "writing"])
def test_an_archive_of_a_newer_letopis_is_refused(store: PostStore, *, read_only: bool) -> None:
    """A schema that is not known is not touched, and the sentence says what to do."""
    store.close()
    _set_revision(store.path, "archive_9999")

    with pytest.raises(ArchiveTooNew, match="too_new"):
        open_archive(store.path, read_only=read_only)


@pytest.mark.parametrize("read_only", [True, False], ids=["reading", "writing"])
def test_an_empty_file_is_no_archive(path: Path, *, read_only: bool) -> None:
    """A file that a copy left empty is neither read as an archive of no posts nor written."""
    path.touch()

    with pytest.raises(ArchiveError, match=r"empty_database .*archive.db"):
        open_archive(path, read_only=read_only)
    with pytest.raises(ArchiveError, match=r"empty_database .*archive.db"):
        open_bot_store(path)

    assert path.read_bytes() == b""


def test_a_file_that_is_being_made_has_no_name(path: Path) -> None:
    """A file takes its place when it is whole; that of who was quicker is not replaced."""

    def overtaken(_: Connection) -> None:
        assert not path.exists()
        open_archive(path).close()

    open_database(path, ARCHIVE, busy_seconds=1, seed=overtaken).close()

    assert [each.name for each in path.parent.iterdir()] == ["archive.db"]
    with open_archive(path) as store:
        assert len(store.archive_id) == 32


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(PostStore.stats, id="read"),
        pytest.param(lambda store: store.resolve_channel(a_channel()), id="write"),
        pytest.param(lambda store: store.back_up(store.path.with_name("copy.db")), id="back up"),
    ],
)
def test_a_file_that_took_the_place_of_the_open_one_is_noticed(
    store: PostStore, fresh_archive: Path, tmp_path: Path, act: Callable[[PostStore], object]
) -> None:
    """A backup that is put back under a running program is left as it is, and so said."""
    assert store.channels() == ()
    shutil.copy(fresh_archive, tmp_path / "other.db")
    (tmp_path / "other.db").replace(store.path)
    before = store.path.read_bytes()

    with pytest.raises(ArchiveError, match="replaced"):
        act(store)

    assert store.path.read_bytes() == before
    assert not (tmp_path / "copy.db").exists()


def test_a_file_that_is_gone_is_noticed(store: PostStore) -> None:
    """What is written to a deleted file would be lost."""
    store.channels()
    store.path.rename(store.path.with_name("elsewhere.db"))

    with pytest.raises(ArchiveError, match=r"gone .*archive.db"):
        store.resolve_channel(a_channel())


def test_a_writer_waits_for_another_and_says_so(store: PostStore, channel_id: int) -> None:
    """While another program writes, reading goes on, and writing is refused after a while."""
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with open_archive(store.path, busy_seconds=0.05) as hasty:
            assert hasty.find(channel_id, 1) is None
            with pytest.raises(ArchiveBusy, match="busy"):
                hasty.save(channel_id, [a_post()], as_of=MORNING)
        other.execute("ROLLBACK")

    assert store.save(channel_id, [a_post()], as_of=MORNING).added == (1,)


@pytest.mark.parametrize("lock", ["EXCLUSIVE", "IMMEDIATE"])
def test_a_copy_that_another_program_is_busy_with_is_waited_for(
    path: Path, fresh_archive: Path, lock: str
) -> None:
    """A file without a write-ahead log, as a copy is, gets one as soon as it is free."""
    shutil.copy(fresh_archive, path)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute(f"BEGIN {lock}")

    with pytest.raises(ArchiveBusy):
        open_archive(path, busy_seconds=0.05)

    timer = threading.Timer(0.1, other.rollback)
    timer.start()
    open_archive(path, busy_seconds=30).close()
    timer.join()
    other.close()


def test_a_full_disk_is_told_of_and_leaves_nothing_behind(
    store: PostStore, channel_id: int
) -> None:
    """Where the file cannot grow, the whole batch is undone."""
    with file_of(store).raw_connection() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    store.close()
    limit = f"PRAGMA max_page_count = {pages + 2}"
    event.listen(file_of(store)._engine, "connect", lambda connection, _: connection.execute(limit))

    with pytest.raises(ArchiveUnwritable, match="disk_full"):
        store.save(channel_id, [a_post(n, "слово " * 999) for n in range(99)], as_of=MORNING)

    assert store.last_seq() == 0
    assert store.save(channel_id, [a_post()], as_of=MORNING).added == (1,)


def test_an_archive_on_a_full_disk_is_read(
    store: PostStore, channel_id: int, tmp_path: Path, without_room: Rights
) -> None:
    """To write it is refused; to read it needs no room, unless a log holds what it lacks."""
    store.save(channel_id, [a_post()], as_of=MORNING)
    unmerged = tmp_path / "unmerged.db"
    shutil.copy(store.path, unmerged)
    shutil.copy(f"{store.path}-wal", f"{unmerged}-wal")
    store.close()

    with without_room():
        with pytest.raises(ArchiveUnwritable, match="disk_full"):
            open_archive(store.path)
        with pytest.raises(ArchiveUnwritable, match="disk_full"):
            open_archive(unmerged, read_only=True)
        with open_archive(store.path, read_only=True) as reading:
            assert the_post(reading, channel_id).post == a_post()


def test_our_bugs_are_not_reported_as_file_errors(store: PostStore) -> None:
    """An error caused by neither lock nor disk nor damage is raised as a bug."""
    with pytest.raises(OperationalError), store._database.reading() as connection:
        connection.exec_driver_sql("SELECT nonsense")
    with pytest.raises(MultipleResultsFound), store._database.reading() as connection:
        connection.exec_driver_sql("SELECT name FROM archive_info").scalar_one()


def test_a_closed_store_opens_again(store: PostStore, channel_id: int) -> None:
    """A store that was closed goes on when it is asked again."""
    store.close()

    assert store.save(channel_id, [a_post()], as_of=MORNING).added == (1,)


def test_threads_read_while_one_writes(store: PostStore, channel_id: int) -> None:
    """Readers in other threads see whole batches, and are never refused."""
    seen: list[int] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append(store.stats().posts)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for start in range(0, 500, 100):
        batch = [a_post(number) for number in range(start, start + 100)]
        store.save(channel_id, batch, as_of=MORNING)
    done.set()
    for reader in readers:
        reader.join()

    assert seen
    assert {count % 100 for count in seen} == {0}
    assert store.stats().posts == 500


def test_threads_write_one_after_another(store: PostStore, channel_id: int) -> None:
    """Writers in several threads wait for each other, and no number is given twice."""
    failures: list[BaseException] = []

    def write(first: int) -> None:
        try:
            for number in range(first, first + 10):
                store.save(channel_id, [a_post(number)], as_of=MORNING)
        except BaseException as exc:
            failures.append(exc)
            raise

    writers = [threading.Thread(target=write, args=(first,)) for first in (0, 100, 200, 300)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert failures == []
    assert [each.seq for each in store.changed_since(0)] == list(range(1, 41))


_KILLED = """
import os, signal, sys
from pathlib import Path
from db import open_archive
from tests.db.making import MORNING, a_post

def posts():
    yield from map(a_post, range(1500))
    os.kill(os.getpid(), signal.SIGKILL)

with open_archive(Path(sys.argv[1])) as store:
    store.save(int(sys.argv[2]), posts(), as_of=MORNING)
"""


@pytest.mark.slow
def test_a_killed_import_leaves_a_whole_archive(store: PostStore, channel_id: int) -> None:
    """A program that is killed while it saves has saved nothing, and the next one goes on."""
    store.save(channel_id, [a_post(9999)], as_of=MORNING)

    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(store.path), str(channel_id)], check=False
    )

    assert killed.returncode == -9
    assert (store.stats().posts, store.check()) == (1, ())
    saved = store.save(channel_id, map(a_post, range(1500)), as_of=MORNING)
    assert len(saved.added) == 1500


_MAKER = """
import sys
from pathlib import Path
from db import open_archive

with open_archive(Path(sys.argv[1])) as store:
    print(store.archive_id)
"""


@pytest.mark.slow
def test_programs_that_make_one_archive_at_once_agree(path: Path) -> None:
    """Several programs that create the same archive end up with one."""
    makers = [
        subprocess.Popen([sys.executable, "-c", _MAKER, str(path)], stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    told = {maker.communicate()[0] for maker in makers}

    assert [maker.returncode for maker in makers] == [0, 0, 0, 0]
    assert len(told) == 1
