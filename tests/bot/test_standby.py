"""A bot works while it leads, and is ready otherwise."""

from __future__ import annotations

import asyncio
import logging
import shutil
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.standby import Standby
from model.errors import ArchiveBusy
from model.messages import Code
from search import open_index
from tests.bot.conftest import OWNER, World
from tests.bot.transport.test_polling import Running, standin
from tests.standin.person import Person
from tests.standin.server import StandIn

__all__ = ["standin"]

AT_ONCE = timedelta(milliseconds=1)


class Led:
    """Leadership that a test grants and takes away."""

    can_wait = True

    def __init__(self, *answers: bool | Exception) -> None:
        self.answers = list(answers)
        self.asked = 0
        self.leads = False
        self._on_lost: Callable[[], object] = lambda: None

    def take(self, *, on_lost: Callable[[], object]) -> bool:
        """Give the next answer; after the last one, nobody else leads."""
        self.asked += 1
        answer = self.answers.pop(0) if self.answers else True
        if isinstance(answer, Exception):
            raise answer
        self.leads, self._on_lost = answer, on_lost
        return answer

    def is_held(self) -> bool:
        """Return whether this bot leads."""
        return self.leads

    def give_up(self) -> None:
        """Lead no longer."""
        self.leads = False

    def is_taken(self) -> None:
        """Let another bot lead."""
        self.leads = False
        self._on_lost()


class Ending:
    """The end of the work, as a test brings it about."""

    def __init__(self) -> None:
        self.is_final = False
        self.come = asyncio.Event()

    def superseded(self) -> None:
        """Stop the work."""
        self.come.set()

    def begin_term(self) -> None:
        """Forget that another bot had taken over."""
        self.come.clear()

    async def wait(self) -> None:
        """Wait for the end."""
        await self.come.wait()


def ready(world: World, led: Led, told: list[str] | None = None) -> Standby:
    """Return a bot that waits for its turn."""
    said: list[str] = [] if told is None else told
    wait = lambda: said.append("waits")  # noqa: E731  # it is an argument
    return Standby(led, world.searcher.index, on_wait=wait, period=AT_ONCE)


async def test_bot_that_leads_begins_at_once(world: World) -> None:
    """Nobody is told of waiting, and one that leads already is not asked again."""
    led, told = Led(), list[str]()
    standby = ready(world, led, told)

    assert await standby.takes_over(Ending())
    assert await standby.takes_over(Ending())

    assert (led.asked, told) == (1, [])


async def test_bot_waits_until_it_leads(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """It says so once, however often and for however long it waits, and that it goes on."""
    led, told = Led(False, False, True, False), list[str]()
    standby = ready(world, led, told)

    with caplog.at_level(logging.INFO):
        assert await standby.takes_over(Ending())
        led.is_taken()
        assert await standby.takes_over(Ending())

    assert (led.asked, told) == (5, ["waits"])
    assert caplog.messages.count("this bot has taken over") == 2


async def test_end_ends_the_wait(world: World) -> None:
    """A signal lets a bot go that has never worked."""
    ending = Ending()
    waiting = asyncio.create_task(ready(world, Led(*[False] * 10_000)).takes_over(ending))
    await asyncio.sleep(0.01)
    ending.is_final = True
    ending.come.set()

    assert not await waiting


async def test_loss_ends_the_work(world: World) -> None:
    """Whoever leads no longer is told from another thread; after the end, nobody listens."""
    led, ending = Led(), Ending()
    await ready(world, led).takes_over(ending)

    await asyncio.to_thread(led.is_taken)

    async with asyncio.timeout(10):
        await ending.wait()


def test_loss_after_the_end_is_nothing(world: World) -> None:
    """The loop of a bot that has just ended takes no calls."""
    led = Led()
    asyncio.run(ready(world, led).takes_over(Ending()))

    led.is_taken()


async def test_unreachable_archive_is_asked_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """A bot that may lead but cannot begin says why, and tries again."""
    led = Led(ArchiveBusy(Code.BUSY, path=Path("archive")))

    assert await ready(world, led).takes_over(Ending())

    assert "This bot cannot begin to work: busy" in caplog.text


async def test_index_of_a_waiting_bot_follows_the_archive(world: World, tmp_path: Path) -> None:
    """What is archived meanwhile is found as soon as this bot works."""
    index = open_index(tmp_path / "index", world.store)
    standby = Standby(Led(False), index, on_wait=lambda: None, period=AT_ONCE)

    await standby.takes_over(Ending())

    assert index.behind() == 0
    index.close()


async def test_index_of_a_waiting_bot_may_be_unavailable(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An index that cannot be written keeps nobody from taking over."""
    index = open_index(tmp_path / "index", world.store)
    shutil.rmtree(tmp_path / "index")
    (tmp_path / "index").write_text("no folder", "utf-8")
    standby = Standby(Led(False), index, on_wait=lambda: None, period=AT_ONCE)

    with caplog.at_level(logging.INFO):
        assert await standby.takes_over(Ending())

    assert "the index is brought up to date later" in caplog.text
    index.close()


async def test_index_that_is_far_behind_waits(world: World, tmp_path: Path) -> None:
    """What takes long is done beside the work, by a process of its own."""
    index = open_index(tmp_path / "index", world.store)
    standby = Standby(Led(False), index, on_wait=lambda: None, period=AT_ONCE, few=0)

    await standby.takes_over(Ending())

    assert index.behind() > 0
    index.close()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:There is no current event loop:DeprecationWarning")
def test_bot_is_silent_while_another_one_works(
    world: World, standin: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    """It takes and says nothing then, and answers afterwards what was left for it."""
    owner = Person(standin, OWNER)
    turn = threading.Event()
    led = Led()
    running = Running(world, standin)
    running.leadership = led
    silent: list[int] = []

    def asked_again(led: Led) -> None:
        """Wait, though nothing reaches the server, until the bot has tried to lead once more."""
        before = led.asked
        while led.asked == before:
            time.sleep(0.01)

    def side() -> None:
        owner.asks("телескоп")
        led.answers = [False] * 1000
        led.is_taken()
        asked_again(led)
        calls = len(standin.world.calls)
        owner.says("очередь")
        asked_again(led)
        silent.append(len(standin.world.calls) - calls)
        led.answers.clear()
        owner.waits_for()
        turn.set()

    running(side)

    assert silent == [0]
    assert turn.is_set()
    assert "Traceback" not in caplog.text
