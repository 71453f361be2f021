"""People follow searches and are told what is new, over real HTTP, whatever happens meanwhile."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from db import open_archive, open_bot_store
from tests.conversation.channel import CHANNEL, plain_post
from tests.conversation.conftest import running
from tests.conversation.running import RunningBot, command, environment
from tests.standin.faults import Fault
from tests.standin.person import Person
from tests.standin.places import Channel
from tests.standin.server import StandIn
from tests.standin.things import Message

_PEOPLE = range(500, 510)
_SETTLED = 30.0
"""Seconds in which even a heap of posts is told."""

_next = count(_PEOPLE.start)
_numbers = count(5000)


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
    return _awake(bot)


def _awake(bot: RunningBot) -> Person:
    anna = Person(bot.standin, next(_next), first_name="Анна")
    anna.presses(anna.asks("/saved"), "Тихие часы")
    anna.presses(anna.waits_for(kinds=("edit",)), "Писать всегда")
    anna.waits_for(lambda message: "в любое время" in message.text, kinds=("edit",))
    return anna


def _follows(person: Person, query: str) -> None:
    person.says(query)
    page = person.waits_for(lambda message: "🔔 Следить" in message.labels, kinds=("message",))
    answer = person.waits_for_answer(person.presses(page, "Следить"))
    assert "Слежу" in answer["text"]


def _writes(bot: RunningBot, *texts: str) -> None:
    """Write posts into the archive of a running bot, from outside of it."""
    with open_archive(bot.home / "archive.db") as store:
        posts = [plain_post(next(_numbers), text) for text in texts]
        store.save(store.resolve_channel(CHANNEL), posts, as_of=datetime.now(UTC))


def _alerts(person: Person, word: str) -> list[Message]:
    events = [event for event in person.watch.sees() if event.kind == "message"]
    messages = [event.message for event in events if event.message]
    return [each for each in messages if "по подписке" in each.text and word in each.text]


def _waits_for_alert(person: Person, word: str, *, timeout: float = 15.0) -> Message:
    return person.waits_for(
        lambda message: message.text.startswith("🔔") and word in message.text, timeout=timeout
    )


def test_live_post_is_told(bot: RunningBot, anna: Person) -> None:
    """A post of an approved channel reaches whoever follows its words, within seconds."""
    channel = Channel(bot.standin, chat_id=-1003000000777, title="Вестник", username="vestnik")
    channel.takes_bot(by=anna)
    question = anna.waits_for(lambda message: "Вестник" in message.text)
    anna.presses(question, "Архивировать")
    _follows(anna, "муфлон has:tag")

    channel.posts("Про муфлонов без тега")
    post = channel.posts("Большой муфлон\n\nЖивёт в горах #звери")
    alert = _waits_for_alert(anna, "Большой муфлон")

    assert alert.text.startswith("🔔 Новый пост по подписке «муфлон has:tag»")
    assert alert.buttons[0].url == f"https://t.me/vestnik/{post.message_id}"
    channel.edits(post, "Большой муфлон\n\nЖивёт высоко в горах #звери")
    channel.posts("Ещё муфлон #звери")
    _waits_for_alert(anna, "Ещё муфлон")
    assert len(_alerts(anna, "Большой муфлон")) == 1


@pytest.mark.slow
def test_import_of_another_process_is_told_at_once(
    bot: RunningBot, anna: Person, tmp_path: Path
) -> None:
    """What `letopis ingest` adds beside the running bot is one message with a button."""
    _follows(anna, "ехидна")
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
    alert = _waits_for_alert(anna, "ехидна", timeout=_SETTLED)

    assert alert.text.startswith("🔔 40 новых постов по подписке «ехидна»")
    anna.presses(alert, "Показать 40")
    page = anna.waits_for()
    assert page.text.startswith("🔔 ехидна — 40 новых постов")
    anna.presses(page, "›")
    assert "2/8" in anna.waits_for(kinds=("edit",)).labels
    assert len(_alerts(anna, "40 новых")) == 1


def test_flood_is_waited_out(bot: RunningBot, anna: Person) -> None:
    """Refused with 429, an alert comes after the time that was asked for, and once."""
    _follows(anna, "гепард")
    where = {"chat_id": str(anna.user.user_id)}
    flood = bot.standin.world.faults.schedule(
        Fault(kind="flood", method="sendMessage", seconds=2, where=where)
    )

    _writes(bot, "Гепард бежит")
    bot.waits_until(lambda: flood.met, "try")
    assert _alerts(anna, "Гепард") == []

    _waits_for_alert(anna, "Гепард бежит")
    _writes(bot, "Гепард спит")
    _waits_for_alert(anna, "Гепард спит")
    assert len(_alerts(anna, "Гепард бежит")) == 1


@pytest.mark.slow
def test_lost_answer_makes_no_second_alert(bot: RunningBot, anna: Person) -> None:
    """The connection ends before the answer: the alert is there, and comes no second time."""
    _follows(anna, "выхухоль")
    where = {"chat_id": str(anna.user.user_id)}
    bot.standin.world.faults.schedule(Fault(kind="lose", method="sendMessage", where=where))

    _writes(bot, "Выхухоль плывёт")
    _waits_for_alert(anna, "Выхухоль плывёт")
    _writes(bot, "Выхухоль ныряет")
    _waits_for_alert(anna, "Выхухоль ныряет", timeout=_SETTLED)

    assert len(_alerts(anna, "Выхухоль плывёт")) == 1


def test_who_blocks_the_bot_follows_nothing(bot: RunningBot, anna: Person) -> None:
    """Blocked, the bot ends what was followed and does not write again."""
    _follows(anna, "сурикат")
    anna.blocks_bot()

    _writes(bot, "Сурикат стоит")
    bot.waits_until(lambda: "cannot be told" in bot.output, "notice")
    anna.unblocks_bot()
    _writes(bot, "Сурикат сидит")

    assert "0 из 20" in anna.asks("/saved").text
    assert _alerts(anna, "Сурикат") == []


def test_unsubscribed_from_the_alert(bot: RunningBot, anna: Person) -> None:
    """One press under an alert ends it."""
    _follows(anna, "бегемот")
    _writes(bot, "Бегемот зевает")
    alert = _waits_for_alert(anna, "Бегемот")

    answer = anna.waits_for_answer(anna.presses(alert, "Отписаться"))

    assert "Подписка удалена" in answer["text"]
    assert "0 из 20" in anna.asks("/saved").text


@pytest.mark.slow
def test_restart_tells_what_came_meanwhile(own_bot: RunningBot) -> None:
    """What came while the bot was down is told when it is up again, and once."""
    anna = _awake(own_bot)
    _follows(anna, "капибара")

    assert own_bot.stop() == 0
    _writes(own_bot, "Капибара лежит")
    own_bot.start()
    _waits_for_alert(anna, "Капибара лежит")
    own_bot.restart()
    _writes(own_bot, "Капибара встала")
    _waits_for_alert(anna, "Капибара встала")

    assert len(_alerts(anna, "Капибара лежит")) == 1


@pytest.mark.slow
def test_power_cut_in_the_middle_of_an_alert(own_bot: RunningBot) -> None:
    """Killed while an alert is on its way, the bot does not send it a second time."""
    anna = _awake(own_bot)
    _follows(anna, "броненосец")
    where = {"chat_id": str(anna.user.user_id)}
    slow = own_bot.standin.world.faults.schedule(
        Fault(kind="delay", method="sendMessage", seconds=2, where=where)
    )

    _writes(own_bot, "Броненосец свернулся")
    own_bot.waits_until(lambda: slow.met, "begin to tell")
    own_bot.kill()
    own_bot.start()
    _writes(own_bot, "Броненосец развернулся")
    _waits_for_alert(anna, "Броненосец развернулся")

    assert len(_alerts(anna, "Броненосец свернулся")) <= 1


@pytest.mark.slow
def test_crowd_is_told_within_the_servers_limits(own_bot: RunningBot) -> None:
    """Sixty people hear of two posts, no faster than Telegram allows, and it refuses nothing."""
    world = own_bot.standin.world
    people = [Person(own_bot.standin, 700 + number) for number in range(60)]
    with open_bot_store(own_bot.home / "bot.db") as bot_store:
        for person in people:
            person.chat.bot = "member"
            user_id = person.user.user_id
            bot_store.people.note_spoken(user_id, "ru")
            bot_store.followers.choose_quiet(user_id, 0, 0)
            with open_archive(own_bot.home / "archive.db") as store:
                archive_id, seq = store.archive_id, store.last_seq()
            now = datetime.now(UTC)
            bot_store.saved.save(
                user_id, "панголин", archive_id=archive_id, seq=seq, known=(), now=now
            )
    world.limits.enabled = True

    _writes(own_bot, "Панголин утром", "Панголин вечером")
    for person in people:
        person.waits_for(lambda message: "вечером" in message.text, timeout=_SETTLED)

    assert all(len(_alerts(person, "Панголин")) == 2 for person in people)
    assert "Telegram asks to wait" not in own_bot.output
