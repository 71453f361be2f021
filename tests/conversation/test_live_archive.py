"""A channel is archived as it appears, once an owner says so, over real HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversation.conftest import running
from tests.conversation.running import RunningBot
from tests.standin.person import Person
from tests.standin.places import Channel
from tests.standin.server import StandIn

pytestmark = pytest.mark.slow

_OWNER = 500


@pytest.fixture(scope="module")
def bot(archive_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBot]:
    """Run a bot with a single owner: every owner is told of every channel."""
    with StandIn() as standin:
        home = tmp_path_factory.mktemp("live") / "home"
        bot = RunningBot(standin, home, LETOPIS_OWNERS=str(_OWNER))
        yield from running(bot, archive_home)
    assert " ERROR " not in bot.output


@pytest.fixture
def anna(bot: RunningBot) -> Person:
    """Return the owner, who has written to the bot, so that it can write to her."""
    anna = Person(bot.standin, _OWNER, first_name="Анна")
    anna.asks("/help")
    anna.watch.looks_away()
    return anna


def _new_channel(bot: RunningBot, number: int, **more: str) -> Channel:
    return Channel(bot.standin, chat_id=-1003000000000 - number, title=f"Журнал {number}", **more)


def _approve(channel: Channel, anna: Person) -> None:
    channel.takes_bot(by=anna)
    question = anna.waits_for(lambda message: channel.chat.title in message.text)
    anna.presses(question, "Архивировать")
    anna.waits_for(lambda message: "теперь попадают" in message.text, kinds=("edit",))


def _finds(anna: Person, words: str) -> str:
    """Ask until something is found, and return the page."""
    deadline = time.monotonic() + 60
    while True:
        page = anna.asks(words).text
        if "ничего не нашлось" not in page and "ничего нет" not in page:
            return page
        assert time.monotonic() < deadline, page
        time.sleep(0.1)


def test_posts_and_edits_are_archived(bot: RunningBot, anna: Person) -> None:
    """A post of an approved channel is found soon, an edit in its new words."""
    channel = _new_channel(bot, 1, username="zhurnal_one")
    _approve(channel, anna)

    post = channel.posts("Хамелеонистый вестник\n\nПервый выпуск #вестник")
    assert "Хамелеонистый" in _finds(anna, "хамелеонистый")

    channel.edits(post, "Барсучистый вестник\n\nПервый выпуск #вестник")
    assert "Барсучистый" in _finds(anna, "барсучистый")
    assert "Хамелеонистый" not in anna.asks("хамелеонистый").text


def test_edit_may_overtake_its_post(bot: RunningBot, anna: Person) -> None:
    """Where the edit arrives first, the later words hold."""
    channel = _new_channel(bot, 2)
    _approve(channel, anna)

    with bot.standin.world.change():
        post = channel.posts("Моржеватый набросок")
        time.sleep(1.1)  # an edit of the same second could not be told from its post
        channel.edits(post, "Тюленеватый набросок")
        bot.standin.world.updates.swap_last()

    assert "Тюленеватый" in _finds(anna, "тюленеватый")
    assert "Моржеватый" not in anna.asks("моржеватый").text


def test_other_channels_are_ignored(bot: RunningBot, anna: Person) -> None:
    """What nobody approved, or an owner denied, is kept nowhere."""
    channel = _new_channel(bot, 3)
    channel.takes_bot(by=anna)
    question = anna.waits_for(lambda message: channel.chat.title in message.text)
    channel.posts("Носорогий листок")
    anna.presses(question, "Не надо")
    anna.waits_for(lambda message: "не архивируются" in message.text, kinds=("edit",))
    channel.posts("Носорогий листок, второй")
    time.sleep(2)

    assert "Носорогий" not in anna.asks("носорогий").text


def test_missing_posts_are_told(bot: RunningBot, anna: Person) -> None:
    """Numbers that never arrived are named to the owner, once."""
    channel = _new_channel(bot, 4)
    _approve(channel, anna)
    channel.posts("Пеликаний дневник, начало")
    for _ in range(3):
        bot.standin.world.new_message_id(channel.chat.as_json())
    channel.posts("Пеликаний дневник, конец")

    notice = anna.waits_for(lambda message: "нет постов" in message.text, timeout=60)

    assert "нет постов 2–4 из канала «Журнал 4»" in notice.text
