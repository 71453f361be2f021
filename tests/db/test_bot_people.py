"""Who asked for the bot, what its owners decided, and what is forgotten on request."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db.bot_people import AccessStatus, Person
from db.bot_store import BotStore
from tests.db.making import MORNING

_OWNER = 1
_WEEK = timedelta(days=7)


def _ask(bot_store: BotStore, user_id: int = 9, *, days: int = 0, name: str = "Вера") -> bool:
    now = MORNING + timedelta(days=days)
    return bot_store.people.ask(
        user_id, name=name, spoken="ru", target=5, now=now, rested_since=now - _WEEK
    )


def _decide(
    bot_store: BotStore,
    status: AccessStatus,
    *instead_of: AccessStatus,
    user_id: int = 9,
    days: int = 0,
) -> bool:
    now = MORNING + timedelta(days=days)
    return bot_store.people.decide(user_id, status, instead_of=instead_of, by=_OWNER, now=now)


def test_a_request_is_kept_once(bot_store: BotStore) -> None:
    """The first request is news; one that waits already is not."""
    assert _ask(bot_store)
    assert not _ask(bot_store, days=30)
    assert bot_store.people.find(9) == Person(
        user_id=9, name="Вера", status=AccessStatus.ASKED, spoken="ru", target=5, asked_at=MORNING
    )
    assert bot_store.people.find(8) is None


def test_a_decision_holds_once(bot_store: BotStore) -> None:
    """Of two owners the first decides; who was let in need not ask again."""
    _ask(bot_store)
    assert _decide(bot_store, AccessStatus.APPROVED, AccessStatus.ASKED, days=1)
    assert not _decide(bot_store, AccessStatus.DENIED, AccessStatus.ASKED, days=2)
    assert not _ask(bot_store, days=30)
    person = bot_store.people.find(9)
    assert person
    assert person.status is AccessStatus.APPROVED
    assert (person.decided_by, person.decided_at) == (_OWNER, MORNING + timedelta(days=1))


@pytest.mark.parametrize("refusal", [AccessStatus.DENIED, AccessStatus.REVOKED])
def test_a_refused_person_may_ask_again_later(bot_store: BotStore, refusal: AccessStatus) -> None:
    """A refusal rests for the time given, and no shorter."""
    _ask(bot_store)
    assert _decide(bot_store, refusal, AccessStatus.ASKED)
    assert not _ask(bot_store, days=6)
    assert _ask(bot_store, days=7, name="\ud800")
    person = bot_store.people.find(9)
    assert person
    assert (person.status, person.name) == (AccessStatus.ASKED, "\ufffd")


def test_people_are_listed_by_standing(bot_store: BotStore) -> None:
    """Those who wait come first, then the others by name."""
    for user_id, name in ((2, "Яна"), (3, "Анна"), (4, "Юлия"), (5, "Никто")):
        _ask(bot_store, user_id, name=name)
    for user_id in (2, 3):
        _decide(bot_store, AccessStatus.APPROVED, AccessStatus.ASKED, user_id=user_id)
    _decide(bot_store, AccessStatus.DENIED, AccessStatus.ASKED, user_id=5)

    listed = bot_store.people.with_status(AccessStatus.ASKED, AccessStatus.APPROVED)

    assert [person.name for person in listed] == ["Юлия", "Анна", "Яна"]


def test_a_language_is_chosen_with_and_without_a_request(bot_store: BotStore) -> None:
    """Owners choose a language too; nobody else's changes, and asking keeps it."""
    people = bot_store.people
    people.choose_language(9, "en")
    people.choose_language(8, "ru")
    people.choose_language(8, "en")
    people.choose_language(7, "en")
    people.choose_language(7, None)
    assert _ask(bot_store)

    assert people.languages() == {9: "en", 8: "en"}
    found = people.find(9)
    assert found
    assert (found.status, found.language) == (AccessStatus.ASKED, "en")


def test_the_language_of_a_telegram_is_noted(bot_store: BotStore) -> None:
    """What a person's Telegram speaks is known for when they are told something unasked."""
    bot_store.people.store_client_language(8, "de")
    bot_store.people.store_client_language(8, None)
    bot_store.people.store_client_language(9, "\ud800")

    assert bot_store.people.find(8) == Person(user_id=8, name="")
    assert bot_store.people.find(9) == Person(user_id=9, name="", spoken="\ufffd")


def test_forgetting_leaves_the_decision_alone(bot_store: BotStore) -> None:
    """Searches and choices go; what lets a person in, or keeps them out, stays."""
    for user_id in (8, 9):
        for number in range(2):
            bot_store.save_session(
                session_id=f"{user_id}{number}",
                user_id=user_id,
                chat_id=user_id,
                query="x",
                state="{}",
                now=MORNING,
            )
        bot_store.people.choose_language(user_id, "en")
    _ask(bot_store)
    _decide(bot_store, AccessStatus.APPROVED, AccessStatus.ASKED)
    assert bot_store.people.count_sessions(9) == 2

    assert [bot_store.people.forget(user_id) for user_id in (9, 8, 7)] == [2, 2, 0]

    assert bot_store.people.count_sessions(9) == 0
    assert bot_store.people.languages() == {}
    assert bot_store.people.find(8) is None
    person = bot_store.people.find(9)
    assert person
    assert (person.status, person.target) == (AccessStatus.APPROVED, 0)
