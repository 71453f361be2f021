"""The webhook's front, byte by byte, and the watch over the webhook."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Self

import pytest

from bot.application import build_application
from bot.config import Webhook
from bot.transport.app import App
from bot.transport.webhook import WebhookSource
from bot.transport.webhook_server import WebhookServer
from model.errors import SettingsError
from tests.bot.conftest import OWNER, World
from tests.standin.faults import Fault
from tests.standin.person import Person
from tests.standin.raw import asker
from tests.standin.server import StandIn

SECRET = "s" * 40
HEAD = f"POST /hook HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"


def free_port() -> int:
    """Return a port at which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def taking(taken: list[bytes]) -> Callable[[bytes], Awaitable[None]]:
    """Return what takes updates into a list."""

    async def take(body: bytes) -> None:
        taken.append(body)

    return take


@asynccontextmanager
async def connected(taken: list[bytes]) -> AsyncIterator[tuple[asyncio.StreamReader, object]]:
    """Open a front and a connection to it, which is left open in the end."""
    port = free_port()
    front = WebhookServer(path="/hook", secret=SECRET, take=taking(taken))
    await front.open("127.0.0.1", port)
    locale, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield locale, writer
    finally:
        await front.close()
        writer.close()


async def say(*requests: str) -> tuple[list[bytes], list[bytes]]:
    """Send requests over one connection; return the lines of the answers, and what was taken."""
    taken: list[bytes] = []
    async with connected(taken) as (locale, writer):
        assert isinstance(writer, asyncio.StreamWriter)
        for request in requests:
            writer.write(request.encode())
        answers = [await locale.readuntil(b"\r\n\r\n") for _ in requests]
    return [answer.partition(b"\r\n")[0] for answer in answers], taken


async def test_update_is_taken_however_it_is_written() -> None:
    """With a length, in chunks, after a question: one connection carries them all."""
    answers, taken = await say(
        HEAD + "Content-Length: 2\r\n\r\n{}",
        HEAD + "Transfer-Encoding: chunked\r\n\r\n1\r\n[\r\n1\r\n]\r\n0\r\n\r\n",
        HEAD.replace("/hook", "/behind/a/proxy/hook?x=1") + "Content-Length: 1\r\n\r\n1",
    )

    assert answers == [b"HTTP/1.1 200 OK"] * 3
    assert taken == [b"{}", b"[]", b"1"]


async def test_expect_continue_is_answered() -> None:
    """A sender that waits for permission to send the body gets it, if authorised."""
    taken: list[bytes] = []
    async with connected(taken) as (locale, writer):
        assert isinstance(writer, asyncio.StreamWriter)
        writer.write(f"{HEAD}Content-Length: 2\r\nExpect: 100-continue\r\n\r\n".encode())
        first = await locale.readuntil(b"\r\n\r\n")
        writer.write(b"{}")
        second = await locale.readuntil(b"\r\n\r\n")

    assert first.startswith(b"HTTP/1.1 100 ")
    assert second.startswith(b"HTTP/1.1 200 ")
    assert taken == [b"{}"]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (HEAD.replace("/hook", "/hooks") + "Content-Length: 2\r\n\r\n{}", b"404 Not Found"),
        (HEAD.replace("sss", "ssS") + "Content-Length: 2\r\n\r\n{}", b"404 Not Found"),
        ("POST /hook HTTP/1.1\r\nHost: x\r\n\r\n", b"404 Not Found"),
        (HEAD.replace("POST", "GET") + "\r\n", b"405 Method Not Allowed"),
        (HEAD.replace("POST /hook", "GET /") + "\r\n", b"404 Not Found"),
        (HEAD + f"Content-Length: {2 << 20}\r\n\r\n" + "x" * (2 << 20), b"400 "),
    ],
    ids=["another path", "another secret", "no secret", "no post", "no post elsewhere", "too long"],
)
async def test_what_is_no_update_is_not_taken(request_: str, status: bytes) -> None:
    """Nothing of it reaches the bot."""
    answers, taken = await say(request_)

    assert taken == []
    assert [answer.removeprefix(b"HTTP/1.1 ")[: len(status)] for answer in answers] == [status]


