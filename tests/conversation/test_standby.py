"""Two bots share a database: one works, the other takes over within seconds of its death."""

from __future__ import annotations

import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from db import open_archive
from letopis.copy_command import run_copy
from letopis.home import Home
from model.addresses import parse_address
from tests.conversation.following import alerts, awake, follows, waits_for_alert
from tests.conversation.running import RunningBot
from tests.servers.link import Link
from tests.servers.postgresql import PostgreSQL, PostgresServer
from tests.standin.person import Person
from tests.standin.places import Channel
from tests.standin.server import StandIn
from tests.standin.world import as_read

pytestmark = pytest.mark.slow

_OWNERS = range(500, 540)
SOON = 10.0
"""Seconds within which another bot is to work."""


class Pair:
    """Two bots with one token and one database, each with a folder of its own."""

    def __init__(self, standin: StandIn, homes: Sequence[Path], urls: Sequence[str]) -> None:
        standin.world.poll.hold_repeated = False
        self.standin = standin
        self._ids = iter(_OWNERS)
        self.first, self.second = (
            RunningBot(
                standin,
                home,
                LETOPIS_ARCHIVE_URL=url,
                LETOPIS_BOT_URL=url,
                LETOPIS_LOG_LEVEL="INFO",
                LETOPIS_OWNERS=",".join(map(str, _OWNERS)),
            )
            for home, url in zip(homes, urls, strict=True)
        )

    def owner(self) -> Person:
        """Return an owner who has not written yet."""
        return Person(self.standin, next(self._ids))

    def start(self) -> None:
        """Start the first one, which works, and the second one, which waits."""
        self.first.start()
        self.second.start(wait=False)
        self.second.waits_until(lambda: "Another bot works" in self.second.output, "wait")

    def stop(self) -> None:
        """End both, whatever was done to them."""
        bots = (self.first, self.second)
        for bot in bots:
            bot.signal_if_alive(signal.SIGCONT)
        codes = [bot.stop() for bot in bots]
        for code, bot in zip(codes, bots, strict=True):
            assert code == 0, bot.output[-3000:]
            assert bot.leaks() == []
            assert " ERROR " not in bot.output, bot.output[-3000:]
            assert "Another program receives" not in bot.output


@pytest.fixture(scope="module")
def template(archive_home: Path, postgresql: PostgreSQL) -> Iterator[str]:
    """The name of a database with the archive of the other conversations."""
    with postgresql.database() as url:
        run_copy(Home(archive_home), url, as_json=True)
        yield url.rpartition("/")[2]


@pytest.fixture
def url(postgresql: PostgreSQL, template: str) -> Iterator[str]:
    """A database with an archive, and no state of the bot yet."""
    with postgresql.database(template=template) as url:
        yield url


@pytest.fixture
def homes(archive_home: Path, tmp_path: Path) -> Sequence[Path]:
    """The folders of two machines, each with its index."""
    homes = [tmp_path / name / "home" for name in ("one", "two")]
    for home in homes:
        shutil.copytree(archive_home / "index", home / "index")
    return homes


@pytest.fixture
def pair(homes: Sequence[Path], url: str) -> Iterator[Pair]:
    """Run two bots."""
    with StandIn() as standin, ExitStack() as stack:
        pair = Pair(standin, homes, [url, url])
        stack.callback(pair.stop)
        pair.start()
        yield pair


def answers(person: Person, word: str) -> int:
    """Return how many messages with a word a person has seen."""
    events = [event for event in person.watch.sees() if event.kind == "message"]
    return sum(bool(event.message) and word in as_read(event.message).text for event in events)


@pytest.mark.measured
def test_killed_bot_is_followed(pair: Pair) -> None:
    """Buttons go on, and what was said meanwhile is answered, within ten seconds and once."""
    vera, anna = pair.owner(), pair.owner()
    page = vera.asks("зелюка")

    pair.first.kill()
    died = time.monotonic()
    vera.presses(page, "›")
    anna.says("куздра")

    assert "2/3" in vera.waits_for().labels
    assert time.monotonic() - died < SOON
    assert "куздра" in anna.waits_for().text
    assert "куздра" in vera.asks("куздра").text
    assert answers(vera, "зелюка") == 1
    assert pair.second.output.count("Another bot works") == 1


