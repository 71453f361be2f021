"""The running bot: real HTTP to a server on this machine, signals, conflicts, wrong tokens."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from telegram import Update

from bot.config import Webhook
from bot.runner import run_bot
from bot.transport.polling_request import PollingRequest
from bot.transport.superseded import Superseded
from db.leadership import Leadership
from model.errors import SettingsError
from tests.bot.conftest import OWNER, World
from tests.bot.sentences import posts
from tests.bot.transport.test_webhook import free_port
from tests.standin.faults import Fault
from tests.standin.person import Person
from tests.standin.server import StandIn

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:There is no current event loop:DeprecationWarning"),
]


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """Run a server for one test."""
    with StandIn() as standin:
        standin.world.poll.hold_repeated = False
        yield standin


class Running:
    """The bot, run in this thread while a person's side is carried out in another."""

    def __init__(self, world: World, standin: StandIn) -> None:
        self._world = world
        self.leadership: Leadership = world.bot_store.leadership()
        self.config = replace(
            world.config,
            token=standin.token,
            api_base_url=standin.url,
            poll_timeout=timedelta(seconds=1),
        )

    def __call__(
        self,
        side: Callable[[], object],
        *,
        end: signal.Signals = signal.SIGTERM,
        kill: bool = True,
    ) -> None:
        """Run the bot until the other side is done and the signal has come."""
        ended = threading.Event()
        failures: list[Exception] = []

        def carry_out() -> None:
            try:
                side()
            except Exception as exc:  # noqa: BLE001  # it is raised again in the main thread
                failures.append(exc)
            while kill and not ended.is_set():
                os.kill(os.getpid(), end)
                ended.wait(100)  # a second signal would end the tests

        # A signal that comes too early must not end the tests.
        before = signal.signal(end, lambda *_: None)
        person = threading.Thread(target=carry_out)
        person.start()
        try:
            world = self._world
            run_bot(
                self.config,
                searcher=world.searcher,
                store=world.store,
                bot_store=world.bot_store,
                workers=world.workers,
                leadership=self.leadership,
                on_wait=lambda: None,
            )
        finally:
            ended.set()
            person.join()
            signal.signal(end, before)
        if failures:
            raise failures[0]


@pytest.fixture
def running(world: World, standin: StandIn) -> Running:
    """Return the bot, ready to run against the server."""
    return Running(world, standin)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_bot_answers_until_a_signal_ends_it(
    standin: StandIn, running: Running, end: signal.Signals
) -> None:
    """The bot answers over HTTP, and a signal lets it return; what it read is on record."""
    owner = Person(standin, OWNER)
    seen: list[str] = []

    running(lambda: seen.append(owner.asks("телескоп").text), end=end)

    assert seen[0].startswith(f"🔎 телескоп — {posts(1)}")
    assert not standin.world.updates.pending


@pytest.mark.parametrize(
    "token", ["1:wrong", "", "99999999:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"], ids=repr
)
def test_wrong_token_is_one_sentence(
    standin: StandIn, running: Running, caplog: pytest.LogCaptureFixture, token: str
) -> None:
    """A token that Telegram does not know ends the bot with a sentence that does not show it."""
    running.config = replace(running.config, token=token)

    with pytest.raises(SettingsError, match="unknown_token") as caught:
        running(lambda: None, kill=False)

    assert caught.value.exit_code == 2
    assert not caplog.records or "Traceback" not in caplog.text
    assert not token or token not in str(caught.value) + caplog.text


