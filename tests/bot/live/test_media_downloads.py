"""Files of live posts: fetched when the settings say so, kept once, and never in the way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from telegram import Message, Update

from bot.application import build_application
from bot.config import CopyMedia
from bot.live.media_downloads import AttachedFile, find_attached
from bot.transport.app import App
from db.bot_live import ApprovalStatus
from ingest import MediaStore
from model.posts import Media
from tests.bot.conftest import OWNER, World
from tests.bot.live.live_messages import CHAT_ID, post_update
from tests.bot.person import Person as Caller
from tests.standin.faults import Fault
from tests.standin.person import Person
from tests.standin.places import Channel
from tests.standin.server import StandIn

PICTURE = b"\xff\xd8 a picture"


@dataclass(kw_only=True)
class Live:
    """A channel that is archived, by a bot whose updates are handed to it one by one."""

    standin: StandIn
    channel: Channel
    application: App
    world: World
    media: MediaStore

    async def hears(self) -> None:
        """Hand the bot what has been posted."""
        for update in self.standin.world.updates.take(100):
            await self.application.process_update(
                Update.de_json(update.as_json(), self.application.bot)
            )
            self.standin.world.updates.confirm(update.number + 1)

    def media_of(self, message_id: int) -> Media:
        """Return what is attached to a post."""
        store = self.world.store
        (channel,) = store.find_channels(self.channel.chat.title)
        archived = store.find(channel.channel_id, message_id)
        assert archived
        return archived.post.media[0]

    async def until(self, holds: Any) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(60):
            while not holds():  # noqa: ASYNC110  # the archive tells nobody of a change
                await asyncio.sleep(0.01)


@asynccontextmanager
async def living(
    world: World, folder: Path, wanted: CopyMedia, *, number: int
) -> AsyncIterator[Live]:
    """Run a bot over a channel of its own."""
    media = MediaStore(folder / "media")
    with StandIn() as standin:
        channel = Channel(standin, chat_id=-1005000000000 - number, title=f"Снимки {number}")
        channel.takes_bot(by=Person(standin, OWNER))
        standin.world.updates.pending.clear()
        live = world.bot_store.live
        now = datetime(2026, 1, 1, tzinfo=UTC)
        live.ask(channel.chat.chat_id, title=channel.chat.title, language="ru", now=now)
        live.decide(channel.chat.chat_id, ApprovalStatus.APPROVED, by=OWNER, now=now)
        application = build_application(
            replace(world.config, token=standin.token, api_base_url=standin.url, copy_media=wanted),
            searcher=world.searcher,
            store=world.store,
            bot_store=world.bot_store,
            workers=world.workers,
            media=media,
        )
        async with application:
            assert application.post_init
            assert application.post_stop
            await application.post_init(application)
            yield Live(
                standin=standin,
                channel=channel,
                application=application,
                world=world,
                media=media,
            )
            await application.post_stop(application)


async def test_photo_is_kept(live: World, tmp_path: Path) -> None:
    """A photo is fetched once, and named in its post; an edit of the words keeps that."""
    async with living(live, tmp_path, CopyMedia.PHOTOS, number=1) as bot:
        post = bot.channel.posts("Закат", media="photo", file=("sunset.jpg", PICTURE))
        await bot.hears()
        await bot.until(lambda: bot.media_of(post.message_id).copy)
        bot.channel.edits(post, "Рассвет")
        await bot.hears()
        await bot.until(lambda: not bot.standin.world.updates.pending)
        copy = bot.media_of(post.message_id).copy

    assert copy
    assert copy.endswith(".jpg")
    path = bot.media.find(copy)
    assert path
    assert path.read_bytes() == PICTURE
    assert sum(call.method == "getfile" for call in bot.standin.world.calls) == 1


async def test_other_files_are_kept_on_request(live: World, tmp_path: Path) -> None:
    """A document is fetched where all files are wanted, and its own ending stays."""
    async with living(live, tmp_path, CopyMedia.ALL, number=2) as bot:
        post = bot.channel.posts("Отчёт", media="document", file=("report.pdf", b"%PDF"))
        await bot.hears()
        await bot.until(lambda: bot.media_of(post.message_id).copy)

        assert str(bot.media_of(post.message_id).copy).endswith(".pdf")


@pytest.mark.parametrize(
    ("wanted", "media", "name"),
    [(CopyMedia.NO, "photo", "a.jpg"), (CopyMedia.PHOTOS, "document", "a.pdf")],
)
async def test_what_is_not_wanted_is_not_fetched(
    live: World, tmp_path: Path, wanted: CopyMedia, media: str, name: str
) -> None:
    """Nothing is fetched unless the settings say so."""
    async with living(live, tmp_path, wanted, number=3) as bot:
        bot.channel.posts("Файл", media=media, file=(name, PICTURE))
        await bot.hears()

    assert not [call for call in bot.standin.world.calls if call.method == "getfile"]


async def test_file_that_cannot_be_fetched_is_noted(
    live: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The post stands without it, and the next file is fetched."""
    async with living(live, tmp_path, CopyMedia.PHOTOS, number=4) as bot:
        bot.standin.world.faults.schedule(
            Fault(kind="refuse", method="getFile", text="Bad Request: wrong file_id")
        )
        lost = bot.channel.posts("Первый", media="photo", file=("a.jpg", b"a"))
        kept = bot.channel.posts("Второй", media="photo", file=("b.jpg", b"b"))
        await bot.hears()
        await bot.until(lambda: bot.media_of(kept.message_id).copy)

        assert bot.media_of(lost.message_id).copy is None
    assert "was not copied: Wrong file_id" in caplog.text


