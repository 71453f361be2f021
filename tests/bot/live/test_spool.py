"""Posts that cannot be archived yet are kept, reported once, and archived when possible."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from telegram import Message, Update

from bot.indexing.updater import IndexUpdater
from bot.live.archive import LiveArchive
from bot.live.spool import Spool
from db import PostStore
from db.bot_live import ApprovalStatus
from db.bot_spool import SpoolFolder
from tests.bot.conftest import OWNER, World
from tests.bot.live.live_messages import CHAT_ID, SENT, message, post_update, standing_update, until
from tests.bot.person import Person
from tests.bot.sentences import LIVE, posts

_TRIGGER = "CREATE TRIGGER meddler AFTER INSERT ON posts BEGIN DELETE FROM links; END"


def approve(world: World) -> None:
    """Let the channel be archived."""
    world.bot_store.live.ask(CHAT_ID, title="Дневник", language="ru", now=SENT)
    world.bot_store.live.decide(CHAT_ID, ApprovalStatus.APPROVED, by=OWNER, now=SENT)


def change(path: Path, script: str) -> None:
    """Do to a file what another program does."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def texts(store: PostStore) -> list[str]:
    """Return what is archived, the oldest first."""
    return [archived.post.text for archived in reversed(store.newest(limit=100))]


def kept(folder: Path) -> list[str]:
    """Return the names of the files of the spool."""
    return sorted(path.name for path in (folder / "spool").glob("*"))


class _Stubborn(Spool):
    """A spool that fails at first, and counts."""

    attempts = 0

    def waiting(self) -> Sequence[Message]:
        self.attempts += 1
        if self.attempts == 1:
            raise RuntimeError
        return super().waiting()


async def test_posts_that_cannot_be_archived_are_kept(live: World, tmp_path: Path) -> None:
    """The owners are told once; a later run of the bot archives them, files and all."""
    approve(live)
    change(live.store.path, _TRIGGER)
    async with Person(live.build) as person:
        await person.receives(post_update(7, "Слово"))
        refused = LIVE.refused.format(channel="Дневник", reason="")
        assert refused in person.text
        assert "meddler" in person.text
        await person.receives(post_update(7, "Слово"))
        await person.receives(post_update(7, "Дело", edit_date=60))
        await person.receives(post_update(8, "Ещё"))
        assert person.events == []
    assert (texts(live.store), len(kept(tmp_path))) == ([], 3)
    assert {path.stat().st_mode & 0o77 for path in (tmp_path / "spool").rglob("*")} == {0}

    change(live.store.path, "DROP TRIGGER meddler")
    async with Person(live.build) as person:
        await until(lambda: not kept(tmp_path))
    assert texts(live.store) == ["Дело", "Ещё"]
    (edited, _) = live.store.get([1, 2, 3])
    assert [each.content.text for each in live.store.versions(edited.post_id)] == ["Слово"]


async def test_the_end_of_a_trouble_is_told(live: World, tmp_path: Path) -> None:
    """Once what is kept has been archived the owners learn how much that was."""
    approve(live)
    change(live.store.path, _TRIGGER)
    async with Person(live.build) as person:
        services = person.application.bot_data[IndexUpdater].services
        spool = _Stubborn(SpoolFolder(tmp_path / "spool"))
        archive = LiveArchive(
            replace(services, spool=spool),
            on_news=list,
            rest=timedelta(milliseconds=1),
            retry=timedelta(milliseconds=20),
        )
        person.application.add_handlers(archive.handlers(), group=-5)
        archive.start(person.application)
        await person.receives(post_update(7, "Слово"))
        await person.receives(post_update(8, "Дело"))
        before = spool.attempts
        await until(lambda: spool.attempts > before + 1)
        change(live.store.path, "DROP TRIGGER meddler")
        await until(lambda: not kept(tmp_path))
        await until(lambda: archive._told_of is None)
        await person.receives(post_update(9, "Ещё"))
        assert LIVE.recovered.format(posts=posts(2)) in person.text
        await archive.stop()
        await archive.stop()