async def test_refusal_leaves_the_connection_to_others() -> None:
    """A proxy's connection carries on after a stranger's request, whose body it has passed on."""
    forged = HEAD.replace("sss", "ssS") + "Content-Length: 2\r\n\r\n{}"
    answers, taken = await say(forged, forged, HEAD + "Content-Length: 2\r\n\r\n{}")

    assert answers == [b"HTTP/1.1 404 Not Found"] * 2 + [b"HTTP/1.1 200 OK"]
    assert taken == [b"{}"]


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        (b"", []),
        (b"\x16\x03\x01 no HTTP\r\n\r\n", [b"HTTP/1.1 400 Bad Request"]),
        (HEAD.encode() + b"Content-Length: 9\r\n\r\n{", []),
        (b"GET", []),
    ],
    ids=["nothing", "another protocol", "half a body", "half a head"],
)
async def test_broken_connection_is_survived(sent: bytes, answered: list[bytes]) -> None:
    """A connection that says nothing sensible is closed, and nothing is taken of it."""
    taken: list[bytes] = []
    async with connected(taken) as (locale, writer):
        assert isinstance(writer, asyncio.StreamWriter)
        writer.write(sent)
        if not answered:
            writer.write_eof()
        answer = await locale.read()

    assert (answer.split(b"\r\n")[:-2], taken) == (answered, [])


async def test_wrong_secret_is_neither_answered_nor_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Who guesses learns nothing of who listens, and the log nothing of what was guessed."""
    taken: list[bytes] = []
    with caplog.at_level(logging.DEBUG):
        async with connected(taken) as (locale, writer):
            assert isinstance(writer, asyncio.StreamWriter)
            head = HEAD.replace("sss", "ssS").replace("/hook", "/hooK")
            writer.write(f"{head}Content-Length: 2\r\n\r\n{{}}".encode())
            answer = await locale.readuntil(b"\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 404 Not Found\r\n")
    assert b"Server" not in answer
    assert "ssS" not in caplog.text
    assert "hooK" not in caplog.text


async def test_idle_connections_block_nobody() -> None:
    """With a hundred silent and a hundred slow connections, updates still arrive at once."""
    taken: list[bytes] = []
    port = free_port()
    front = WebhookServer(path="/hook", secret=SECRET, take=taking(taken))
    await front.open("127.0.0.1", port)
    crowd = [await asyncio.open_connection("127.0.0.1", port) for _ in range(200)]
    try:
        for _, slow in crowd[100:]:
            slow.write(HEAD.encode())
        for number in range(3):
            locale, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"{HEAD}Content-Length: 1\r\n\r\n{number}".encode())
            async with asyncio.timeout(5):
                assert await locale.readline() == b"HTTP/1.1 200 OK\r\n"
            crowd.append((locale, writer))
        async with asyncio.timeout(5):
            assert await crowd[0][0].read() == b""
    finally:
        await front.close()
        for _, writer in crowd:
            writer.close()

    assert taken == [b"0", b"1", b"2"]


# A connection that it is accepting as it closes, asyncio leaves to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("steps", range(6))
async def test_nothing_is_taken_after_the_end(steps: int) -> None:
    """What arrives as the front is being closed is taken before that, or brought again."""
    taken: list[bytes] = []
    port = free_port()
    front = WebhookServer(path="/hook", secret=SECRET, take=taking(taken))
    await front.open("127.0.0.1", port)
    with socket.create_connection(("127.0.0.1", port)) as sender:
        sender.sendall(f"{HEAD}Content-Length: 2\r\n\r\n{{}}".encode())
        await go_on(steps)
        await front.close()
        before = list(taken)
        await go_on(50)
    gc.collect()

    assert taken == before


async def go_on(steps: int) -> None:
    """Let everybody else take so many steps."""
    for _ in range(steps):
        await asyncio.sleep(0)


class Hooked:
    """A bot whose updates are brought by a stand-in."""

    def __init__(self, world: World, standin: StandIn) -> None:
        self.standin = standin
        self.refusals = 0
        self.is_leading = True
        port = free_port()
        standin.world.webhook.proxies["bot.example"] = f"127.0.0.1:{port}"
        self.webhook = Webhook(url="https://bot.example", secret=SECRET, port=port)
        self.application: App = build_application(
            replace(world.config, token=standin.token, api_base_url=standin.url),
            searcher=world.searcher,
            store=world.store,
            bot_store=world.bot_store,
            workers=world.workers,
        )
        self.hook = WebhookSource(
            self.webhook,
            on_refusal=self._refuse,
            keep=lambda _: None,
            is_leading=lambda: self.is_leading,
            period=timedelta(milliseconds=20),
        )

    def _refuse(self) -> None:
        self.refusals += 1

    async def __aenter__(self) -> Self:
        await self.application.initialize()
        await self.application.start()
        await self.hook.open(self.application)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.hook.close(self.application)
        await self.application.stop()
        await self.application.shutdown()

    async def until(self, holds: object) -> None:
        """Wait until something holds in the stand-in's world."""
        assert callable(holds)
        wait = self.standin.world.wait_for
        assert await asyncio.to_thread(lambda: wait(holds, 60))