async def test_failed_download_does_not_stop_the_others(
    live: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file without a path is logged as a bug, and the next one is downloaded."""
    media = MediaStore(tmp_path / "media")
    picture = tmp_path / "picture"
    picture.write_bytes(PICTURE)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    live.bot_store.live.ask(CHAT_ID, title="Дневник", language="ru", now=now)
    live.bot_store.live.decide(CHAT_ID, ApprovalStatus.APPROVED, by=OWNER, now=now)
    live.config = replace(live.config, copy_media=CopyMedia.PHOTOS)
    live.media = media
    answers = [
        (200, json.dumps({"ok": True, "result": {**FILE, **path}}).encode())
        for path in ({}, {"file_path": str(picture)})
    ]
    async with Caller(live.build) as bot:
        bot.server.prescribe("getFile", *answers)
        for number in (7, 8):
            photo = {**FILE, "file_unique_id": str(number), "width": 1, "height": 1}
            await bot.receives(post_update(number, photo=[photo]))
        (channel,) = live.store.channels()
        async with asyncio.timeout(60):
            while not any(  # noqa: ASYNC110  # the archive tells nobody of a change
                attached.copy
                for archived in live.store.newest(limit=2)
                for attached in archived.post.media
            ):
                await asyncio.sleep(0.01)

        lost = live.store.find(channel.channel_id, 7)
        assert lost
        assert lost.post.media[0].copy is None
    assert "RuntimeError" in caplog.text


async def test_end_does_not_wait_for_files(
    live: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What is still to be fetched at the end is counted in the log."""
    async with living(live, tmp_path, CopyMedia.PHOTOS, number=5) as bot:
        slow = Fault(kind="delay", method="getFile", seconds=0.5)
        bot.standin.world.faults.schedule(slow)
        for number in range(3):
            bot.channel.posts("Снимок", media="photo", file=("a.jpg", bytes([number])))
        await bot.hears()
        await bot.until(lambda: slow.met)

    assert "2 attached files are left without a copy" in caplog.text


FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 7}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"text": "x"}, None, id="no file"),
        pytest.param(
            {"voice": {**FILE, "duration": 1}},
            AttachedFile(file_id="f", unique_id="u", size=7, suffix=".ogg"),
            id="voice",
        ),
        pytest.param(
            {
                "animation": {**FILE, "width": 1, "height": 1, "duration": 1},
                "document": {**FILE, "file_id": "d", "file_name": "cat.gif"},
            },
            AttachedFile(file_id="f", unique_id="u", size=7, suffix=".mp4"),
            id="animation",
        ),
        pytest.param(
            {"document": {"file_id": "f", "file_unique_id": "u", "mime_type": "application/pdf"}},
            AttachedFile(file_id="f", unique_id="u", size=0, suffix=".pdf"),
            id="nameless document",
        ),
    ],
)
def test_file_is_found(fields: dict[str, Any], expected: AttachedFile | None) -> None:
    """Whatever is attached has one file, and a name that ends as it should."""
    chat = {"id": -1001, "type": "channel", "title": "c"}
    message = Message.de_json({"message_id": 1, "date": 1, "chat": chat, **fields}, None)
    assert message is not None

    assert find_attached(message) == expected
