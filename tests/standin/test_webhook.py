"""A webhook: updates are brought over HTTP, with the secret, in order, until they are taken."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.standin.person import Person
from tests.standin.raw import Ask
from tests.standin.server import StandIn

URL = "https://bot.example/hook"


class Receiver(ThreadingHTTPServer):
    """A bot that takes what is brought, or refuses the first few of some texts."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.refusals: dict[str, int] = {}
        self.taken: list[str] = []
        self.seen: list[tuple[str, str | None]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Receiver
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        secret = self.headers["X-Telegram-Bot-Api-Secret-Token"]
        self.server.seen.append((self.path, secret))
        text = body["message"]["text"]
        left = self.server.refusals.get(text, 0)
        if left:
            self.server.refusals[text] = left - 1
        else:
            self.server.taken.append(text)
        self.send_response(503 if left else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name is given)
        """Keep quiet."""


@pytest.fixture
def receiver(standin: StandIn) -> Iterator[Receiver]:
    """Run a bot that the server's webhook can lead to."""
    with Receiver() as receiver:
        thread = threading.Thread(target=receiver.serve_forever, args=(0.01,))
        thread.start()
        standin.world.webhook.proxies["bot.example"] = f"127.0.0.1:{receiver.server_port}"
        yield receiver
        with standin.world.change():
            standin.world.webhook.url = ""
        receiver.shutdown()
        thread.join()


def waits_until_brought(standin: StandIn) -> None:
    """Wait until nothing is left to be brought."""
    assert standin.world.wait_for(lambda: not standin.world.updates.pending, 10)


def test_updates_are_brought_with_the_secret(
    standin: StandIn, vera: Person, ask: Ask, receiver: Receiver
) -> None:
    """What people say arrives at the address, in order, with the secret in its header."""
    ask("setWebhook", url=URL, secret_token="s" * 40, max_connections=7)

    vera.says("раз")
    vera.says("два")
    waits_until_brought(standin)

    assert receiver.taken == ["раз", "два"]
    assert receiver.seen == [("/hook", "s" * 40)] * 2
    assert ask("getWebhookInfo").result["max_connections"] == 7


def test_refused_update_is_brought_again(
    standin: StandIn, vera: Person, ask: Ask, receiver: Receiver
) -> None:
    """Until it is taken, it holds up its own chat and no other."""
    other = Person(standin, 502)
    ask("setWebhook", url=URL)
    receiver.refusals["раз"] = 2

    with standin.world.change():
        vera.says("раз")
        vera.says("два")
        other.says("три")
    waits_until_brought(standin)

    assert receiver.taken == ["три", "раз", "два"]
    told = ask("getWebhookInfo").result["last_error_message"]
    assert told == "Wrong response from the webhook: 503 Service Unavailable"


def test_address_without_a_bot_is_told(standin: StandIn, vera: Person, ask: Ask) -> None:
    """Where nobody listens, the updates stay, and are polled once the webhook is gone."""
    ask("setWebhook", url=URL, allowed_updates=["message"])
    vera.says("раз")
    hook = standin.world.webhook
    assert standin.world.wait_for(lambda: hook.last_error is not None, 10)
    unknown = ask("getWebhookInfo").result
    hook.proxies["bot.example"] = "127.0.0.1:1"
    with standin.world.change():
        hook.last_error = None
    assert standin.world.wait_for(lambda: hook.last_error is not None, 10)
    refused = ask("getWebhookInfo").result
    ask("deleteWebhook")

    assert unknown["last_error_message"].startswith("Failed to resolve host")
    assert refused["last_error_message"] == "Connection refused"
    assert refused["pending_update_count"] == 1
    assert refused["allowed_updates"] == ["message"]
    assert [update["message"]["text"] for update in ask("getUpdates").result] == ["раз"]
    assert "max_connections" not in ask("getWebhookInfo").result


def test_webhook_may_begin_anew(vera: Person, ask: Ask) -> None:
    """Setting it can throw away what waits, and other ports are refused."""
    vera.says("раз")
    port = ask("setWebhook", url="https://bot.example:8080/hook")
    ask("setWebhook", url=URL, drop_pending_updates=True)
    ask("deleteWebhook")

    assert ask("getUpdates").result == []
    assert port.refusal == (
        "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
    )
