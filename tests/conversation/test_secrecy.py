"""The token is in no output of the program, at any log level, under any failure."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conversation.conftest import owner
from tests.conversation.running import RunningBot, command, environment
from tests.standin.faults import Fault
from tests.standin.raw import asker
from tests.standin.server import TOKEN, StandIn
from tests.standin.world import BOT

pytestmark = pytest.mark.slow

LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR"]
_WORST = [
    Fault(kind="gateway", method="getMe"),
    Fault(kind="drop", method="getMe", seconds=0),
    Fault(kind="refuse", method="setMyCommands", text="Bad Request: BOT_COMMAND_INVALID"),
    Fault(kind="refuse", method="getUpdates", code=500, text="Internal Server Error"),
    Fault(kind="drop", method="getUpdates", seconds=0),
    Fault(kind="gateway", method="getUpdates"),
    Fault(kind="refuse", method="sendMessage", text="Bad Request: something new"),
    Fault(kind="refuse", method="sendMessage", code=401, text="Unauthorized"),
    Fault(kind="refuse", method="sendMessage", code=404, text="Not Found"),
    Fault(kind="refuse", method="sendMessage", code=403, text="Forbidden: bot was blocked"),
    Fault(kind="drop", method="sendMessage", seconds=0),
    Fault(kind="flood", method="sendMessage", seconds=1),
    Fault(kind="refuse", method="getFile", code=404, text="Not Found"),
]


def tells_the_token(text: str) -> bool:
    """Tell whether a text holds the token, its secret half, or either in the form of an address."""
    forms = [TOKEN, TOKEN.partition(":")[2]]
    return any(form in text or quote(form, safe="") in text for form in forms)


@pytest.mark.parametrize("level", LEVELS)
def test_worst_day_shows_no_token(archive_home: Path, tmp_path: Path, level: str) -> None:
    """Through failures of every kind, a second poller, and a token that is withdrawn in the end."""
    with StandIn() as standin:
        standin.world.poll.hold_repeated = False
        faults = [standin.world.faults.schedule(replace(fault)) for fault in _WORST]
        bot = RunningBot(standin, tmp_path / "home", LETOPIS_LOG_LEVEL=level)
        shutil.copytree(archive_home, bot.home)
        bot.start()
        _live_through(faults, bot)
        asker(standin)("getUpdates", offset=-1)
        standin.token = f"{BOT.user_id}:{'B' * 35}"
        asker(standin)("getUpdates", offset=-1)

        assert bot.ends(timeout=60) == 2
        assert "Telegram does not know this bot token" in bot.output
        assert (" DEBUG " in bot.output) is (level == "DEBUG")
        assert "Traceback" in bot.output  # of what is new; the network's trouble leaves none
        assert not tells_the_token(bot.output)
        assert bot.leaks() == []


def _live_through(faults: Sequence[Fault], bot: RunningBot) -> None:
    """Say something again and again until all faults have struck."""
    anna = owner(bot)
    anna.uploads("messages.html", b"<html></html>")
    while left := [fault for fault in faults if not fault.met]:
        anna.says("зелюка")
        assert bot.standin.world.wait_for(partial(_has_struck, left[0]), 20), left
    # The file is answered too, sooner or later.
    anna.says("зелюка")
    anna.waits_for(lambda message: "зелюка" in message.text, timeout=30)


def _has_struck(fault: Fault) -> bool:
    return fault.met > 0


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({}, id="unknown token"),
        pytest.param({"LETOPIS_API_BASE_URL": "{url}/elsewhere"}, id="wrong path"),
        pytest.param(
            {"LETOPIS_API_BASE_URL": "http://{token}@127.0.0.1:1"},
            id="token in the address",
        ),
        pytest.param({"LETOPIS_OWNERS": "{token}"}, id="token in the wrong place"),
    ],
)
def test_start_in_vain_shows_no_token(tmp_path: Path, settings: dict[str, str]) -> None:
    """A setting that is refused is named; what it holds is not shown."""
    with StandIn() as standin:
        standin.token = f"{BOT.user_id}:{'B' * 35}"
        given = {
            name: value.format(url=standin.url, token=TOKEN) for name, value in settings.items()
        }
        ended = subprocess.run(
            command(tmp_path / "home"),
            env=environment(**{"LETOPIS_API_BASE_URL": standin.url, **given}),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert ended.returncode == 2
    assert not tells_the_token(ended.stdout + ended.stderr)
    assert "Traceback" not in ended.stderr