def test_withdrawn_token_ends_the_bot(
    standin: StandIn, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """A token that is withdrawn while the bot runs ends it with the same sentence."""
    owner = Person(standin, OWNER)

    def side() -> None:
        owner.asks("телескоп")
        refusal = Fault(kind="refuse", method="getUpdates", code=401, text="Unauthorized")
        standin.world.faults.schedule(refusal)

    with pytest.raises(SettingsError, match="unknown_token"):
        running(side, kill=False)

    assert "Traceback" not in caplog.text


def test_second_poller_is_named_and_waited_for(
    standin: StandIn, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """While another program takes the messages, one sentence says so; then the bot answers."""
    owner = Person(standin, OWNER)
    standin.world.faults.schedule(
        Fault(
            kind="refuse",
            method="getUpdates",
            code=409,
            text="Conflict: terminated by other getUpdates request; make sure that only one bot "
            "instance is running",
        )
    )

    running(lambda: owner.asks("телескоп"))

    said = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
    assert len(said) == 1
    assert said[0].startswith("Another program receives this bot's messages")


async def test_updates_that_arrive_too_late_are_left_to_the_next_bot(standin: StandIn) -> None:
    """They are not confirmed; and no bot that leads no longer asks for more."""
    Person(standin, OWNER).says("телескоп")
    leads = iter([True, False, False])
    kept: list[Update] = []
    request = PollingRequest(
        read_timeout=5,
        on_refusal=lambda: None,
        keep=kept.append,
        is_leading=lambda: next(leads),
    )
    poll = {"url": f"{standin.url}/bot{standin.token}/getUpdates", "method": "POST"}

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await request.do_request(**poll)
    with pytest.raises(Superseded):
        await request.do_request(**poll)

    assert kept == []
    assert standin.world.updates.pending
    await request.shutdown()


def test_unreadable_update_is_passed_over(
    standin: StandIn, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """A stranger's poll, as an older server tells it, keeps nobody else from being answered."""
    owner = Person(standin, OWNER)
    chat = {"id": 99, "type": "private"}
    poll = {"message_id": 1, "date": 0, "chat": chat, "poll": {"id": "1", "question": "private"}}
    endless = {"message_id": 1, "date": 253402300800, "chat": chat, "text": "private"}

    def side() -> None:
        with standin.world.change():
            standin.world.updates.push("message", poll)
            standin.world.updates.push("message", endless)
        owner.asks("телескоп")

    running(side)

    said = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
    assert [re.sub(r"\d+", "N", each) for each in said] == [
        "update N (message) was passed over: TypeError",
        "update N (message) was passed over: ValueError",
    ]
    assert not standin.world.updates.pending


def test_start_waits_for_telegram(
    standin: StandIn, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """While Telegram is out of reach one sentence says so; then the bot answers."""
    owner = Person(standin, OWNER)
    down = standin.world.faults.schedule(Fault(kind="gateway", method="getMe", times=2))

    running(lambda: owner.asks("телескоп", timeout=60))

    said = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
    assert down.met == 2
    assert said == ["Telegram cannot be reached (Bad Gateway (502)). Trying until it can."]


def test_signal_ends_the_wait_for_telegram(standin: StandIn, running: Running) -> None:
    """A bot that has not begun yet ends as well as one that has."""
    down = standin.world.faults.schedule(Fault(kind="gateway", method="getMe", times=1000))

    running(lambda: standin.world.wait_for(lambda: down.met > 0, 60))

    assert {call.method for call in standin.world.calls} == {"getme"}


def test_webhook_takes_the_place_of_polls(standin: StandIn, running: Running) -> None:
    """With an address of its own the bot has its updates brought, and asks for none."""
    owner = Person(standin, OWNER)
    port = free_port()
    standin.world.webhook.proxies["bot.example"] = f"127.0.0.1:{port}"
    webhook = Webhook(url="https://bot.example", secret="s" * 40, port=port)
    running.config = replace(running.config, webhook=webhook)

    running(lambda: owner.asks("телескоп"))

    assert not [call for call in standin.world.calls if call.method == "getupdates"]


def test_token_is_in_no_log(
    standin: StandIn, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """Even at DEBUG, and even when something fails, neither token nor query is written."""
    owner = Person(standin, OWNER)
    standin.world.faults.schedule(
        Fault(kind="refuse", method="sendMessage", text="Bad Request: something new")
    )
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    try:
        with caplog.at_level(logging.DEBUG):
            running(lambda: owner.asks("телескоп"))
    finally:
        logging.getLogger().removeHandler(handler)

    assert "error " in stream.getvalue()
    assert "Traceback" in stream.getvalue()
    assert "телескоп" not in stream.getvalue()
    assert standin.token not in stream.getvalue()
    assert standin.token.split(":")[1] not in stream.getvalue()
