"""The bot survives network failures and a strict server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.conversation.conftest import owner
from tests.conversation.running import RunningBot
from tests.standin.faults import Fault, Faults
from tests.standin.person import Person
from tests.standin.raw import asker

pytestmark = pytest.mark.slow

PATIENCE = 60.0


@pytest.fixture
def faults(battered_bot: RunningBot) -> Iterator[Faults]:
    """Return the faults to come; none outlives its test."""
    battered_bot.forgets()
    yield battered_bot.standin.world.faults
    battered_bot.standin.world.faults.clear()


@pytest.fixture
def anna(battered_bot: RunningBot, faults: Faults) -> Person:
    """Return an owner whom no other test has met."""
    return owner(battered_bot)


def goes_on(anna: Person) -> bool:
    """Tell whether a search is answered now, however long the library rests before it polls."""
    return "зелюка" in anna.asks("зелюка", timeout=PATIENCE).text


def meet(bot: RunningBot, *faults: Fault) -> None:
    """Wait until faults have struck."""
    bot.waits_until(lambda: all(fault.met for fault in faults), "meet the faults")


def test_flood_is_waited_out(faults: Faults, anna: Person) -> None:
    """An answer that comes too fast for the server is sent when its time has come."""
    fault = faults.schedule(Fault(kind="flood", method="sendMessage", seconds=1))

    started = time.monotonic()

    assert goes_on(anna)
    assert fault.met == 1
    assert time.monotonic() - started >= 1


def test_bad_gateway_is_survived(battered_bot: RunningBot, faults: Faults, anna: Person) -> None:
    """A page of HTML in place of an answer is one line in the log, and later ones are sent."""
    failure = faults.schedule(Fault(kind="gateway", method="sendMessage"))
    anna.says("зелюка")
    meet(battered_bot, failure)

    assert goes_on(anna)
    assert len(battered_bot.notices) == 1
    assert "Bad Gateway" in battered_bot.notices[0]


@pytest.mark.parametrize("kind", ["gateway", "drop"])
def test_lost_poll_is_survived(
    battered_bot: RunningBot, faults: Faults, anna: Person, kind: str
) -> None:
    """A poll that breaks is one line in the log, and the next one brings what was said."""
    failure = faults.schedule(Fault(kind=kind, method="getUpdates", seconds=0))
    assert goes_on(anna)
    meet(battered_bot, failure)

    assert goes_on(anna)
    assert len(battered_bot.notices) == 1
    assert "could not be reached" in battered_bot.notices[0]


def test_lost_answer_to_a_press_is_survived(
    battered_bot: RunningBot, faults: Faults, anna: Person
) -> None:
    """A press whose answer is lost on the way does no harm to the next one."""
    page = anna.asks("зелюка")
    meet_it = faults.schedule(Fault(kind="lose", method="answerCallbackQuery"))
    anna.presses(page, "›")
    meet(battered_bot, meet_it)

    anna.presses(page, "›")

    assert "2/3" in anna.waits_for().labels


def test_stale_press_is_swallowed(battered_bot: RunningBot, faults: Faults, anna: Person) -> None:
    """A press that comes too late to be answered is no error to anybody."""
    page = anna.asks("зелюка")
    stale = faults.schedule(
        Fault(kind="refuse", method="answerCallbackQuery", text="QUERY_ID_INVALID")
    )
    anna.presses(page, "›")
    meet(battered_bot, stale)

    assert goes_on(anna)
    assert battered_bot.notices == []


def test_second_poller_is_told_in_one_sentence(
    battered_bot: RunningBot, faults: Faults, anna: Person
) -> None:
    """Where another program polls, one line says so and what to do, and polling goes on."""
    asker(battered_bot.standin)("getUpdates", offset=-1)
    battered_bot.waits_until(lambda: battered_bot.notices, "tell of the conflict")

    assert goes_on(anna)
    assert len(battered_bot.notices) == 1
    assert "Another program receives this bot's messages" in battered_bot.notices[0]


def test_odd_updates_are_passed_over(
    battered_bot: RunningBot, faults: Faults, anna: Person
) -> None:
    """An update twice is answered once; unknown kinds and fields disturb nobody."""
    updates = battered_bot.standin.world.updates
    anna.asks("зелюка")
    with battered_bot.standin.world.change():
        updates.repeat_last()
        updates.push("brain_wave", {"hz": 8}, always=True)

    anna.says("куздра", brand_new_field={"a": [1]})

    assert "куздра" in anna.waits_for().text.splitlines()[0]
    assert sum(event.kind == "message" for event in anna.watch.sees()) == 2
    assert battered_bot.notices == []


def test_person_who_blocks_the_bot_disturbs_nobody(
    battered_bot: RunningBot, faults: Faults, anna: Person
) -> None:
    """An answer that cannot be delivered is noted in one line, and others are answered."""
    gone = owner(battered_bot)
    assert goes_on(gone)
    gone.chat.bot = "kicked"

    gone.says("зелюка")
    battered_bot.waits_until(lambda: battered_bot.notices, "note it")

    assert goes_on(anna)
    assert len(battered_bot.notices) == 1
    assert "blocked by the user" in battered_bot.notices[0]


def test_people_who_ask_at_once_are_all_answered(battered_bot: RunningBot, faults: Faults) -> None:
    """A dozen searches at the same time get a dozen answers."""
    people = [owner(battered_bot) for _ in range(12)]

    for person in people:
        person.says("зелюка")

    assert all("зелюка" in person.waits_for(timeout=PATIENCE).text for person in people)


def test_hasty_person_is_answered_in_the_end(
    battered_bot: RunningBot, faults: Faults, anna: Person
) -> None:
    """Whoever asks faster than the server lets a bot answer gets every answer a little later."""
    limits = battered_bot.standin.world.limits
    limits.enabled = True
    for _ in range(8):
        anna.says("зелюка")

    answers = [anna.waits_for(timeout=PATIENCE) for _ in range(8)]
    limits.enabled = False

    assert all("зелюка" in answer.text for answer in answers)


def test_slow_answer_to_one_holds_up_nobody_else(
    battered_bot: RunningBot, faults: Faults, anna: Person
) -> None:
    """While one chat waits for the network, another is answered."""
    slow = owner(battered_bot)
    where = {"chat_id": str(slow.chat.chat_id)}
    faults.schedule(Fault(kind="delay", method="sendMessage", seconds=1.5, where=where))
    slow.says("зелюка")

    assert goes_on(anna)
    assert not [event for event in slow.watch.sees() if event.kind == "message"]
    assert "зелюка" in slow.waits_for().text


def test_token_is_written_nowhere(battered_bot: RunningBot, faults: Faults, anna: Person) -> None:
    """With everything logged and half of it failing, no output and no file holds the token."""
    page = anna.asks("зелюка")
    failures = [
        faults.schedule(Fault(kind=kind, method=method, seconds=0, code=code, text=text))
        for kind, method, code, text in [
            ("refuse", "sendMessage", 400, "something new"),
            ("refuse", "sendMessage", 404, "Not Found"),
            ("refuse", "editMessageText", 500, "Internal Server Error"),
        ]
    ]
    anna.says("зелюка")
    anna.presses(page, "›")
    meet(battered_bot, *failures)

    assert goes_on(anna)
    token = battered_bot.standin.token
    assert " DEBUG " in battered_bot._output.read_text("utf-8")
    assert battered_bot.leaks() == []
    assert token not in battered_bot.output
    assert quote(token, safe="") not in battered_bot.output
