"""Nobody is told before their time: quiet hours, a day of silence, once a day, once a week.

No test can move the clock of a bot that is a process. They choose the zone in which it is night,
and leave in the bot's file what a bot that ran days ago would have left there. That hours pass
while it runs, and end what they end, is tested where the clock is passed in.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from db import open_archive
from db.bot_store import open_bot_store
from tests.conversation.channel import CHANNEL
from tests.conversation.conftest import running
from tests.conversation.following import alerts, awake, follows, waits_for_alert, writes
from tests.conversation.running import RunningBot
from tests.standin.person import Person
from tests.standin.server import StandIn

pytestmark = pytest.mark.slow

_PEOPLE = range(500, 510)
_next = count(_PEOPLE.start)


@pytest.fixture(scope="module")
def bot(archive_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBot]:
    """Run a bot in whose zone it is three o'clock at night."""
    with StandIn() as standin:
        home = tmp_path_factory.mktemp("night") / "home"
        owners = ",".join(map(str, _PEOPLE))
        bot = RunningBot(standin, home, LETOPIS_OWNERS=owners, LETOPIS_TZ=zone_where_it_is(3))
        yield from running(bot, archive_home)
    assert " ERROR " not in bot.output


@pytest.fixture
def anna(bot: RunningBot) -> Person:
    """Return a person who wants to be told at any hour."""
    return awake(bot, next(_next))


def zone_where_it_is(hour: int) -> str:
    """Name a zone in which this hour has begun."""
    ahead = (hour - datetime.now(UTC).hour + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+d}"  # the sign is the other way round there


def test_quiet_hours_are_kept(bot: RunningBot, anna: Person) -> None:
    """At night nobody is told who has not asked to be; what came is told when they ask."""
    boris = Person(bot.standin, next(_next), first_name="Борис")
    follows(boris, "тушканчик")
    follows(anna, "тушканчик")

    writes(bot, "Тушканчик прыгает")
    waits_for_alert(anna, "Тушканчик")
    assert alerts(boris, "Тушканчик") == []

    boris.presses(boris.asks("/saved"), "Тихие часы")
    boris.presses(boris.waits_for(kinds=("edit",)), "Писать всегда")
    waits_for_alert(boris, "Тушканчик")


def test_day_of_silence_is_kept(bot: RunningBot, anna: Person) -> None:
    """A search that was silenced under its alert is not told of, others are, until it is again."""
    follows(anna, "ондатра")
    follows(anna, "нутрия")
    writes(bot, "Ондатра строит")
    anna.presses(waits_for_alert(anna, "Ондатра строит"), "На день")

    writes(bot, "Ондатра плывёт")
    writes(bot, "Нутрия ест")
    waits_for_alert(anna, "Нутрия")
    assert alerts(anna, "Ондатра плывёт") == []

    anna.presses(anna.asks("/saved"), "1")
    anna.presses(anna.waits_for(kinds=("edit",)), "Не молчать")
    waits_for_alert(anna, "Ондатра плывёт")


@pytest.mark.parametrize(("mode", "days"), [("раз в день", 1), ("раз в неделю", 7)])
def test_found_in_the_last_period_is_told_together(
    bot: RunningBot, anna: Person, mode: str, days: int
) -> None:
    """What is told once a day or a week waits for its hour, and comes in one message then."""
    word = f"хомяк{days}"
    follows(anna, word)
    anna.presses(anna.asks("/saved"), "1")
    anna.presses(anna.waits_for(kinds=("edit",)), mode)
    anna.waits_for(lambda message: f"• {mode}" in message.labels, kinds=("edit",))
    follows(anna, "бурундук")

    writes(bot, f"{word} сегодня")
    writes(bot, "Бурундук сегодня")
    waits_for_alert(anna, "Бурундук")
    assert alerts(anna, word) == []

    assert bot.stop() == 0
    finds(bot, f"{word} прежде", word, ago=timedelta(days=days))
    bot.start()
    together = waits_for_alert(anna, word)
    assert together.text.startswith(f"🔔 2 новых поста по подписке «{word}»")


def test_digest_of_the_last_week_is_sent(bot: RunningBot, anna: Person) -> None:
    """Who asked for the digest days ago is sent it, and no second time."""
    anna.presses(anna.asks("/saved"), "Дайджест")
    anna.presses(anna.waits_for(), "Присылать по понедельникам")
    anna.waits_for(lambda message: "Дайджест приходит" in message.text, kinds=("edit",))

    assert bot.stop() == 0
    with open_bot_store(bot.home / "bot.db") as store:
        store.alert_settings.choose_digest(anna.user.user_id, datetime.now(UTC) - timedelta(days=7))
    anna.watch.looks_away()
    bot.start()
    digest = anna.waits_for(lambda message: "Дайджест недели" in message.text)
    assert digest.text.startswith("📰")
    sent = digests(anna)

    bot.restart()
    follows(anna, "полёвка")
    writes(bot, "Полёвка бежит")
    waits_for_alert(anna, "Полёвка")
    assert digests(anna) == sent


def digests(person: Person) -> int:
    """Count the messages with a digest that a person has seen."""
    seen = [event.message for event in person.watch.sees() if event.kind == "message"]
    return sum("Дайджест недели" in message.text for message in seen if message)


def finds(bot: RunningBot, text: str, word: str, *, ago: timedelta) -> None:
    """Let a bot that does not run have found a post so long ago."""
    writes(bot, text)
    with (
        open_archive(bot.home / "archive.db") as archive,
        open_bot_store(bot.home / "bot.db") as store,
    ):
        (search,) = [each for each in store.saved.all() if each.query == word]
        (channel,) = archive.find_channels(CHANNEL.title)
        number = archive.last_message_id(channel.channel_id)
        assert number
        post = archive.find(channel.channel_id, number)
        assert post
        found = {search.saved_search_id: [(post.post_id, post.seq)]}
        store.alerts.note(found, upto=post.seq, now=datetime.now(UTC) - ago)
