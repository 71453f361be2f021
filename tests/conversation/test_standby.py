"""Two bots share a database: one works, the other takes over within seconds of its death."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conversation.conftest import owner
from tests.conversation.running import RunningBot
from tests.standin.server import StandIn

pytestmark = pytest.mark.slow

SOON = 10.0
"""Seconds within which another bot is to work."""


class Pair:
    """Two bots with one token and one database, each with a folder of its own."""

    def __init__(self, standin: StandIn, homes: Sequence[Path], url: str) -> None:
        standin.world.poll.hold_repeated = False
        self.standin = standin
        self.first, self.second = (
            RunningBot(standin, home, LETOPIS_BOT_URL=url, LETOPIS_LOG_LEVEL="INFO")
            for home in homes
        )

    def start(self) -> None:
        """Start the first one, which works, and the second one, which waits."""
        self.first.start()
        self.second.start(wait=False)
        self.second.waits_until(lambda: "Another bot works" in self.second.output, "wait")

    def stop(self) -> None:
        """End both, whatever was done to them."""
        for bot in (self.first, self.second):
            bot.stop()
            assert bot.leaks() == []


@pytest.fixture
def pair(archive_home: Path, tmp_path: Path, postgres_url: str) -> Iterator[Pair]:
    """Run two bots."""
    homes = [tmp_path / name / "home" for name in ("one", "two")]
    for home in homes:
        shutil.copytree(archive_home, home)
    with StandIn() as standin, ExitStack() as stack:
        pair = Pair(standin, homes, postgres_url)
        stack.callback(pair.stop)
        pair.start()
        yield pair


def polls(bot: RunningBot) -> int:
    """Return how often updates were asked for."""
    return sum(call.method == "getupdates" for call in bot.standin.world.calls)


def test_killed_bot_is_followed(pair: Pair) -> None:
    """Buttons go on, and what was said meanwhile is answered, within ten seconds and once."""
    vera, anna = owner(pair.first), owner(pair.first)
    page = vera.asks("зелюка")

    pair.first.kill()
    died = time.monotonic()
    vera.presses(page, "›")
    anna.says("куздра")

    assert "2/3" in vera.waits_for().labels
    assert time.monotonic() - died < SOON
    assert "куздра" in anna.waits_for().text
    assert "куздра" in vera.asks("куздра").text
    assert pair.second.output.count("Another bot works") == 1