def test_questions_are_answered_once(pair: Pair) -> None:
    """Killed amid its work, the bot leaves the rest to the next one; nothing comes twice.

    What is being sent at that moment may be lost: nobody can know whether it arrived. Under load
    that may be as many answers as the bot works on at once.
    """
    people = [pair.owner() for _ in range(30)]
    for person in people:
        person.says("зелюка")
    pair.first.waits_until(lambda: sum(answers(each, "зелюка") for each in people) > 4, "answer")

    pair.first.kill()

    def answered() -> Counter[int]:
        return Counter(answers(each, "зелюка") for each in people)

    assert "куздра" in people[0].asks("куздра").text
    assert answered()[0] + answered()[1] == len(people)


def test_stopped_bot_is_followed_and_does_no_harm(pair: Pair) -> None:
    """Woken up, it says and takes nothing; it leads again when the other one ends."""
    vera = pair.owner()
    page = vera.asks("зелюка")

    pair.first.signal(signal.SIGSTOP)
    stopped = time.monotonic()
    vera.presses(page, "›")
    assert "2/3" in vera.waits_for().labels
    assert time.monotonic() - stopped < SOON

    pair.first.forgets()
    pair.first.signal(signal.SIGCONT)
    pair.first.waits_until(lambda: "stops its work" in pair.first.output, "notice")
    assert "куздра" in vera.asks("куздра").text
    assert answers(vera, "куздра") == 1

    assert pair.second.stop() == 0
    assert "зелюка" in vera.asks("зелюка").text
    pair.first.waits_until(lambda: "has taken over" in pair.first.output, "take over")


def test_bot_that_is_cut_off_is_followed(
    homes: Sequence[Path], postgresql: PostgreSQL, url: str
) -> None:
    """Without its database it stops by itself; back again, it waits."""
    with StandIn() as standin, Link(postgresql.port) as link, ExitStack() as stack:
        through = url.replace(f":{postgresql.port}/", f":{link.port}/")
        pair = Pair(standin, homes, [through, url])
        stack.callback(pair.stop)
        stack.callback(link.mend)
        pair.start()
        vera = pair.owner()
        page = vera.asks("зелюка")

        link.cut()
        cut = time.monotonic()
        vera.presses(page, "›")
        pair.first.waits_until(lambda: "stops its work" in pair.first.output, "notice")
        pair.second.waits_until(lambda: "has taken over" in pair.second.output, "take over")
        assert time.monotonic() - cut < SOON
        assert "куздра" in vera.asks("куздра").text

        link.mend()
        pair.first.waits_until(lambda: "Another bot works" in pair.first.output, "wait")
        assert pair.second.stop() == 0
        assert "зелюка" in vera.asks("зелюка").text


def test_posts_and_alerts_survive(pair: Pair, url: str) -> None:
    """Every post is archived, and every alert told, once, whichever bot works."""
    anna = awake(pair.first, 500)
    channel = Channel(pair.standin, title="Вестник", username="vestnik")
    channel.takes_bot(by=anna)
    question = anna.waits_for(lambda message: "Вестник" in message.text)
    anna.presses(question, "Архивировать")
    follows(anna, "ехидна")
    channel.posts("Ехидна первая")
    waits_for_alert(anna, "Ехидна первая")

    for number in range(10):
        channel.posts(f"Муфлон {number}")
    pair.first.kill()
    channel.posts("Ехидна вторая")
    waits_for_alert(anna, "Ехидна вторая")

    assert len(alerts(anna, "Ехидна первая")) == 1
    with open_archive(parse_address(url), home=pair.second.home) as store:
        texts = Counter(each.post.text for each in store.newest(limit=12))
    assert texts == Counter([f"Муфлон {n}" for n in range(10)] + ["Ехидна первая", "Ехидна вторая"])


def test_restart_of_the_server_is_lived_through(
    archive_home: Path, homes: Sequence[Path], own_postgresql: PostgresServer
) -> None:
    """Meanwhile the bot says that it cannot answer; then it goes on by itself."""
    url = own_postgresql.at.url("postgres")
    run_copy(Home(archive_home), url, as_json=True)
    with StandIn() as standin, ExitStack() as stack:
        pair = Pair(standin, homes, [url, url])
        bot = pair.first
        stack.callback(bot.stop)
        bot.start()
        vera = pair.owner()
        page = vera.asks("зелюка")

        own_postgresql.stop()
        refusal = vera.asks("куздра").text
        own_postgresql.start()

        assert "сейчас недоступен" in refusal
        assert "куздра" in vera.asks("куздра", timeout=60).text
        vera.presses(page, "›")
        assert "2/3" in vera.waits_for().labels
