"""Every way to the archive, tried by people of every standing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.bot_people import AccessStatus
from db.bot_store import open_bot_store
from tests.conversation.conftest import running
from tests.conversation.running import RunningBot
from tests.conversation.test_access import tells_nothing
from tests.standin.person import Person
from tests.standin.places import Channel, Group
from tests.standin.server import StandIn
from tests.standin.things import Message

pytestmark = pytest.mark.slow

_OWNER = 500
_CHANNEL = -1001500000001
_NOW = datetime.now(UTC)

IN = {"owner": _OWNER, "approved": 920_001, "member": 920_002, "approved, not a member": 920_003}
OUT = {
    "stranger": 920_011,
    "asked": 920_012,
    "denied": 920_013,
    "revoked": 920_014,
    "revoked member": 920_015,
    "thrown out of the channel": 920_016,
}


@pytest.fixture(scope="module")
def people(archive_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    """Run a bot that lets members of a channel in, and knows people of every standing."""
    with StandIn() as standin:
        home = tmp_path_factory.mktemp("matrix") / "home"
        bot = RunningBot(
            standin,
            home,
            LETOPIS_OWNERS=str(_OWNER),
            LETOPIS_ACCESS="members",
            LETOPIS_MEMBERS_OF=str(_CHANNEL),
        )
        people = People(standin)
        started = running(bot, archive_home, before=lambda: people.get_their_standings(home))
        next(started)
        people.meet_the_bot()
        yield people
        assert next(started, None) is None
        assert " ERROR " not in bot.output


class People:
    """One person of every standing, each in a private chat, and all in a group."""

    def __init__(self, standin: StandIn) -> None:
        self.standin = standin
        self.inside = {name: Person(standin, number) for name, number in IN.items()}
        self.outside = {name: Person(standin, number) for name, number in OUT.items()}
        self.everyone = [*self.inside.values(), *self.outside.values()]
        self.group = Group(standin, chat_id=-1001000000888)
        self.first_words: dict[Person, Message] = {}
        self.first_answers: dict[Person, Message] = {}

    def meet_the_bot(self) -> None:
        """Let everyone say something, to which there is an answer."""
        self.first_words = {person: person.says("зелюка") for person in self.everyone}
        self.first_answers = {
            person: person.waits_for(lambda message: "администратором" not in message.text)
            for person in self.everyone
        }

    def get_their_standings(self, home: Path) -> None:
        """Write down what the owner has decided, and who is in the channel."""
        channel = Channel(self.standin, chat_id=_CHANNEL)
        channel.takes_bot(by=self.inside["owner"])
        channel.has(self.inside["member"])
        channel.has(self.inside["approved, not a member"], "left")
        channel.has(self.outside["revoked member"])
        channel.has(self.outside["thrown out of the channel"], "kicked")
        decisions = {
            IN["approved"]: [AccessStatus.APPROVED],
            IN["approved, not a member"]: [AccessStatus.APPROVED],
            OUT["asked"]: [],
            OUT["denied"]: [AccessStatus.DENIED],
            OUT["revoked"]: [AccessStatus.APPROVED, AccessStatus.REVOKED],
            OUT["revoked member"]: [AccessStatus.APPROVED, AccessStatus.REVOKED],
        }
        with open_bot_store(home / "bot.db") as store:
            for number, decided in decisions.items():
                store.people.ask(
                    number,
                    name="X",
                    spoken="ru",
                    target=0,
                    now=_NOW,
                    rested_since=_NOW - timedelta(days=7),
                )
                for status in decided:
                    store.people.decide(
                        number, status, instead_of=tuple(AccessStatus), by=_OWNER, now=_NOW
                    )

    def all_do(self, action: Callable[[Person], object]) -> None:
        """Let everyone do something at the same time."""
        for person in self.everyone:
            person.watch.looks_away()
        for person in self.everyone:
            action(person)


def test_words_are_answered_to_those_inside(people: People) -> None:
    """They see posts; all others are refused."""
    for person in people.inside.values():
        assert "зелюка" in people.first_answers[person].text
    for person in people.outside.values():
        assert "закрытый архив" in people.first_answers[person].text
        assert tells_nothing(person)


@pytest.mark.parametrize("text", ["/recent", "/start p_1"], ids=["command", "link to a post"])
def test_archive_opens_to_those_inside_alone(people: People, text: str) -> None:
    """Other ways lead them to posts, and all others to the same refusal."""
    people.all_do(lambda person: person.says(text))

    answers = {person: person.waits_for() for person in people.everyone}
    for person in people.inside.values():
        assert "закрытый архив" not in answers[person].text
        assert answers[person].buttons
    for person in people.outside.values():
        assert "закрытый архив" in answers[person].text
        assert tells_nothing(person)


@pytest.mark.parametrize("data", ["1|m||1", "1|op||1"], ids=["menu", "a post"])
def test_buttons_serve_those_inside_alone(people: People, data: str) -> None:
    """A press that is forged, or of a button that was seen elsewhere, helps nobody in."""
    presses: dict[Person, str] = {}

    def do(person: Person) -> None:
        presses[person] = person.presses_data(people.first_answers[person], data)

    people.all_do(do)

    for person in people.inside.values():
        assert "закрытый архив" not in person.waits_for().text
    for person in people.outside.values():
        assert "закрытый архив" in person.waits_for_answer(presses[person])["text"]
        assert tells_nothing(person)


def test_inline_results_are_for_those_inside(people: People) -> None:
    """An empty query shows the newest posts to those inside, to others the way to ask."""
    answers = {person: person.inline_query("") for person in people.everyone}

    for person in people.inside.values():
        assert person.waits_for_results(answers[person]).results
    for person in people.outside.values():
        answer = person.waits_for_results(answers[person])
        assert (answer.results, bool(answer.button)) == ((), True)


def test_group_hears_answers_to_those_inside(people: People) -> None:
    """In a group only they are answered, and each in reply."""
    asked = {
        name: people.group.hears(person, "/search@letopis_standin_bot зелюка").message_id
        for name, person in {**people.outside, **people.inside}.items()
    }

    replies = {people.group.watch.waits_for().reply_to for _ in people.inside}

    assert replies == {asked[name] for name in people.inside}
    assert sum(event.kind == "message" for event in people.group.watch.sees()) == len(replies)


def test_files_are_taken_from_owners_alone(people: People) -> None:
    """What others send is not even fetched, whatever it is."""
    page = b"<html><body>no export</body></html>"
    others = [person for person in people.everyone if person.user.user_id != _OWNER]

    for person in others:
        person.watch.looks_away()
        person.uploads("messages.html", page)

    assert all(person.waits_for().text for person in others)
    assert all(tells_nothing(person) for person in people.outside.values())
    assert not [call for call in people.standin.world.calls if call.method == "getfile"]


def test_what_the_bot_did_not_ask_for_leads_nowhere(people: People) -> None:
    """Corrected messages, chosen results and joins are nobody's way in, and disturb nobody."""
    updates = people.standin.world.updates
    words = people.first_words
    people.all_do(lambda person: person.corrects(words[person], "куздра", always=True))
    for person in people.everyone:
        with people.standin.world.change():
            chosen = {"result_id": "p1", "from": person.user.as_json(), "query": "зелюка"}
            updates.push("chosen_inline_result", chosen, always=True)
        person.blocks_bot()
        person.unblocks_bot()

    queries = {person: person.inline_query("барабулька") for person in people.everyone}

    for person in people.everyone:
        person.waits_for_results(queries[person])
        texts = [event.message.text for event in person.watch.sees() if event.message]
        assert not any("куздра" in text.casefold() for text in texts)
    assert all(tells_nothing(person) for person in people.outside.values())
