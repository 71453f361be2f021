"""Posts of approved channels enter the archive as they arrive; the owners decide and are told."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.indexing.updater import IndexUpdater
from bot.live.archive import LiveArchive
from bot.services import Services
from db import PostStore
from db.bot_live import ApprovalStatus
from i18n.live import live_texts
from model.errors import IndexUnavailable
from model.messages import Code
from model.posts import Channel
from search import PostIndex, Searcher
from tests.bot.channel import CHANNEL, written
from tests.bot.conftest import OWNER, World
from tests.bot.live.live_messages import (
    CHANNEL_ID,
    CHAT_ID,
    SENT,
    post_update,
    standing_update,
    until,
)
from tests.bot.person import Person
from tests.bot.sentences import ENGLISH, LIVE

pytestmark = pytest.mark.asyncio

_APPROVE = f"1|h||{CHANNEL_ID}|1"
_DENY = f"1|h||{CHANNEL_ID}|0"


def services_of(person: Person) -> Services:
    """Return what the parts of a person's bot work with."""
    updater = person.application.bot_data[IndexUpdater]
    assert isinstance(updater, IndexUpdater)
    return updater.services


async def _look(world: World, person: Person, *, after: timedelta = timedelta(minutes=1)) -> None:
    """Let the bot look round, some time later."""
    world.clock.passes(after)
    await person.application.bot_data[IndexUpdater].run_once(person.application)
    person.sees_what_came()


def _approve(world: World) -> None:
    world.bot_store.live.ask(CHAT_ID, title="Дневник", language="ru", now=SENT)
    world.bot_store.live.decide(CHAT_ID, ApprovalStatus.APPROVED, by=OWNER, now=SENT)


def _texts(store: PostStore) -> list[str]:
    return [archived.post.text for archived in store.newest(limit=100)]


async def test_channel_begun_anew_is_kept_apart(live: World) -> None:
    """A channel of the same title whose posts have other times is not the one that posts now."""
    before = live.store.resolve_channel(Channel(title="Дневник"))
    live.store.save(before, [written(1, "старое")], as_of=SENT)
    _approve(live)
    async with Person(live.build) as person:
        await person.receives(post_update(1, "новое"))

    assert _texts(live.store)[0] == "новое"
    assert "старое" in _texts(live.store)
    assert Channel(title="Дневник") in [each.channel for each in live.store.channels()]


# The owners decide


@pytest.mark.parametrize(
    ("language_code", "question"),
    [
        ("ru", "Вера делает меня администратором канала «Дневник». Добавлять"),
        ("en", "Вера made me an administrator of the channel “Дневник”. Should I archive"),
    ],
)
async def test_owners_are_asked_about_a_channel(
    live: World, language_code: str, question: str
) -> None:
    """Whoever makes the bot an administrator, the owners decide, each in their language."""
    stranger = {"id": 9, "is_bot": False, "first_name": "Вера", "language_code": language_code}
    async with Person(live.build, language_code=language_code) as person:
        await person.receives(standing_update("administrator", by=stranger))

        assert person.text.startswith(question)
        assert [button.data for button in person.buttons] == [_APPROVE, _DENY]
        asked = person.events

        await person.receives(standing_update("administrator", old="administrator", by=stranger))
        assert asked
        assert person.events == []


async def test_owner_is_asked_in_the_language_they_chose(live: World) -> None:
    """What an owner chose goes before the language of who took the bot in."""
    live.bot_store.people.choose_language(OWNER, "en")
    async with Person(live.build) as person:
        await person.receives(standing_update("administrator"))

    assert person.labels == [live_texts(ENGLISH).button_approve, live_texts(ENGLISH).button_deny]


async def test_approved_posts_are_archived(live: World) -> None:
    """Posts are archived from the decision on, edits included, and those that came before it."""
    async with Person(live.build) as person:
        await person.receives(standing_update("administrator"))
        await person.receives(post_update(6, "Рано"))
        await person.presses(LIVE.button_approve)
        assert LIVE.approved.format(channel="Дневник") in person.text
        assert person.buttons == []

        await person.receives(post_update(7, "Слово"))
        await person.receives(post_update(7, "Дело", edit_date=60))

        await until(lambda: len(live.store.newest(limit=9)) == 2)

    archived, early = live.store.newest(limit=9)
    assert early.post.text == "Рано"
    assert (archived.post.text, archived.post.edited_at) == ("Дело", SENT + timedelta(seconds=60))
    assert archived.url == "https://t.me/dnevnik/7"
    assert archived.channel.telegram_id == CHANNEL_ID
    assert [version.content.text for version in live.store.versions(archived.post_id)] == ["Слово"]


