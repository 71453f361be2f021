"""Telegram brings the updates: to a bot that listens on this machine, behind a proxy."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.conversation.conftest import owner
from tests.conversation.running import RunningBot
from tests.standin.server import StandIn

pytestmark = [pytest.mark.slow, pytest.mark.measured]


@pytest.fixture(scope="module")
def hooked(archive_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBot]:
    """Run a bot that has its updates brought; the stand-in is the proxy before it as well."""
    place = f"127.0.0.1:{_free_port()}"
    with StandIn() as standin:
        standin.world.poll.hold_repeated = False
        standin.world.webhook.proxies["bot.example"] = place
        bot = RunningBot(
            standin,
            tmp_path_factory.mktemp("hooked") / "home",
            LETOPIS_WEBHOOK_URL="https://bot.example/letopis",
            LETOPIS_WEBHOOK_LISTEN=place,
        )
        shutil.copytree(archive_home, bot.home)
        bot.start()
        yield bot
        assert bot.stop() == 0
        assert bot.leaks() == []
        assert " ERROR " not in bot.output
        assert standin.world.webhook.secret not in bot.output
        assert standin.world.webhook.url not in bot.output


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_people_are_answered(hooked: RunningBot) -> None:
    """Words and presses of several people at once arrive, and nothing is polled."""
    people = [owner(hooked) for _ in range(6)]
    earlier = len(hooked.standin.world.calls)
    for person in people:
        person.says("зелюка")
    pages = [person.waits_for() for person in people]

    people[0].presses(pages[0], "›")

    assert all("зелюка" in page.text for page in pages)
    assert "2/3" in people[0].waits_for().labels
    later = hooked.standin.world.calls[earlier:]
    assert not [call for call in later if call.method == "getupdates"]


def test_update_brought_twice_is_answered_once(hooked: RunningBot) -> None:
    """A confirmation that was lost does no harm."""
    vera = owner(hooked)
    vera.asks("зелюка")
    with hooked.standin.world.change():
        hooked.standin.world.updates.repeat_last()

    assert "куздра" in vera.asks("куздра").text
    assert sum(event.kind == "message" for event in vera.watch.sees()) == 2


def test_forged_update_is_ignored(hooked: RunningBot) -> None:
    """Requests without the path and the secret reach nothing."""
    hook = hooked.standin.world.webhook
    connection = HTTPConnection(hook.proxies["bot.example"], timeout=60)
    path = hook.url.removeprefix("https://bot.example")

    def post(to: str, secret: str) -> int:
        connection.request("POST", to, b"{}", {"X-Telegram-Bot-Api-Secret-Token": secret})
        response = connection.getresponse()
        response.read()
        return response.status

    statuses = [post(path, "x" * 43), post("/letopis", hook.secret), post(path, "")]
    connection.close()

    assert statuses == [404, 404, 404]
    assert "зелюка" in owner(hooked).asks("зелюка").text


def test_polling_takes_over_again(hooked: RunningBot) -> None:
    """Without the setting the next start polls, and the webhook is gone; nothing is lost."""
    vera = owner(hooked)
    page = vera.asks("зелюка")
    before = dict(hooked._settings)
    assert hooked.stop() == 0
    vera.presses(page, "›")

    hooked.becomes()
    hooked.start()
    by_poll, url = vera.waits_for(), hooked.standin.world.webhook.url
    assert hooked.stop() == 0
    hooked.becomes(**before)
    hooked.start()

    assert "2/3" in by_poll.labels
    assert url == ""
    assert "куздра" in vera.asks("куздра").text
    assert hooked.standin.world.webhook.url.startswith("https://bot.example/letopis/")
