"""A bot over an archive of its own, whose people follow searches: what the tests of it share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.alerts.dispatch import AlertSender
from bot.alerts.loop import AlertLoop
from bot.alerts.throttle import Throttle
from bot.indexing.updater import IndexUpdater
from model.posts import Post
from tests.bot.channel import CHANNEL
from tests.bot.conftest import OWNER, World
from tests.bot.person import Person


@dataclass
class Seconds:
    """A second hand that moves while somebody waits, and notes how long they did."""

    now: float = 1000.0

    def __call__(self) -> float:
        """Tell the seconds."""
        return self.now

    async def pause(self, seconds: float) -> None:
        """Let some pass."""
        self.now += seconds


async def everybody(_user_id: int, _bot: Any) -> bool:
    """Let everybody be told."""
    return True


class Teller:
    """Goes round for one bot, a second between two rounds, in the time of its clock."""

    def __init__(
        self,
        world: World,
        person: Person,
        *,
        has_access: Callable[[int, Any], Awaitable[bool]] = everybody,
    ) -> None:
        updater = person.application.bot_data[IndexUpdater]
        assert isinstance(updater, IndexUpdater)
        self._world = world
        self._person = person
        self.seconds = Seconds()
        self.sender = AlertSender(
            updater.services,
            has_access,
            throttle=Throttle(timer=self.seconds, pause=self.seconds.pause),
        )

    async def tells(self, *, after: timedelta = timedelta(0), rounds: int = 10) -> list[str]:
        """Look at the archive, go round until nothing is left, and return what was told."""
        self._world.clock.passes(after)
        application = self._person.application
        # The bot's own rounds would come in between.
        await application.bot_data[AlertLoop].stop()
        await application.bot_data[IndexUpdater].run_once(application)
        before = len(self._person.server.calls)
        for _ in range(rounds):
            self.seconds.now += 1
            if not await self.sender.send_due(application.bot):
                break
        self._person.sees_what_came()
        return [
            call["text"]
            for name, call in self._person.server.calls[before:]
            if name == "sendMessage"
        ]


def post(world: World, *posts: Post) -> None:
    """Write posts into the archive, as an import or a live channel would."""
    store = world.store
    store.save(store.resolve_channel(CHANNEL), posts, as_of=world.clock())


def follow(world: World, query: str = "карусель", *, user_id: int = OWNER) -> int:
    """Let a person follow a search from now on, and return its key."""
    return world.bot_store.saved.save(
        user_id,
        query,
        archive_id=world.store.archive_id,
        seq=world.store.last_seq(),
        known=world.searcher.matching(query),
        now=world.clock(),
    )


def refusal(code: int, words: str, **parameters: int) -> tuple[int, bytes]:
    """Return how Telegram refuses something, as the stand-in is told to answer."""
    more = f',"parameters":{{"retry_after":{parameters["retry_after"]}}}' if parameters else ""
    return code, f'{{"ok":false,"error_code":{code},"description":"{words}"{more}}}'.encode()
