"""The process starts, stops, and starts again."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db import open_archive
from db.bot_store import open_bot_store
from tests.conversation.conftest import owner
from tests.conversation.running import RunningBot, command, environment
from tests.standin.faults import Fault
from tests.standin.person import Person
from tests.standin.raw import asker
from tests.standin.server import StandIn
from tests.standin.world import BOT

pytestmark = pytest.mark.slow

SOON = 60.0


def test_restart_loses_nothing(own_bot: RunningBot) -> None:
    """Buttons from before a restart work after it, and what was said meanwhile is answered."""
    vera, anna = owner(own_bot), owner(own_bot)
    page = vera.asks("зелюка")

    assert own_bot.stop() == 0
    vera.presses(page, "›")
    anna.says("куздра")
    own_bot.start()

    assert "2/3" in vera.waits_for().labels
    assert "куздра" in anna.waits_for().text


def test_power_cut_loses_nothing(own_bot: RunningBot) -> None:
    """Killed without warning, the bot comes back and knows its messages."""
    vera = owner(own_bot)
    page = vera.asks("зелюка")

    own_bot.kill()
    vera.presses(page, "›")
    own_bot.start()

    assert "2/3" in vera.waits_for().labels


def test_expired_message_offers_the_search_again(bot: RunningBot, vera: Person) -> None:
    """Where a session is gone, one press says so and the next one searches again."""
    page = vera.asks("зелюка")
    with open_bot_store(bot.home / "bot.db") as bot_store:
        bot_store.drop_sessions(before=datetime(2100, 1, 1, tzinfo=UTC))

    answer = vera.waits_for_answer(vera.presses(page, "›"))
    expired = vera.waits_for()
    vera.presses(expired, "🔄")
    again = vera.waits_for()

    assert (answer["alert"], "устарела" in answer["text"]) == (True, True)
    assert len(expired.labels) == 1
    assert (again.message_id, again.text) == (page.message_id, page.text)


@pytest.mark.measured
@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGTERM, id="SIGTERM"),
        pytest.param(signal.SIGINT, id="SIGINT"),
    ],
)
def test_signal_ends_the_bot(own_bot: RunningBot, number: int) -> None:
    """Asked to end in the middle of its work, the bot ends soon, in order and without a trace."""
    own_bot.standin.world.poll.hold_repeated = True
    people = [owner(own_bot) for _ in range(20)]
    slow = own_bot.standin.world.faults.schedule(
        Fault(kind="delay", method="sendMessage", seconds=0.5)
    )
    for person in people:
        person.says("зелюка")
    own_bot.waits_until(lambda: slow.met, "begin to answer")

    started = time.monotonic()
    own_bot.signal(number)
    code = own_bot.ends()

    assert (code, time.monotonic() - started < SOON) == (0, True)
    assert own_bot.notices == []
    left = {update.payload["from"]["id"] for update in own_bot.standin.world.updates.pending}
    answered = [person for person in people if person.watch.sees()]
    assert answered
    assert all(person in answered or person.user.user_id in left for person in people)


@pytest.mark.measured
def test_second_signal_ends_the_bot_at_once(archive_home: Path, tmp_path: Path) -> None:
    """Whoever cannot wait for the answers under way says so by a second signal."""
    with StandIn() as standin:
        bot = RunningBot(standin, tmp_path / "home")
        shutil.copytree(archive_home, bot.home)
        bot.start()
        slow = standin.world.faults.schedule(
            Fault(kind="delay", method="sendMessage", seconds=2 * SOON)
        )
        owner(bot).says("зелюка")
        bot.waits_until(lambda: slow.met, "begin to answer")
        bot.signal()
        bot.waits_until(lambda: "Application is stopping" in bot.output, "begin to end")

        bot.signal()

        assert bot.ends(timeout=SOON) == -signal.SIGTERM
        assert bot.leaks() == []


@pytest.mark.measured
def test_signal_ends_the_bot_while_the_server_is_silent(own_bot: RunningBot) -> None:
    """A server that no longer answers does not keep the bot from ending."""
    world = own_bot.standin.world
    world.faults.schedule(Fault(kind="delay", method="getUpdates", seconds=2 * SOON))

    started = time.monotonic()
    own_bot.signal()
    code = own_bot.ends(timeout=3 * SOON)

    assert (code, time.monotonic() - started < SOON) == (0, True)
    assert "Traceback" not in own_bot.output


@pytest.mark.measured
def test_withdrawn_token_ends_the_bot(tmp_path: Path) -> None:
    """A bot whose token was withdrawn while it ran says so and ends."""
    with StandIn() as standin:
        bot = RunningBot(standin, tmp_path / "home")
        bot.start()
        standin.token = f"{BOT.user_id}:{'B' * 35}"
        asker(standin)("getUpdates", offset=-1)

        code = bot.ends()

        assert code == 2
        assert "Traceback" not in bot.output
        assert "Telegram does not know this bot token" in bot.output.splitlines()[-1]
        assert bot.leaks() == []


@pytest.mark.measured
def test_startup_survives_obstacles(tmp_path: Path) -> None:
    """A server that is down is waited for, and a leftover webhook is removed."""
    with StandIn() as standin:
        asker(standin)("setWebhook", url="https://bot.example/hook")
        fault = standin.world.faults.schedule(Fault(kind="gateway", method="getMe"))
        standin.world.poll.hold_repeated = False
        bot = RunningBot(standin, tmp_path / "home")
        bot.start()

        assert (fault.met, standin.world.webhook.url, bot.stop()) == (1, "", 0)
        assert "Traceback" not in bot.output
        assert bot.leaks() == []


@pytest.mark.measured
@pytest.mark.parametrize(
    ("settings", "words"),
    [
        pytest.param({"LETOPIS_BOT_TOKEN": f"987654321:{'A' * 35}"}, "token", id="unknown token"),
        pytest.param(
            {"LETOPIS_API_BASE_URL": "http://bots.example.org"},
            "LETOPIS_API_BASE_URL",
            id="open http",
        ),
        pytest.param({"LETOPIS_BOT_TOKEN": ""}, "LETOPIS_BOT_TOKEN", id="no token"),
        pytest.param({"LETOPIS_OWNERS": ""}, "LETOPIS_OWNERS", id="no owner"),
    ],
)
def test_bot_that_cannot_start_says_why(
    tmp_path: Path, settings: dict[str, str], words: str
) -> None:
    """One sentence says what is wrong with the settings, and the exit code is 2."""
    open_archive(tmp_path / "home" / "archive.db").close()
    with StandIn() as standin:
        ended = subprocess.run(
            command(tmp_path / "home"),
            env=environment(
                **{"LETOPIS_API_BASE_URL": standin.url, "LETOPIS_LOG_LEVEL": "WARNING"} | settings
            ),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert ended.returncode == 2, ended.stderr
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert words in ended.stderr
    assert "A" * 35 not in ended.stderr
    assert ended.stdout == ""
