"""The health check for owners, in plain words."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from bot.doctor.checkup import ArchiveHealth, Checkup, IndexHealth, MissingPosts, Sizes
from bot.doctor.page import doctor_page
from bot.indexing.updater import IndexUpdater
from db.bot_live import ApprovalStatus, Gap
from i18n import ENGLISH, Locale
from i18n.doctor import doctor_texts
from ingest import CopiesHealth, MediaStore, run_import
from model.posts import Channel
from tests.bot.channel import AS_OF, written
from tests.bot.conftest import OWNER, World
from tests.bot.exports import result_of
from tests.bot.imports.uploading import CANCEL
from tests.bot.person import Person
from tests.bot.sentences import DOCTOR, RUSSIAN, count, imported, opening, posts
from tests.ingest.test_copies import export

pytestmark = pytest.mark.asyncio

_CHAT = -1001500000001


async def asks(world: World, language_code: str = "ru") -> list[str]:
    """Ask for a checkup and return its lines."""
    async with Person(world.build, language_code=language_code) as person:
        # The bot's own look at the archive would be taken for another process that indexes.
        await person.application.bot_data[IndexUpdater].stop()
        await person.says("/doctor")
        return person.text.splitlines()


async def test_mixed_channel_is_named(empty: World) -> None:
    """Two chats that were taken for one are told by posts against the order of time."""
    channel_id = empty.store.resolve_channel(Channel(title="Смесь"))
    days = [timedelta(days=number) for number in (1, 9, 2)]
    mixed = [written(number, "x", posted_at=AS_OF + at) for number, at in enumerate(days, 1)]
    empty.store.save(channel_id, mixed, as_of=AS_OF)
    lines = await asks(empty)
    assert [line for line in lines if line.startswith("⚠ «Смесь» похож на два чата в одном")]


async def test_healthy_archive_reports_its_numbers(empty: World, tmp_path: Path) -> None:
    """A healthy archive is reported with its numbers, and nothing to do."""
    run_import(empty.store, result_of(tmp_path, 1, 2))
    title, archive, index, latest, gaps, queue, sizes, version = await asks(empty)
    assert title == f"🩺 {DOCTOR.title}"
    assert re.fullmatch(DOCTOR.archive_well.format(posts=posts(2), size="[\\d,]+ кБ"), archive)
    assert re.fullmatch(DOCTOR.index_well.format(engine="tantivy", size="[\\d,]+ кБ"), index)
    assert latest.startswith(opening(DOCTOR.last_import))
    assert latest.endswith(imported(2, 0, 0))
    assert gaps == DOCTOR.gaps_none
    assert queue == DOCTOR.queue_none
    assert re.fullmatch(
        DOCTOR.sizes.format(state="[\\d,]+ (?:кБ|байт)", media="0 байт", free="[\\d,]+ ГБ"), sizes
    )
    assert version.startswith(opening(DOCTOR.version))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", DOCTOR.index_busy),
        ("en", doctor_texts(ENGLISH).index_busy),
    ],
)
async def test_doctor_does_not_wait_for_indexing(
    empty: World, tmp_path: Path, language: str, words: str
) -> None:
    """While another process is indexing, the report says so."""
    with FileLock(tmp_path / "home" / "index" / "write.lock"):
        assert words in await asks(empty, language)


async def test_new_archive_is_told_what_to_do(empty: World) -> None:
    """Where nothing was imported the way to do so is named."""
    lines = await asks(empty, "en")
    assert doctor_texts(ENGLISH).never_imported in lines
    assert "✅ The archive is well: 0 posts" in lines[1]


async def test_what_waits_and_what_is_missing_is_told(empty: World, tmp_path: Path) -> None:
    """Files that wait for a word, and posts that never arrived, are named."""
    run_import(empty.store, result_of(tmp_path, 1, 9))
    (channel,) = empty.store.channels()
    live = empty.bot_store.live
    for chat_id, title in ((_CHAT, "Записки"), (_CHAT - 1, "Другое")):
        live.ask(chat_id, title=title, language=None, now=AS_OF)
        live.decide(chat_id, ApprovalStatus.APPROVED, by=OWNER, now=AS_OF)
    gap = Gap(chat_id=_CHAT, first_id=2, last_id=8, channel_id=channel.channel_id)
    live.add_gap(gap, now=AS_OF)
    async with Person(empty.build) as person:
        await person.sends_file(result_of(tmp_path, 1, 9, 10))
        assert CANCEL in person.labels
        await person.says("/doctor")
        assert (
            DOCTOR.queue.format(files=count(1, DOCTOR.files), alerts=count(0, DOCTOR.alerts))
            in person.text
        )
        assert DOCTOR.gaps.format(posts="2–8", channel="Записки") in person.text


@pytest.mark.parametrize(
    ("language", "well", "ill"),
    [
        (
            "ru",
            DOCTOR.copies_well.format(copies=count(2, DOCTOR.copies)),
            DOCTOR.copies_ill.format(gone=1, damaged=0),
        ),
        (
            "en",
            "✅ The copies of attachments are there: 2 files",
            "✖ Copies of attachments: 1 gone, 0 damaged. Which: letopis doctor",
        ),
    ],
)
async def test_copies_of_attachments_are_looked_for(
    empty: World, tmp_path: Path, language: str, well: str, ill: str
) -> None:
    """Copies that are there are counted, and those that are gone are told."""
    empty.media = MediaStore(tmp_path / "home" / "media")
    run_import(empty.store, export(tmp_path / "export", a=b"one", b=b"two"), copies=empty.media)
    assert (await asks(empty, language))[3] == well
    first, *_ = (tmp_path / "home" / "media").rglob("*.jpg")
    first.unlink()
    assert (await asks(empty, language))[3] == ill


@pytest.fixture
def hurt(empty: World, tmp_path: Path) -> World:
    """Return a bot over an archive in which a row refers to nothing."""
    run_import(empty.store, result_of(tmp_path, 1))
    with sqlite3.connect(empty.store.path) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(
            "INSERT INTO post_hashtags (post_id, position, tag) VALUES (777, 0, 'x')"
        )
    connection.close()
    return empty


async def test_damage_is_told(hurt: World) -> None:
    """What the check of the archive finds is shown."""
    lines = await asks(hurt)
    assert lines[1].startswith(DOCTOR.archive_ill)
    assert lines[2] == "• Строка None таблицы post_hashtags ссылается на строку posts, которой нет."


async def test_what_other_programs_made_is_told(empty: World) -> None:
    """What others put into the archive is named, and which of it keeps posts out."""
    with closing(sqlite3.connect(empty.store.path)) as connection:
        connection.executescript(
            "CREATE TABLE notes (body); CREATE TRIGGER log AFTER INSERT ON posts BEGIN"
            "  INSERT INTO notes VALUES (new.text); END"
        )
    lines = await asks(empty)
    assert lines[2] == DOCTOR.archive_schema_ill
    assert lines[3].startswith("• В archive.db ничего не пишется из-за trigger log on posts: ")
    assert lines[4] == DOCTOR.archive_added.format(added="table notes, trigger log on posts")


async def test_index_that_cannot_be_written_is_told(empty: World, tmp_path: Path) -> None:
    """Where the index cannot be mended, that is said with its reason."""
    index = tmp_path / "home" / "index"
    empty.searcher.index.close()
    shutil.rmtree(index)
    index.write_bytes(b"")
    lines = await asks(empty)
    assert lines[2].startswith(opening(DOCTOR.index_ill))


async def test_lost_archive_is_told(empty: World) -> None:
    """An archive that cannot be read is told, with the reason."""
    empty.store.close()
    empty.store.path.write_bytes(b"my notes" * 999)
    lines = await asks(empty)
    assert lines[1].startswith(opening(DOCTOR.archive_unreadable))


async def test_command_is_for_owners(empty: World) -> None:
    """Others have no such command, and it is in the owners' help."""
    async with Person(empty.build) as person:
        await person.says("/help")
        for line in ("/import — пополнить архив экспортом", "/doctor — всё ли в порядке"):
            assert line in person.text
    empty.config = replace(empty.config, owners=frozenset({2}))
    async with Person(empty.build) as person:
        await person.says("/doctor")
        assert opening(RUSSIAN.access.refusal) in person.text


async def test_page_shows_a_few_of_many() -> None:
    """Of many gaps the first are named; an import that was cut short is said to be so."""
    checkup = Checkup(
        archive=ArchiveHealth(
            missing=(MissingPosts(channel="Notes", ranges=((1, 1), (3, 4), (6, 6), (8, 8))),)
        ),
        index=IndexHealth(engine="whoosh"),
        copies=CopiesHealth(named=0),
        sizes=Sizes(archive=1, index=2, state=3, media=5 << 30, free=7 << 40),
        files_waiting=0,
        alerts_waiting=2,
        posts_waiting=3,
        version="1",
        python="3",
    )
    text = doctor_page(checkup, Locale(texts=ENGLISH)).body.text
    assert "Posts 1, 3–4, 6 and more of “Notes” are missing" in text
    assert doctor_texts(ENGLISH).posts_waiting.format(posts="3 posts") in text
    assert "⏳ In the queue: 0 files, 2 alerts" in text
    assert "copies of attachments 5 GB, free on the disk 7,168 GB" in text