async def test_denied_posts_are_ignored(live: World) -> None:
    """An owner says no, and nothing is kept, nor asked again."""
    async with Person(live.build, language_code="en") as person:
        await person.receives(standing_update("administrator", by=_vera("en")))
        await person.presses(live_texts(ENGLISH).button_deny)
        assert live_texts(ENGLISH).denied.format(channel="Дневник") in person.text
        await person.receives(post_update(7, "Слово"))

        assert person.events == []
    assert _texts(live.store) == []


def _vera(language_code: str) -> dict[str, Any]:
    return {"id": 9, "is_bot": False, "first_name": "Vera", "language_code": language_code}


async def test_second_decision_is_shown_what_holds(live: World) -> None:
    """An owner who comes late learns how it was decided."""
    async with Person(live.build) as person:
        await person.receives(standing_update("administrator"))
        await person.sends_data(_APPROVE)
        await person.sends_data(_DENY)

        assert LIVE.gone in person.toasts[0]
        assert LIVE.approved.format(channel="Дневник") in person.text
    channel = live.bot_store.live.find(CHAT_ID)
    assert channel is not None
    assert channel.status is ApprovalStatus.APPROVED


async def test_only_owners_decide(live: World) -> None:
    """Somebody else who may use the bot cannot let a channel in."""
    async with Person(live.build) as person:
        others = replace(live.config, owners=frozenset({99}))
        archive = LiveArchive(replace(services_of(person), config=others), on_news=list)
        person.application.add_handlers(archive.buttons(), group=-3)
        await person.receives(standing_update("administrator"))
        await person.sends_data(_APPROVE)

    assert LIVE.owners_only in person.toasts[0]


async def test_decision_on_a_channel_that_is_gone(live: World) -> None:
    """A question that no longer stands says so."""
    async with Person(live.build) as person:
        await person.receives(standing_update("administrator"))
        await person.receives(standing_update("left", old="administrator"))
        assert person.events == []
        await person.sends_data(_APPROVE)

        assert LIVE.gone in person.toasts[0]


async def test_owners_hear_that_a_channel_is_lost(live: World) -> None:
    """When an approved channel throws the bot out, the owners know why nothing comes."""
    _approve(live)
    async with Person(live.build) as person:
        await person.receives(standing_update("kicked", old="administrator"))
        assert LIVE.left.format(channel="Дневник") in person.text

        await person.receives(standing_update("left", old="kicked"))
        assert person.events == []


async def test_unknown_channel_that_leaves_is_no_news(live: World) -> None:
    """A channel that nobody was asked about leaves without a word."""
    async with Person(live.build) as person:
        await person.receives(standing_update("left", old="administrator"))

        assert person.events == []


async def test_status_changes_in_other_chats_are_ignored(live: World) -> None:
    """Groups, and people who block the bot, are not channels."""
    group = {"id": -1009, "type": "supergroup", "title": "Группа"}
    async with Person(live.build) as person:
        await person.receives(standing_update("administrator", chat=group))

        assert person.events == []


async def test_unreachable_owner_does_not_block_the_others(live: World) -> None:
    """An owner who never wrote to the bot is skipped; the others are asked."""
    world = replace(live, config=replace(live.config, owners=frozenset({OWNER, 2})))
    async with Person(world.build) as person:
        refusal = b'{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked"}'
        person.server.prescribe("sendMessage", (403, refusal))
        await person.receives(standing_update("administrator"))

    assert "Дневник" in person.server.elsewhere[0]["text"]


# The posts


async def test_edit_before_its_post_is_still_right(live: World) -> None:
    """The later text holds, whichever arrives first; the earlier one is its past."""
    _approve(live)
    async with Person(live.build) as person:
        await person.receives(post_update(7, "Дело", edit_date=60))
        await person.receives(post_update(7, "Слово"))

    (archived,) = live.store.newest(limit=9)
    assert archived.post.text == "Дело"
    assert [version.content.text for version in live.store.versions(archived.post_id)] == ["Слово"]