async def test_what_is_kept_is_tried_until_it_can_be_archived(live: World, tmp_path: Path) -> None:
    """While the owners think it over, and while another process writes, nothing happens to it."""
    live.bot_store.live.ask(CHAT_ID, title="Дневник", language="ru", now=SENT)
    spool = _Stubborn(SpoolFolder(tmp_path / "other"))
    spool.put(message(7, "Слово"))
    async with Person(live.build) as person:
        services = person.application.bot_data[IndexUpdater].services
        archive = LiveArchive(
            replace(services, spool=spool),
            on_news=list,
            rest=timedelta(milliseconds=1),
            retry=timedelta(milliseconds=10),
        )
        archive.start(person.application)
        await until(lambda: spool.attempts > 3)
        with closing(sqlite3.connect(live.store.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            live.bot_store.live.decide(CHAT_ID, ApprovalStatus.APPROVED, by=OWNER, now=SENT)
            before = spool.attempts
            await until(lambda: spool.attempts > before + 2)
            assert (len(spool), texts(live.store)) == (1, [])
            other.execute("ROLLBACK")
        await until(lambda: texts(live.store) == ["Слово"])
        await archive.stop()
        person.sees_what_came()
        assert person.events == []


async def test_a_failure_does_not_end_the_attempts(live: World, tmp_path: Path) -> None:
    """Whatever fails once, the next attempt is made."""
    approve(live)
    async with Person(live.build) as person:
        services = person.application.bot_data[IndexUpdater].services
        spool = _Stubborn(SpoolFolder(tmp_path / "other"))
        spool.put(message(7, "Слово"))
        archive = LiveArchive(
            replace(services, spool=spool), on_news=list, retry=timedelta(milliseconds=20)
        )
        archive.start(person.application)
        await until(lambda: texts(live.store) == ["Слово"])
        await archive.stop()


async def test_a_channel_of_which_nobody_told_is_asked_about(live: World, tmp_path: Path) -> None:
    """Its posts are kept from the first on, and archived when an owner says so."""
    live.bot_store.people.choose_language(OWNER, "ru")
    async with Person(live.build) as person:
        services = person.application.bot_data[IndexUpdater].services
        spool = Spool(SpoolFolder(tmp_path / "spool"))
        archive = LiveArchive(
            replace(services, spool=spool),
            on_news=list,
            rest=timedelta(milliseconds=1),
            ask_after=timedelta(milliseconds=10),
        )
        person.application.add_handlers(archive.handlers(), group=-5)
        archive.start(person.application)
        await person.receives(post_update(7, "Слово"))
        assert (person.events, len(spool)) == ([], 1)
        await until(lambda: live.bot_store.live.find(CHAT_ID))
        await person.receives(post_update(8, "Дело"))
        await until(lambda: _asked(person))
        live.bot_store.live.decide(CHAT_ID, ApprovalStatus.APPROVED, by=OWNER, now=SENT)
        archive._wake()
        await until(lambda: texts(live.store) == ["Слово", "Дело"])
        await until(lambda: not kept(tmp_path))
        await archive.stop()


def _asked(person: Person) -> bool:
    """Tell whether the owner has been asked about the channel."""
    return LIVE.asks_late.format(channel="Дневник") in _told(person)


def _told(person: Person) -> list[str]:
    """Return what the bot has said to anybody."""
    return [call.get("text", "") for _, call in person.server.calls]


async def test_posts_of_a_channel_that_is_denied_are_dropped(live: World, tmp_path: Path) -> None:
    """An owner who does not want them keeps nothing of them."""
    async with Person(live.build) as person:
        await person.receives(standing_update("administrator"))
        await person.receives(post_update(7, "Слово"))
        assert len(kept(tmp_path)) == 1
        await person.presses(LIVE.button_deny)
        await until(lambda: not kept(tmp_path))
    assert texts(live.store) == []


async def test_a_bot_file_that_cannot_be_read_loses_no_post(live: World, tmp_path: Path) -> None:
    """Whether a channel is approved may be unknown for a while: if it stays so, that is told."""
    approve(live)
    async with Person(live.build) as person:
        services = person.application.bot_data[IndexUpdater].services
        spool = _Stubborn(SpoolFolder(tmp_path / "other"))
        archive = LiveArchive(
            replace(services, spool=spool), on_news=list, retry=timedelta(milliseconds=20)
        )
        person.application.add_handlers(archive.handlers(), group=-5)
        change(tmp_path / "bot.db", "ALTER TABLE live_channels RENAME TO hidden")
        await person.receives(post_update(7, "Слово"))
        assert (person.events, len(spool)) == ([], 1)
        archive.start(person.application)
        await until(lambda: archive._told_of)
        change(tmp_path / "bot.db", "ALTER TABLE hidden RENAME TO live_channels")
        await until(lambda: texts(live.store) == ["Слово"])
        await until(lambda: not archive._told_of)
        await archive.stop()
        assert [text for text in _told(person) if "OperationalError" in text]


async def test_a_post_survives_a_full_disk(live: World, tmp_path: Path) -> None:
    """A post that cannot be written to a file is held in memory until it can."""
    approve(live)
    change(live.store.path, _TRIGGER)
    (tmp_path / "spool").touch()
    async with Person(live.build) as person:
        await person.receives(post_update(7, "Слово"))
        (tmp_path / "spool").unlink()
        await person.receives(post_update(8, "Дело"))
        assert len(kept(tmp_path)) == 2


async def test_posts_that_wait_leave_no_gap(live: World) -> None:
    """A post that is kept is not missing."""
    approve(live)
    async with Person(live.build) as person:
        await person.receives(post_update(5, "Раз"))
        change(live.store.path, _TRIGGER)
        await person.receives(post_update(6, "Два"))
        change(live.store.path, "DROP TRIGGER meddler")
        await person.receives(post_update(8, "Три"))
        live.clock.passes(timedelta(minutes=1))
        person.sees_what_came()
        await person.application.bot_data[IndexUpdater].run_once(person.application)
        person.sees_what_came()
        assert LIVE.gap[0].format(posts="7", channel="Дневник") in person.text


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """A spool whose folder cannot be made, so that all is held in memory."""
    (tmp_path / "file").touch()
    return Spool(SpoolFolder(tmp_path / "file" / "spool"))


async def test_posts_of_undecided_channels_are_limited(
    live: World, spool: Spool, caplog: pytest.LogCaptureFixture
) -> None:
    """Adding the bot to many channels cannot fill the disk."""
    for number in range(500):
        spool.put(message(number))
        assert spool.has_room(CHAT_ID)
    spool.put(message(500))
    assert not spool.has_room(CHAT_ID)
    assert spool.has_room(CHAT_ID - 1)
    spool.drop(message(500))
    async with Person(live.build) as person:
        services = person.application.bot_data[IndexUpdater].services
        archive = LiveArchive(replace(services, spool=spool), on_news=list)
        person.application.add_handlers(archive.handlers(), group=-5)
        await person.receives(post_update(777, "Слово"))
    assert len(spool) == 500
    assert "post 777 of channel -1001500000001 is not kept: too many wait" in caplog.text


async def test_unreadable_spool_file_is_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that is not a readable post is logged, and neither deleted nor in the way."""
    spool = Spool(SpoolFolder(tmp_path / "spool"))
    spool.put(message(7, "Слово"))
    for name, content in (("a", b"{}"), ("b", b"[1"), ("c", b"\xff"), ("d", b"[]")):
        (tmp_path / "spool" / f"{name}.json").write_bytes(content)
    later = Spool(SpoolFolder(tmp_path / "spool"))
    later.load()
    assert [each.text for each in later.waiting()] == ["Слово"]
    assert len(kept(tmp_path)) == 5
    assert "a in the spool cannot be read as a post" in caplog.text


async def test_a_file_that_cannot_be_removed_is_named(
    open_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is lost by it: the post would be archived once more."""
    spool = Spool(SpoolFolder(open_folder / "spool"))
    spool.put(message(7, "Слово"))
    (file,) = (open_folder / "spool").iterdir()
    file.unlink()
    file.mkdir()
    spool.drop(message(7, "Слово"))
    assert "cannot be removed" in caplog.text
    assert len(spool) == 0


@pytest.mark.parametrize(
    ("status", "left"), [(ApprovalStatus.APPROVED, 0), (ApprovalStatus.DENIED, 0), (None, 1)]
)
async def test_posts_are_kept_before_they_are_confirmed(
    live: World, tmp_path: Path, status: ApprovalStatus | None, left: int
) -> None:
    """What was received is kept at once, edits too; it goes once it is archived or unwanted."""
    if status:
        live.bot_store.live.ask(CHAT_ID, title="Дневник", language="ru", now=SENT)
        live.bot_store.live.decide(CHAT_ID, status, by=OWNER, now=SENT)
    update = post_update(1, "Слово")
    async with Person(live.build) as person:
        spool = person.application.bot_data[IndexUpdater].services.spool
        spool.keep(Update.de_json({"update_id": 1}, None))
        spool.keep(Update.de_json(update, None))
        assert len(kept(tmp_path)) == 1
        await person.receives(update)
        assert len(kept(tmp_path)) == left
    assert texts(live.store) == (["Слово"] if status is ApprovalStatus.APPROVED else [])
