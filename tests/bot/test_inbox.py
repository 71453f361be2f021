"""What was received is handled once, by this bot or by the next one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextvars import Context
from pathlib import Path

import pytest
from telegram import Bot, Update

from bot.inbox import Inbox, fingerprint
from bot.live.spool import Spool
from bot.transport.superseded import Superseded
from db.bot_inbox import InboxStore
from db.bot_spool import SpoolFolder
from db.bot_store import BotStore
from model.errors import NotLeading
from model.messages import Code
from tests.bot.access.failing import locked
from tests.bot.conftest import OWNER, World
from tests.bot.person import Person
from tests.new_databases import new_bot_store

BOT = Bot("1:token")


class _Followed(InboxStore):
    """The state of a bot that another one has followed."""

    def drop(self, fingerprint: int) -> None:
        raise NotLeading(Code.NOT_LEADING)


@pytest.fixture
def bot_store(tmp_path: Path) -> Iterator[BotStore]:
    """A state that gives up at once while another program writes it."""
    with new_bot_store(tmp_path / "state" / "bot.db", busy_seconds=0) as bot_store:
        yield bot_store


def make_inbox(bot_store: BotStore, tmp_path: Path, *, is_leading: bool = True) -> Inbox:
    """Return the inbox of a bot that begins."""
    return Inbox(
        bot_store.inbox, Spool(SpoolFolder(tmp_path / "spool")), is_leading=lambda: is_leading
    )


def message(text: str, *, kind: str = "message") -> Update:
    """Return an update of a person or of a channel."""
    chat = {"id": OWNER, "type": "private" if kind == "message" else "channel", "first_name": "O"}
    sender = {"id": OWNER, "is_bot": False, "first_name": "O"}
    told = {"message_id": 1, "date": 1, "chat": chat, "from": sender, "text": text}
    update = Update.de_json({"update_id": 1, kind: told}, BOT)
    assert update is not None
    return update


def left(bot_store: BotStore, tmp_path: Path) -> list[str]:
    """Return the texts that the next bot would take up."""
    updates = make_inbox(bot_store, tmp_path).take_up(BOT)
    return [update.message.text for update in updates if update.message and update.message.text]


async def handle(inbox: Inbox, update: Update) -> None:
    """Handle an update without saying anything."""
    async with inbox.handling(update):
        pass


async def test_what_is_handled_is_forgotten(bot_store: BotStore, tmp_path: Path) -> None:
    """The rest is left to the next bot, and recognised there if Telegram brings it again."""
    inbox = make_inbox(bot_store, tmp_path)
    for each in ("handled", "left"):
        inbox.keep(message(each))
    await handle(inbox, message("handled"))
    await handle(inbox, message("never kept"))

    (update,) = make_inbox(bot_store, tmp_path).take_up(BOT)

    assert fingerprint(update) == fingerprint(message("left"))


async def test_what_is_answered_is_forgotten_before(bot_store: BotStore, tmp_path: Path) -> None:
    """A bot that is killed right after its answer leaves nothing to be answered again."""
    inbox = make_inbox(bot_store, tmp_path)
    inbox.keep(message("answered"))
    async with inbox.handling(message("answered")):
        await inbox.before_saying()

        assert left(bot_store, tmp_path) == []


async def test_what_nobody_asked_for_may_be_said(bot_store: BotStore, tmp_path: Path) -> None:
    """An alert is about no update."""
    inbox = make_inbox(bot_store, tmp_path)
    inbox.keep(message("left"))

    await asyncio.create_task(inbox.before_saying(), context=Context())

    assert left(bot_store, tmp_path) == ["left"]


async def test_what_is_taken_up_is_forgotten_afterwards(
    bot_store: BotStore, tmp_path: Path
) -> None:
    """The next bot but one has nothing to do."""
    make_inbox(bot_store, tmp_path).keep(message("left"))
    inbox = make_inbox(bot_store, tmp_path)
    (update,) = inbox.take_up(BOT)

    await handle(inbox, update)

    assert left(bot_store, tmp_path) == []


async def test_bot_that_leads_no_longer_has_handled_nothing(
    bot_store: BotStore, tmp_path: Path
) -> None:
    """It could not send the answer."""
    inbox = make_inbox(bot_store, tmp_path, is_leading=False)
    inbox.keep(message("left"))

    await handle(inbox, message("left"))

    assert left(bot_store, tmp_path) == ["left"]


async def test_bot_that_leads_no_longer_says_nothing(bot_store: BotStore) -> None:
    """Even if it does not know yet: the next one handles the update."""
    inbox = Inbox(
        _Followed(bot_store._database), Spool(bot_store.spool()), is_leading=lambda: False
    )
    inbox.keep(message("left"))
    async with inbox.handling(message("left")):
        with pytest.raises(Superseded):
            await inbox.before_saying()


def test_posts_go_to_the_spool(bot_store: BotStore, tmp_path: Path) -> None:
    """It keeps them until they are archived, which may be long after they were handled."""
    inbox = make_inbox(bot_store, tmp_path)

    inbox.keep(message("post", kind="channel_post"))

    assert len(inbox.spool) == 1
    assert left(bot_store, tmp_path) == []


async def test_state_that_cannot_be_written_keeps_nobody_waiting(
    bot_store: BotStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Updates are handled all the same; another program writes only for a while."""
    inbox = make_inbox(bot_store, tmp_path)
    inbox.keep(message("one"))
    with caplog.at_level(logging.INFO), locked(tmp_path / "state" / "bot.db"):
        inbox.keep(message("other"))
        await handle(inbox, message("one"))
        assert left(bot_store, tmp_path) == []

    assert "update 1 is held in memory alone: busy" in caplog.text
    assert "an update may be handled again: busy" in caplog.text
    assert "What an earlier bot left unanswered is handled later: busy" in caplog.text
    assert left(bot_store, tmp_path) == ["one"]


def test_what_cannot_be_read_is_passed_over(
    bot_store: BotStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What an earlier version left may be unknown to this one."""
    bot_store.inbox.put(1, '{"update_id": 5, "message": 7}')
    make_inbox(bot_store, tmp_path).keep(message("left"))

    assert left(bot_store, tmp_path) == ["left"]
    assert "update 5 (message) was passed over" in caplog.text


async def test_bot_answers_what_the_last_one_left(world: World, tmp_path: Path) -> None:
    """It does so once it has begun, and once."""
    make_inbox(world.bot_store, tmp_path).keep(message("очередь"))
    async with Person(world.build) as person:
        application = person.application
        update = application.update_queue.get_nowait()
        assert isinstance(update, Update)
        await application.update_processor.process_update(
            update, application.process_update(update)
        )
        person.sees_what_came()

        assert person.text.startswith("🔎 очередь")
        assert application.update_queue.empty()
    assert left(world.bot_store, tmp_path) == []
