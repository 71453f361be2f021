"""People ask for access, and owners decide, over the wire."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversation.running import OWNERS, RunningBot
from tests.standin.person import Person
from tests.standin.places import Channel
from tests.standin.server import StandIn

pytestmark = pytest.mark.slow

ASK = "Попросить доступ"
_FIRST, _SECOND = OWNERS[0], OWNERS[1]
_CHANNEL = -1001500000001


@pytest.fixture(scope="module")
def door(archive_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBot]:
    """Run a bot of two owners, who let members of a channel in."""
    with StandIn() as standin:
        home = tmp_path_factory.mktemp("door") / "home"
        bot = RunningBot(
            standin,
            home,
            LETOPIS_OWNERS=f"{_FIRST},{_SECOND}",
            LETOPIS_ACCESS="members",
            LETOPIS_MEMBERS_OF=str(_CHANNEL),
        )
        standin.world.poll.hold_repeated = False
        shutil.copytree(archive_home, home)
        Channel(standin, chat_id=_CHANNEL).takes_bot(by=Person(standin, _FIRST))
        bot.start()
        yield bot
        assert bot.stop() == 0
        assert bot.leaks() == []
        assert " ERROR " not in bot.output


@pytest.fixture
def keeper(door: RunningBot) -> Person:
    """Return the first owner, who has talked to the bot."""
    keeper = Person(door.standin, _FIRST, first_name="Хранитель")
    keeper.asks("/start")
    return keeper


def newcomer(bot: RunningBot, user_id: int, *, language_code: str = "ru") -> Person:
    """Return somebody whom the bot does not know."""
    return Person(bot.standin, user_id, first_name="Гость", language_code=language_code)


def test_person_is_let_in_and_led_on(door: RunningBot, keeper: Person) -> None:
    """Asked, approved, told, and led to the post that the link named; access can be taken back."""
    guest = newcomer(door, 900_100)
    refusal = guest.asks("/start p_1")
    guest.waits_for_answer(guest.presses(refusal, ASK))
    request = keeper.waits_for(lambda message: "просит доступ" in message.text)

    keeper.waits_for_answer(keeper.presses(request, "Впустить"))
    news = guest.waits_for(lambda message: "Доступ открыт" in message.text)
    guest.waits_for_answer(guest.presses(news, "Открыть пост"))
    card = guest.waits_for()
    assert card.text
    assert "закрытый" not in card.text
    assert "зелюка" in guest.asks("зелюка").text

    decided = keeper.waits_for(lambda message: "есть доступ" in message.text)
    keeper.waits_for_answer(keeper.presses(decided, "Закрыть доступ"))
    question = keeper.waits_for(lambda message: "Закрыть доступ:" in message.text)
    keeper.waits_for_answer(keeper.presses(question, "Да, закрыть"))
    guest.waits_for(lambda message: "закрыл вам доступ" in message.text)
    assert "закрытый архив" in guest.asks("зелюка").text


def test_guest_sends_no_exports(door: RunningBot, keeper: Person) -> None:
    """Whoever was let in searches, and is told that files are for owners; nobody fetches theirs."""
    guest = newcomer(door, 900_150)
    guest.presses(guest.asks("/start"), ASK)
    request = keeper.waits_for(lambda message: "просит доступ" in message.text)
    keeper.presses(request, "Впустить")
    guest.waits_for(lambda message: "Доступ открыт" in message.text)

    sent = guest.uploads("result.json", b'{"name": "x", "messages": []}')
    refusal = guest.waits_for()
    hint = guest.asks("/import")

    assert refusal.text.startswith("Файлы для архива присылает его владелец.")
    assert "Импорт" not in hint.text
    assert refusal.labels == hint.labels == ()
    assert sent.file
    asked = [call.text("file_id") for call in door.standin.world.calls if call.method == "getfile"]
    assert sent.file.file_id not in asked
    assert not list(door.home.glob("uploads/*"))


def test_denial_is_told_and_holds(door: RunningBot, keeper: Person) -> None:
    """Denied, a person is told so, and cannot ask again at once."""
    guest = newcomer(door, 900_101, language_code="en")
    sent = guest.asks("/start access")
    assert "has been sent" in sent.text
    request = keeper.waits_for(lambda message: "просит доступ" in message.text)

    keeper.waits_for_answer(keeper.presses(request, "Отказать"))
    guest.waits_for(lambda message: "has declined" in message.text)
    refusal = guest.asks("again")
    answer = guest.waits_for_answer(guest.presses(refusal, "Request access"))

    assert answer["alert"] is True
    assert "You can ask again from" in answer["text"]
    assert "private" in guest.asks("/recent").text


def test_nobody_lets_themselves_in(door: RunningBot, keeper: Person) -> None:
    """The data of an owner's button does nothing in another hand."""
    guest, member = newcomer(door, 900_102), newcomer(door, 900_103)
    Channel(door.standin, chat_id=_CHANNEL).takes_bot(by=keeper)
    with door.standin.world.change():
        door.standin.world.members[_CHANNEL, 900_103] = "member"
    refusal = guest.asks("зелюка")
    page = member.asks("зелюка")

    by_guest = guest.waits_for_answer(guest.presses_data(refusal, "1|qy||900102"))
    by_member = member.waits_for_answer(member.presses_data(page, "1|qy||900102"))

    assert "закрытый архив" in by_guest["text"]
    assert by_member["text"] == "Это может только владелец."
    assert "закрытый архив" in guest.asks("зелюка").text


def test_member_of_the_channel_searches(door: RunningBot) -> None:
    """Whom Telegram calls a member is answered at once, others are not."""
    Channel(door.standin, chat_id=_CHANNEL).takes_bot(by=Person(door.standin, _FIRST))
    member, outsider = newcomer(door, 900_104), newcomer(door, 900_105)
    with door.standin.world.change():
        door.standin.world.members[_CHANNEL, 900_104] = "member"
        door.standin.world.members[_CHANNEL, 900_105] = "kicked"

    assert "зелюка" in member.asks("зелюка").text
    assert "закрытый архив" in outsider.asks("зелюка").text


def test_request_and_access_survive_a_restart(door: RunningBot, keeper: Person) -> None:
    """A request that waits is decided after a restart, and access given holds after the next."""
    guest = newcomer(door, 900_106)
    refusal = guest.asks("зелюка")
    guest.waits_for_answer(guest.presses(refusal, ASK))
    request = keeper.waits_for(lambda message: "просит доступ" in message.text)

    door.restart()
    keeper.waits_for_answer(keeper.presses(request, "Впустить"))
    guest.waits_for(lambda message: "Доступ открыт" in message.text)
    door.restart()

    assert "зелюка" in guest.asks("зелюка").text


def test_stranger_is_offered_access_over_inline_results(door: RunningBot) -> None:
    """An inline query of a stranger shows one thing: the way to ask."""
    guest = newcomer(door, 900_107)

    answer = guest.waits_for_results(guest.inline_query("зелюка"))

    assert answer.results == ()
    assert answer.button
    assert answer.button["start_parameter"] == "access"