async def test_webhook_that_was_taken_away_is_set_anew(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Where another program polls, one sentence says so, and the bot is heard again."""
    with StandIn() as standin:
        person = Person(standin, OWNER)
        async with Hooked(world, standin) as hooked:
            await asyncio.to_thread(asker(standin), "deleteWebhook")
            await hooked.until(lambda: standin.world.webhook.url)
            answer = await asyncio.to_thread(person.asks, "телескоп")

    assert answer.text.startswith("🔎 телескоп")
    assert "Another program has taken this bot's messages over" in caplog.text
    assert SECRET not in caplog.text


async def test_update_is_left_to_the_bot_that_took_over(world: World) -> None:
    """Telegram brings it again, and by then to the other one."""
    with StandIn() as standin:
        person = Person(standin, OWNER)
        async with Hooked(world, standin) as hooked:
            hooked.is_leading = False
            await asyncio.to_thread(person.says, "телескоп")
            await hooked.until(lambda: standin.world.webhook.last_error)
            assert standin.world.updates.pending
            hooked.is_leading = True
            answer = await asyncio.to_thread(person.waits_for)

    assert answer.text.startswith("🔎 телескоп")


async def test_webhook_that_is_well_is_left_alone(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """To look after it is not to set it."""
    with StandIn() as standin:
        async with Hooked(world, standin) as hooked:
            called = [call.method for call in standin.world.calls]

            def looked() -> bool:
                called[:] = [call.method for call in standin.world.calls]
                return called.count("getwebhookinfo") > 3

            await hooked.until(looked)

    assert called.count("setwebhook") == 1
    assert not caplog.records


async def test_trouble_with_the_webhook_is_noted(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """What Telegram says of its attempts is in the log; so is a look that fails."""
    with StandIn() as standin:
        async with Hooked(world, standin) as hooked:
            standin.world.webhook.last_error = (1, "Connection refused")
            fault = standin.world.faults.schedule(Fault(kind="gateway", method="getWebhookInfo"))
            await hooked.until(lambda: fault.met)
            calls = standin.world.calls
            looks = len(calls)
            await hooked.until(lambda: len(calls) > looks + 2)

    assert "Telegram could not deliver: Connection refused" in caplog.text
    assert "the webhook could not be checked: NetworkError('Bad Gateway" in caplog.text


async def test_update_that_cannot_be_read_is_confirmed(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Brought again it would be no better, and would hold up the others."""
    chat = {"id": 99, "type": "private"}
    poll = {"message_id": 1, "date": 0, "chat": chat, "poll": {"id": "1", "question": "private"}}
    with StandIn() as standin:
        person = Person(standin, OWNER)
        async with Hooked(world, standin) as hooked:
            head = HEAD.replace("/hook", hooked.webhook.path)
            locale, writer = await asyncio.open_connection("127.0.0.1", hooked.webhook.port)
            writer.write(f"{head}Content-Length: 2\r\n\r\n{{}}".encode())
            assert await locale.readline() == b"HTTP/1.1 200 OK\r\n"
            writer.close()
            with standin.world.change():
                standin.world.updates.push("message", poll)
            answer = await asyncio.to_thread(person.asks, "телескоп")
            pending = list(standin.world.updates.pending)

    assert answer.text.startswith("🔎 телескоп")
    assert not pending
    first, second = caplog.messages
    assert first == "an update without a number was passed over"
    assert "(message) was passed over: TypeError" in second


async def test_withdrawn_token_is_noticed(world: World) -> None:
    """A bot to whom nothing is brought any more learns why."""
    with StandIn() as standin:
        async with Hooked(world, standin) as hooked:
            refusal = Fault(kind="refuse", method="getWebhookInfo", code=401, text="Unauthorized")
            standin.world.faults.schedule(refusal)
            await hooked.until(lambda: refusal.met)
            await hooked.until(lambda: hooked.refusals)

    assert hooked.refusals == 1


async def test_used_port_is_reported(world: World) -> None:
    """If another program is listening there, the message names the setting."""
    with StandIn() as standin, socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        hooked = Hooked(world, standin)
        taken = replace(hooked.webhook, port=other.getsockname()[1])
        hook = WebhookSource(
            taken, on_refusal=lambda: None, keep=lambda _: None, is_leading=lambda: True
        )
        await hooked.application.initialize()
        with pytest.raises(SettingsError, match="not_listening"):
            await hook.open(hooked.application)
        await hook.close(hooked.application)
        await hooked.application.shutdown()


@pytest.mark.parametrize("steps", range(6))
async def test_shutdown_during_startup_stops_listening(world: World, steps: int) -> None:
    """If asked to end before or while it starts listening, the bot frees the port."""
    with StandIn() as standin:
        hooked = Hooked(world, standin)
        opening = asyncio.create_task(hooked.hook.open(hooked.application))
        await go_on(steps)
        opening.cancel()
        await asyncio.wait([opening])
        await hooked.hook.close(hooked.application)

        with socket.socket() as sender:
            assert sender.connect_ex(("127.0.0.1", hooked.webhook.port)) != 0


async def test_address_that_telegram_refuses_is_told(world: World) -> None:
    """Where Telegram cannot use the address, the sentence says why and names the setting."""
    with StandIn() as standin:
        hooked = Hooked(world, standin)
        refusal = Fault(kind="refuse", method="setWebhook", text="bad webhook: no such host")
        standin.world.faults.schedule(refusal)
        with pytest.raises(SettingsError, match=r"(?i)webhook_refused .*no such host"):
            await hooked.__aenter__()
        await hooked.__aexit__()


async def test_webhook_that_cannot_be_set_is_tried_again(world: World) -> None:
    """A second attempt finds the front listening already."""
    with StandIn() as standin:
        hooked = Hooked(world, standin)
        fault = standin.world.faults.schedule(Fault(kind="gateway", method="setWebhook"))
        with pytest.raises(Exception, match="Bad Gateway"):
            await hooked.__aenter__()
        await hooked.hook.open(hooked.application)
        url = standin.world.webhook.url
        await hooked.__aexit__()

    assert (fault.met, url) == (1, hooked.webhook.address)
