"""Alerts are sent once, despite refusals, restarts, and people who have left."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram.error import NetworkError, TimedOut

from bot.access.gate import Gate
from bot.alerts.dispatch import AlertSender
from bot.alerts.loop import AlertLoop
from bot.alerts.matching import record_matches
from bot.config import Access
from bot.indexing.updater import IndexUpdater
from model.errors import LetopisError
from model.messages import Code
from search import Searcher
from tests.bot.alerts.following import Teller, everybody, follow, post, refusal
from tests.bot.channel import written
from tests.bot.conftest import OWNER, World
from tests.bot.person import Person
from tests.bot.sentences import RUSSIAN

pytestmark = [
    pytest.mark.slow,
    pytest.mark.asyncio,
    # The library announces what it will make of `retry_after`.
    pytest.mark.filterwarnings("ignore:Deprecated since version v22.2"),
]

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


async def test_too_many_requests_are_waited_for(own: World) -> None:
    """Refused as too fast, an alert goes out after the time that Telegram asks for, once."""
    follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        person.server.prescribe("sendMessage", refusal(429, "Too Many", retry_after=30))
        assert len(await teller.tells(rounds=20)) == 1  # refused
        assert await teller.tells() == []
        teller.seconds.now += 30

        assert len(await teller.tells()) == 1
        assert await teller.tells() == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (403, "Forbidden: bot can't initiate conversation with a user"),
        (400, "Bad Request: chat not found"),
    ],
)
async def test_saved_searches_of_lost_people_end(own: World, code: int, words: str) -> None:
    """People who blocked the bot or left Telegram are not written to again."""
    follow(own)
    follow(own, "лошадки")
    own.bot_store.alert_settings.choose_digest(OWNER, own.clock())
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        person.server.prescribe("sendMessage", refusal(code, words))
        await teller.tells()
        post(own, written(3, "Карусель"))

        assert await teller.tells(after=10 * _DAY) == []
    assert own.bot_store.saved.of_person(OWNER) == ()


async def test_message_that_is_refused_is_not_tried_again(
    own: World, caplog: pytest.LogCaptureFixture
) -> None:
    """What Telegram does not take is noted, and the next post is told."""
    follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        person.server.prescribe("sendMessage", refusal(400, "Bad Request: BUTTON_URL_INVALID"))
        await teller.tells()
        assert await teller.tells() == []
        post(own, written(3, "Карусель"))

        assert len(await teller.tells()) == 1
    assert "was refused" in caplog.text


async def test_lost_answer_is_no_second_alert(own: World) -> None:
    """Where it is not known whether an alert went out, it is not sent again; the next waits."""
    follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"), written(3, "Карусель"))
        person.server.prescribe("sendMessage", TimedOut())
        assert len(await teller.tells()) == 1
        teller.seconds.now += 10
        person.server.prescribe("getMe", NetworkError("no way"))
        assert await teller.tells() == []
        (told,) = await teller.tells()

    assert "zametki/3" in told


async def test_alert_that_never_left_is_sent_again(own: World) -> None:
    """Where Telegram was not even reached, nothing is lost."""
    follow(own)
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        error = NetworkError("httpx.ConnectError")
        error.__cause__ = httpx.ConnectError("refused")
        person.server.prescribe("sendMessage", error)
        await teller.tells()
        teller.seconds.now += 10

        assert len(await teller.tells()) == 1


async def test_restart_tells_what_is_left_and_nothing_twice(own: World) -> None:
    """Found before a restart and told after it; taken before a kill and never told."""
    key = follow(own)
    async with Person(own.build) as person:
        post(own, written(2, "Карусель 2"), written(3, "Карусель 3"))
        await Teller(own, person).tells(rounds=1)
        own.bot_store.alerts.claim([key], post_id=3)
        post(own, written(4, "Карусель 4"))
        await person.application.bot_data[IndexUpdater].run_once(person.application)
    async with Person(own.build) as person:
        told = await Teller(own, person).tells()

    assert ["zametki/4" in text for text in told] == [True]


@pytest.mark.parametrize("access", [Access.OWNERS, Access.MEMBERS, Access.PUBLIC])
async def test_people_without_access_get_no_alerts(own: World, access: Access) -> None:
    """A person whose access was revoked gets no alerts until it is given again."""
    own.config = replace(own.config, access=access, members_of="@zametki")
    people, now = own.bot_store.people, own.clock()
    people.ask(99, name="S", spoken="ru", target=0, now=now, rested_since=now)
    async with Person(own.build) as owner:
        follow(own, user_id=99)
        await owner.sends_data_anywhere("1|qy||99")
        services = owner.application.bot_data[IndexUpdater].services
        gate = Gate(services, updates_after=lambda _update: ())
        teller = Teller(own, owner, has_access=gate.has_access)
        await owner.sends_data_anywhere("1|qx||99")
        post(own, written(2, "Карусель"))
        assert await teller.tells() == []
        await owner.sends_data_anywhere("1|qm||99")

        assert len(await teller.tells()) == 1


async def test_saved_searches_restart_on_another_archive(own: World) -> None:
    """Where the archive was put back from a copy, what it holds is no news."""
    key = follow(own)
    with_seq = own.store.last_seq() + 100
    own.bot_store.saved.restart(key, archive_id=own.store.archive_id, seq=with_seq, known=())
    async with Person(own.build) as person:
        teller = Teller(own, person)
        post(own, written(2, "Карусель"))
        assert await teller.tells() == []
        post(own, written(3, "Карусель"))

        assert len(await teller.tells()) == 1


async def test_post_that_is_gone_is_not_told(own: World) -> None:
    """A post that the archive no longer holds is passed over."""
    key = follow(own)
    async with Person(own.build) as person:
        own.bot_store.alerts.note({key: [(999, 5)]}, upto=1, now=own.clock())

        assert await Teller(own, person).tells() == []
    assert own.bot_store.alerts.waiting() == ()


class _Deleting(AlertSender):
    """Decides on what is deleted before it can be taken."""

    def _next_step(self, *given: Any) -> Any:
        step = super()._next_step(*given)
        self._services.bot_store.saved.delete_of_person(OWNER)
        return step


async def test_search_deleted_in_the_last_moment_is_not_told(own: World) -> None:
    """Between the decision and the message a person may unsubscribe."""
    follow(own)
    async with Person(own.build) as person:
        post(own, written(2, "Карусель"))
        teller = Teller(own, person)
        teller.sender = _Deleting(person.application.bot_data[IndexUpdater].services, everybody)

        assert await teller.tells() == []


async def test_unindexed_changes_are_matched_later(own: World) -> None:
    """A post that changed again is matched once the index has caught up."""
    follow(own)
    async with Person(own.build) as person:
        services = person.application.bot_data[IndexUpdater].services
        post(own, written(2, "Карусель"))
        before = own.store.last_seq()
        own.clock.passes(_HOUR)
        post(own, written(2, "Карусель и лошадки"))

        assert not record_matches(services, upto=before).is_found
        assert record_matches(services, upto=own.store.last_seq()).is_found


async def test_matching_resumes_after_shutdown(own: World) -> None:
    """Matching stops at shutdown and records how far it came."""
    follow(own)
    async with Person(own.build) as person:
        services = person.application.bot_data[IndexUpdater].services
        before = own.store.last_seq()
        post(own, written(2, "Карусель"))

        look = record_matches(services, upto=own.store.last_seq(), should_continue=lambda: False)

        assert (look.upto, look.is_found) == (before, False)
        assert len(await Teller(own, person).tells()) == 1


class _Shut(Searcher):
    """A search that cannot be used for a while."""

    def __init__(self, inner: Searcher, error: Exception) -> None:
        self.__dict__.update(inner.__dict__)
        self.error: Exception | None = error

    def hits(self, *given: Any) -> Any:
        if self.error:
            raise self.error
        return super().hits(*given)


@pytest.mark.parametrize("error", [LetopisError(Code.BUSY), TimeoutError()])
async def test_alerts_wait_for_a_broken_index(own: World, error: Exception) -> None:
    """While the index is unavailable, matches keep waiting."""
    follow(own)
    shut = _Shut(own.searcher, error)
    broken = replace(own, searcher=shut)
    async with Person(broken.build) as person:
        post(own, written(2, "Карусель"))
        teller = Teller(broken, person)
        assert await teller.tells(rounds=2) == []
        shut.error = None

        assert len(await teller.tells()) == 1


# The courier goes round by itself


async def test_alert_comes_by_itself(own: World) -> None:
    """A live post is told within moments, without anybody asking."""
    follow(own)
    async with Person(own.build) as person:
        post(own, written(2, "Карусель"))
        person.application.bot_data[IndexUpdater].wake()
        async with asyncio.timeout(60):
            while not any(name == "sendMessage" for name, _ in person.server.calls):  # noqa: ASYNC110  # the server tells nobody
                await asyncio.sleep(0.05)
        person.sees_what_came()

        assert RUSSIAN.following.alert_new in person.text


class _Failing(AlertSender):
    """A round that fails."""

    def __init__(self, world: World, person: Person, *errors: Exception) -> None:
        super().__init__(person.application.bot_data[IndexUpdater].services, everybody)
        self.errors = list(errors)

    async def send_due(self, bot: Any) -> bool:
        if self.errors:
            raise self.errors.pop(0)
        return await super().send_due(bot)


async def test_failure_does_not_end_the_rounds(
    own: World, caplog: pytest.LogCaptureFixture
) -> None:
    """What goes wrong in one round is noted, and the next one comes."""
    async with Person(own.build) as person:
        failing = _Failing(own, person, LetopisError(Code.BUSY), RuntimeError("a bug"))
        alert_loop = AlertLoop(failing)
        alert_loop.start(person.application)
        async with asyncio.timeout(60):
            while failing.errors:
                alert_loop.wake()
                await asyncio.sleep(0.02)
        await alert_loop.stop()

    assert "told later: busy" in caplog.text
    assert "a bug" in caplog.text


class _Hanging(AlertSender):
    """A round that does not end."""

    def __init__(self, world: World, person: Person) -> None:
        super().__init__(person.application.bot_data[IndexUpdater].services, everybody)
        self.begun = asyncio.Event()

    async def send_due(self, bot: Any) -> bool:
        self.begun.set()
        await asyncio.sleep(3600)
        return False


async def test_end_does_not_wait_for_ever(own: World) -> None:
    """A message that never gets through does not keep the bot from ending."""
    async with Person(own.build) as person:
        hanging = _Hanging(own, person)
        alert_loop = AlertLoop(hanging, grace=0.01)
        alert_loop.start(person.application)
        alert_loop.wake()
        async with asyncio.timeout(60):
            await hanging.begun.wait()
            await alert_loop.stop()


async def test_nothing_is_begun_at_the_end(own: World) -> None:
    """A bot that is to end leaves what waits to its next start."""
    follow(own)
    async with Person(own.build) as person:
        post(own, written(2, "Карусель"))
        teller = Teller(own, person)
        teller.sender.end()

        assert await teller.tells(rounds=2) == []
    assert own.bot_store.alerts.waiting() != ()
