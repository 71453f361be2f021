"""People follow searches and are told what is new, over real HTTP, whatever happens meanwhile."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from db import open_archive
from db.bot_store import open_bot_store
from tests.conversation.conftest import running
from tests.conversation.following import alerts, awake, follows, waits_for_alert, writes
from tests.conversation.running import RunningBot, command, environment
from tests.standin.faults import Fault
from tests.standin.person import Person
from tests.standin.places import Channel
from tests.standin.server import StandIn

pytestmark = pytest.mark.slow

_PEOPLE = range(500, 510)
_SETTLED = 60.0
"""Seconds in which even a heap of posts is told."""

_next = count(_PEOPLE.start)


@pytest.fixture(scope="module")
def bot(archive_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBot]:
    """Run a bot with few owners, for the tests that follow."""
    with StandIn() as standin:
        home = tmp_path_factory.mktemp("following") / "home"
        bot = RunningBot(standin, home, LETOPIS_OWNERS=",".join(map(str, _PEOPLE)))
        yield from running(bot, archive_home)
    assert " ERROR " not in bot.output


@pytest.fixture
def anna(bot: RunningBot) -> Person:
    """Return a person who wants to be told at any hour."""
    return awake(bot, next(_next))


def test_live_post_is_told(bot: RunningBot, anna: Person) -> None:
    """A post of an approved channel reaches whoever follows its words, within seconds."""
    channel = Channel(bot.standin, chat_id=-1003000000777, title="Вестник", username="vestnik")
    channel.takes_bot(by=anna)
    question = anna.waits_for(lambda message: "Вестник" in message.text)
    anna.presses(question, "Архивировать")
    follows(anna, "муфлон has:tag")

    channel.posts("Про муфлонов без тега")
    post = channel.posts("Большой муфлон\n\nЖивёт в горах #звери")
    alert = waits_for_alert(anna, "Большой муфлон")

    assert alert.text.startswith("🔔 Новый пост по подписке «муфлон has:tag»")
    assert alert.buttons[0].url == f"https://t.me/vestnik/{post.message_id}"
    channel.edits(post, "Большой муфлон\n\nЖивёт высоко в горах #звери")
    channel.posts("Ещё муфлон #звери")
    waits_for_alert(anna, "Ещё муфлон")
    assert len(alerts(anna, "Большой муфлон")) == 1


def test_import_of_another_process_is_told_at_once(
    bot: RunningBot, anna: Person, tmp_path: Path
) -> None:
    """What `letopis ingest` adds beside the running bot is one message with a button."""
    follows(anna, "ехидна")
    export = tmp_path / "result.json"
    messages = [
        {
            "id": number,
            "type": "message",
            "date": "2026-01-02T03:04:05",
            "date_unixtime": "1767323045",
            "from": "Зоопарк",
            "from_id": "channel1777",
            "text": f"Ехидна {number}",
            "text_entities": [{"type": "plain", "text": f"Ехидна {number}"}],
        }
        for number in range(1, 41)
    ]
    head = {"name": "Зоопарк", "type": "public_channel", "id": 1777}
    export.write_text(json.dumps({**head, "messages": messages}), "utf-8")

    subprocess.run(
        command(bot.home, "ingest", str(export)), env=environment(), check=True, capture_output=True
    )
    alert = waits_for_alert(anna, "ехидна", timeout=_SETTLED)

    assert alert.text.startswith("🔔 40 новых постов по подписке «ехидна»")
    anna.presses(alert, "Показать 40")
    page = anna.waits_for()
    assert page.text.startswith("🔔 ехидна — 40 новых постов")
    anna.presses(page, "›")
    assert "2/8" in anna.waits_for(kinds=("edit",)).labels
    assert len(alerts(anna, "40 новых")) == 1


def test_flood_is_waited_out(bot: RunningBot, anna: Person) -> None:
    """Refused with 429, an alert comes after the time that was asked for, and once."""
    follows(anna, "гепард")
    where = {"chat_id": str(anna.user.user_id)}
    flood = bot.standin.world.faults.schedule(
        Fault(kind="flood", method="sendMessage", seconds=2, where=where)
    )

    writes(bot, "Гепард бежит")
    bot.waits_until(lambda: flood.met, "try")
    assert alerts(anna, "Гепард") == []

    waits_for_alert(anna, "Гепард бежит")
    writes(bot, "Гепард спит")
    waits_for_alert(anna, "Гепард спит")
    assert len(alerts(anna, "Гепард бежит")) == 1


def test_lost_answer_makes_no_second_alert(bot: RunningBot, anna: Person) -> None:
    """The connection ends before the answer: the alert is there, and comes no second time."""
    follows(anna, "выхухоль")
    where = {"chat_id": str(anna.user.user_id)}
    bot.standin.world.faults.schedule(Fault(kind="lose", method="sendMessage", where=where))

    writes(bot, "Выхухоль плывёт")
    waits_for_alert(anna, "Выхухоль плывёт")
    writes(bot, "Выхухоль ныряет")
    waits_for_alert(anna, "Выхухоль ныряет", timeout=_SETTLED)

    assert len(alerts(anna, "Выхухоль плывёт")) == 1


def test_who_blocks_the_bot_follows_nothing(bot: RunningBot, anna: Person) -> None:
    """Blocked, the bot ends what was followed and does not write again."""
    follows(anna, "сурикат")
    anna.blocks_bot()

    writes(bot, "Сурикат стоит")
    bot.waits_until(lambda: "cannot be told" in bot.output, "notice")
    anna.unblocks_bot()
    writes(bot, "Сурикат сидит")

    assert "0 из 20" in anna.asks("/saved").text
    assert alerts(anna, "Сурикат") == []


def test_unsubscribed_from_the_alert(bot: RunningBot, anna: Person) -> None:
    """One press under an alert ends it."""
    follows(anna, "бегемот")
    writes(bot, "Бегемот зевает")
    alert = waits_for_alert(anna, "Бегемот")

    answer = anna.waits_for_answer(anna.presses(alert, "Отписаться"))

    assert "Подписка удалена" in answer["text"]
    assert "0 из 20" in anna.asks("/saved").text


def test_restart_tells_what_came_meanwhile(own_bot: RunningBot) -> None:
    """What came while the bot was down is told when it is up again, and once."""
    anna = awake(own_bot, next(_next))
    follows(anna, "капибара")

    assert own_bot.stop() == 0
    writes(own_bot, "Капибара лежит")
    own_bot.start()
    waits_for_alert(anna, "Капибара лежит")
    own_bot.restart()
    writes(own_bot, "Капибара встала")
    waits_for_alert(anna, "Капибара встала")

    assert len(alerts(anna, "Капибара лежит")) == 1


def test_end_waits_for_the_alert_that_is_being_sent(own_bot: RunningBot) -> None:
    """Asked to end while an alert is on its way, the bot hears that it has arrived."""
    anna = awake(own_bot, next(_next))
    follows(anna, "долгопят")
    where = {"chat_id": str(anna.user.user_id)}
    slow = own_bot.standin.world.faults.schedule(
        Fault(kind="delay", method="sendMessage", seconds=1, where=where)
    )

    writes(own_bot, "Долгопят прыгает")
    own_bot.waits_until(lambda: slow.met, "begin to tell")
    assert own_bot.stop() == 0

    assert own_bot.notices == []
    assert len(alerts(anna, "Долгопят прыгает")) == 1


def test_power_cut_in_the_middle_of_an_alert(own_bot: RunningBot) -> None:
    """Killed while an alert is on its way, the bot does not send it a second time."""
    anna = awake(own_bot, next(_next))
    follows(anna, "броненосец")
    where = {"chat_id": str(anna.user.user_id)}
    slow = own_bot.standin.world.faults.schedule(
        Fault(kind="delay", method="sendMessage", seconds=2, where=where)
    )

    writes(own_bot, "Броненосец свернулся")
    own_bot.waits_until(lambda: slow.met, "begin to tell")
    own_bot.kill()
    own_bot.start()
    writes(own_bot, "Броненосец развернулся")
    waits_for_alert(anna, "Броненосец развернулся")

    assert len(alerts(anna, "Броненосец свернулся")) <= 1


def test_crowd_is_told_within_the_servers_limits(own_bot: RunningBot) -> None:
    """Sixty people hear of two posts, no faster than Telegram allows, and it refuses nothing."""
    world = own_bot.standin.world
    people = [Person(own_bot.standin, 700 + number) for number in range(60)]
    with open_bot_store(own_bot.home / "bot.db") as bot_store:
        for person in people:
            person.chat.bot = "member"
            user_id = person.user.user_id
            bot_store.people.store_client_language(user_id, "ru")
            bot_store.alert_settings.choose_quiet(user_id, 0, 0)
            with open_archive(own_bot.home / "archive.db") as store:
                archive_id, seq = store.archive_id, store.last_seq()
            now = datetime.now(UTC)
            bot_store.saved.save(
                user_id, "панголин", archive_id=archive_id, seq=seq, known=(), now=now
            )
    world.limits.enabled = True

    writes(own_bot, "Панголин утром", "Панголин вечером")
    for person in people:
        person.waits_for(lambda message: "вечером" in message.text, timeout=_SETTLED)

    assert all(len(alerts(person, "Панголин")) == 2 for person in people)
    assert "Telegram asks to wait" not in own_bot.output