async def test_post_waits_for_an_import(live: World, tmp_path: Path) -> None:
    """A post that arrives while another process writes is kept when that is done."""
    _approve(live)
    other = sqlite3.connect(tmp_path / "archive.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with Person(live.build) as person:
        news: list[str] = []
        archive = LiveArchive(
            services_of(person), on_news=lambda: news.append("!"), rest=timedelta(milliseconds=10)
        )
        person.application.add_handlers(archive.handlers(), group=-5)
        receiving = asyncio.create_task(person.receives(post_update(7, "Слово")))
        await asyncio.sleep(0.05)
        assert _texts(live.store) == []
        other.execute("ROLLBACK")
        await receiving

    assert _texts(live.store) == ["Слово"]
    assert news == ["!"]
    other.close()


async def test_post_that_cannot_be_kept_is_told(live: World, tmp_path: Path) -> None:
    """Where the archive stays shut, the owners learn which channel lost a post, and why."""
    _approve(live)
    other = sqlite3.connect(tmp_path / "archive.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with Person(live.build) as person:
        archive = LiveArchive(services_of(person), on_news=list, rest=timedelta(0), attempts=2)
        person.application.add_handlers(archive.handlers(), group=-5)
        await person.receives(post_update(7, "Слово"))

    assert LIVE.refused.format(channel="Дневник", reason="") in person.text
    assert "пишет другой процесс" in person.text
    other.close()


# The index, and the gaps


async def test_news_are_found_at_once(live: World) -> None:
    """A post can be found soon after its arrival, without anybody waiting for the next look."""
    _approve(live)
    async with Person(live.build) as person:
        await person.receives(post_update(7, "Квазипост"))
        await until(lambda: live.searcher.search("квазипост").total)

        await person.says("квазипост")
        assert "Квазипост" in person.text


async def test_changes_by_other_processes_are_indexed(live: World) -> None:
    """The archive is checked for changes by other processes every few seconds."""
    async with Person(live.build) as person:
        updater = IndexUpdater(services_of(person), period=timedelta(milliseconds=5))
        updater.start(person.application)
        await until(lambda: updater.has_indexed(live.store.last_seq()))
        channel_id = live.store.resolve_channel(CHANNEL)
        live.store.save(channel_id, [written(7, "Квазипост")], as_of=SENT)
        await until(lambda: live.searcher.search("квазипост").total)
        await updater.stop()

    assert live.searcher.search("квазипост").total == 1


async def test_shutdown_during_a_new_post_works(live: World) -> None:
    """A post that arrives during shutdown does not keep the bot from ending."""
    async with Person(live.build) as person:
        updater = IndexUpdater(services_of(person), period=timedelta(minutes=1))
        updater.start(person.application)
        await until(lambda: updater.has_indexed(live.store.last_seq()))
        await updater.run_once(person.application)  # after which it waits for news
        updater.wake()
        async with asyncio.timeout(60):
            await updater.stop()


@pytest.mark.parametrize(
    ("language", "numbers", "words"),
    [
        ("ru", (5, 7), "нет поста 6 из канала «Дневник». Если он не удалён"),
        ("ru", (5, 9), "нет постов 6–8 из канала «Дневник». Если они не удалены"),
        ("en", (5, 7, 9), "Posts 6, 8 of “Дневник” are missing"),
        ("en", (5, 7), "Post 6 of “Дневник” is missing"),
        ("ru", (1, 3, 5, 7, 9, 11, 13), "нет постов 2, 4, 6, 8, 10 и ещё из канала"),
    ],
)
async def test_gaps_are_told_once(
    live: World, language: str, numbers: tuple[int, ...], words: str
) -> None:
    """Owners hear which posts did not arrive, and not a second time."""
    live.bot_store.people.choose_language(OWNER, language)
    _approve(live)
    async with Person(live.build) as person:
        for number in numbers:
            await person.receives(post_update(number, f"Пост {number}"))
        assert person.events == []

        await _look(live, person)
        assert words in person.text

        await _look(live, person)
        assert person.events == []


async def test_late_posts_leave_no_gap(live: World) -> None:
    """Posts that arrive in another order are not missed."""
    _approve(live)
    async with Person(live.build) as person:
        for number in (5, 8, 7, 6):
            await person.receives(post_update(number, f"Пост {number}"))
        await _look(live, person)

        assert person.events == []


async def test_gap_waits_for_late_posts(live: World) -> None:
    """A gap is no gap in the first moments."""
    _approve(live)
    async with Person(live.build) as person:
        await person.receives(post_update(5, "Пост"))
        await person.receives(post_update(7, "Пост"))
        await _look(live, person, after=timedelta(seconds=1))
        assert person.events == []


class _Broken(PostIndex):
    """An index that fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def behind(self) -> int:
        raise self._error


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (IndexUnavailable(Code.INDEX_BUSY), "put off until the next look: index_busy"),
        (RuntimeError("a bug"), "error "),
    ],
)
async def test_failure_leaves_the_rest_undisturbed(
    live: World, caplog: pytest.LogCaptureFixture, error: Exception, line: str
) -> None:
    """Where the index cannot be written, the gaps are told all the same."""
    _approve(live)
    broken = replace(live, searcher=Searcher(live.store, _Broken(error)))
    async with Person(broken.build) as person:
        await person.receives(post_update(5, "Пост"))
        await person.receives(post_update(7, "Пост"))
        await _look(live, person)

    assert LIVE.gap[0].format(posts=6, channel="Дневник") in person.text
    assert line in caplog.text


async def test_irrelevant_status_changes_are_ignored(live: World) -> None:
    """A channel where the bot is, or was, an ordinary member concerns nobody."""
    async with Person(live.build) as person:
        await person.receives(standing_update("member"))
        await person.receives(standing_update("left", old="member"))

        assert person.events == []
