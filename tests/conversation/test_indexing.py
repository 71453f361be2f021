"""Big imports are indexed beside the bot's process, while people search and posts arrive."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from tests.conversation.conftest import running
from tests.conversation.running import RunningBot
from tests.conversation.test_uploads import IMPORT, export, offered, packed, sees
from tests.standin.person import Person
from tests.standin.places import Channel
from tests.standin.server import StandIn
from tests.standin.watching import PATIENCE

pytestmark = pytest.mark.slow

_OWNER = 500
MANY = 300
"""More posts than the bot indexes itself."""
SOON = 40.0
"""Seconds; a bot that waited for the other writer would wait for a minute."""


@contextmanager
def other_writer(bot: RunningBot) -> Iterator[None]:
    """Let another program write the index."""
    with FileLock(bot.home / "index" / "write.lock"):
        yield


@pytest.fixture
def bot(archive_home: Path, tmp_path: Path) -> Iterator[RunningBot]:
    """Run a bot with one owner, which these tests end as they like."""
    with StandIn() as standin:
        bot = RunningBot(standin, tmp_path / "home", LETOPIS_OWNERS=str(_OWNER))
        yield from running(bot, archive_home)


@pytest.fixture
def anna(bot: RunningBot) -> Person:
    """Return the owner."""
    anna = Person(bot.standin, _OWNER, first_name="Анна")
    anna.asks("/help")
    return anna


def imports(person: Person, word: str, posts: int = MANY) -> None:
    """Send many posts, and wait until they are in the archive."""
    preview = offered(person, "many.html", export(word, posts))
    person.presses(preview, IMPORT)
    sees(person, "✅ Импорт завершён", f"➕ новых {posts}", "⏳ Добавляю в поиск…")


def test_nobody_waits_for_the_index(bot: RunningBot, anna: Person) -> None:
    """While many posts wait to be indexed, searches are answered and live posts are archived.

    Once the other writer is done, all of them are found.
    """
    channel = Channel(bot.standin, chat_id=-1003000000007, title="Журнал")
    channel.takes_bot(by=anna)
    anna.presses(sees(anna, "Журнал"), "Архивировать")
    sees(anna, "теперь попадают")
    with other_writer(bot):
        imports(anna, "кузявка")
        assert "зелюка" in anna.asks("зелюка").text
        channel.posts("Калуша живьём")
        assert "1 пост" not in anna.asks("калуша").text
    sees(anna, "✅ Импорт завершён", "Новые посты уже ищутся.")
    assert f"{MANY} постов" in anna.asks("кузявка").text
    finds(anna, "калуша", "1 пост")


@pytest.mark.measured
def test_bot_ends_during_indexing(bot: RunningBot, anna: Person) -> None:
    """A signal ends the bot and the process beside it; what was left keeps nobody waiting later."""
    with other_writer(bot):
        imports(anna, "напушка")
        beside = indexing_of(bot)
        started = time.monotonic()
        assert bot.stop() == 0
        assert time.monotonic() - started < SOON
        assert not any(place.exists() for place in beside)
        bot.start()
        assert "зелюка" in anna.asks("зелюка").text
    finds(anna, "напушка", f"{MANY} постов")


def test_killed_bot_leaves_no_indexing_behind(bot: RunningBot, anna: Person) -> None:
    """However the bot ends, the process beside it ends too."""
    with other_writer(bot):
        imports(anna, "бутявка")
        beside = indexing_of(bot)
        bot.kill()
        deadline = time.monotonic() + PATIENCE
        while any(place.exists() for place in beside):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    bot.start()
    finds(anna, "бутявка", f"{MANY} постов")


def test_indexing_that_is_killed_is_begun_anew(bot: RunningBot, anna: Person) -> None:
    """The process beside the bot may die, of hunger say: it is noted, and tried again."""
    with other_writer(bot):
        imports(anna, "некузявка")
        for place in indexing_of(bot):
            os.kill(int(place.name), signal.SIGKILL)
        bot.waits_until(lambda: "indexing_ended" in bot.output, "note it")
        assert "зелюка" in anna.asks("зелюка").text
    finds(anna, "некузявка", f"{MANY} постов")


def test_growing_archive_changes_its_engine(bot: RunningBot, anna: Person) -> None:
    """Beyond 20,000 posts the index is built anew beside the old one, which answers meanwhile."""
    pages = {
        f"messages{number + 1}.html": export("дуська", 5_000, first=number * 5_000 + 1, title="Ы")
        for number in range(4)
    }
    assert engine_of(bot) == "whoosh"
    preview = offered(anna, "many.zip", packed(pages))
    anna.presses(preview, IMPORT)
    with held(indexing_of(bot)):
        assert "зелюка" in anna.asks("зелюка").text
    sees(anna, "Новые посты уже ищутся.")
    assert "20 000 постов" in anna.asks("дуська").text.replace("\xa0", " ")
    assert engine_of(bot) == "tantivy"
    assert "the index was rebuilt: grown" in bot.output


@contextmanager
def held(processes: Sequence[Path]) -> Iterator[None]:
    """Let processes stand still."""
    for place in processes:
        os.kill(int(place.name), signal.SIGSTOP)
    try:
        yield
    finally:
        for place in processes:
            os.kill(int(place.name), signal.SIGCONT)


def finds(person: Person, words: str, count: str) -> None:
    """Ask until so many posts are found."""
    deadline = time.monotonic() + PATIENCE
    while count not in (page := person.asks(words).text):
        assert time.monotonic() < deadline, page
        time.sleep(0.2)


def engine_of(bot: RunningBot) -> str:
    """Return the engine of the bot's index."""
    return (bot.home / "index" / "CURRENT").read_text("utf-8").partition("-")[0]


def indexing_of(bot: RunningBot) -> Sequence[Path]:
    """Wait until the bot has begun to index in a process of its own, and name that."""
    bot.waits_until(lambda: _indexing(bot), "index")
    return _indexing(bot)


def _indexing(bot: RunningBot) -> Sequence[Path]:
    return [
        place
        for path in Path(f"/proc/{bot.pid}/task").glob("*/children")
        for place in map(Path("/proc").joinpath, path.read_text().split())
        if b"letopis.index_worker" in (place / "cmdline").read_bytes()
    ]
