"""The bot remembers what people follow, what was found for them, and what was told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pytest

from db.bot_alert_settings import AlertSettings
from db.bot_saved import AlertMode, SavedSearch
from db.bot_store import BotStore
from tests.db.making import MORNING, day

VERA, IVAN = 1, 2


def _save(
    bot_store: BotStore, query: str = "слово", *, user: int = VERA, known: Iterable[int] = ()
) -> int:
    return bot_store.saved.save(user, query, archive_id="one", seq=10, known=known, now=MORNING)


def _note(bot_store: BotStore, key: int, *posts: tuple[int, int], now: datetime = MORNING) -> None:
    bot_store.alerts.note({key: posts}, upto=max(seq for _, seq in posts), now=now)


def _find(bot_store: BotStore, key: int) -> SavedSearch:
    found = bot_store.saved.find(key)
    assert found is not None
    return found


def _taken(bot_store: BotStore, *keys: int, post_id: int | None = None) -> list[tuple[int, ...]]:
    taken = bot_store.alerts.claim(keys, post_id=post_id)
    assert [each.search.saved_search_id for each in taken] == sorted(
        each.search.saved_search_id for each in taken
    )
    return [each.post_ids for each in taken]


def test_a_search_is_kept_as_it_was_saved(bot_store: BotStore) -> None:
    """What a person follows comes back in the order they began to, and nobody else's."""
    first, second = _save(bot_store, "слово \ud800"), _save(bot_store, "дело")
    _save(bot_store, user=IVAN)

    assert bot_store.saved.of_person(VERA) == (_find(bot_store, first), _find(bot_store, second))
    assert len(bot_store.saved.all()) == 3
    assert _find(bot_store, first) == SavedSearch(
        saved_search_id=first,
        user_id=VERA,
        query="слово \ufffd",
        mode=AlertMode.AT_ONCE,
        created_at=MORNING,
        paused_at=None,
        muted_until=None,
        archive_id="one",
        seq=10,
        opened_seq=10,
    )


def test_a_key_is_never_given_twice(bot_store: BotStore) -> None:
    """The button of a search that was deleted can mean no other one."""
    first = _save(bot_store)
    bot_store.saved.delete(first)

    assert bot_store.saved.find(first) is None
    assert _save(bot_store) > first


def test_a_search_changes(bot_store: BotStore) -> None:
    """Mode, pause and silence are kept, and each can be taken back."""
    key = _save(bot_store)

    bot_store.saved.choose_mode(key, AlertMode.WEEKLY)
    bot_store.saved.mute(key, day(1))
    bot_store.saved.pause(key, MORNING)
    changed = _find(bot_store, key)
    bot_store.saved.mute(key, None)
    bot_store.saved.pause(key, None)

    assert (changed.mode, changed.muted_until, changed.paused_at) == (
        AlertMode.WEEKLY,
        day(1),
        MORNING,
    )
    assert (_find(bot_store, key).muted_until, _find(bot_store, key).paused_at) == (None, None)


def test_what_is_found_waits_and_is_new(bot_store: BotStore) -> None:
    """Posts wait from the moment they were found, until they are taken; opened, they are old."""
    key = _save(bot_store)
    _note(bot_store, key, (5, 11))
    _note(bot_store, key, (6, 12), (7, 12), now=day(1))

    (waiting,) = bot_store.alerts.waiting()
    assert (waiting.posts, waiting.first_at, waiting.last_at) == (3, MORNING, day(1))
    assert waiting.search.saved_search_id == key
    assert (_find(bot_store, key).new, _find(bot_store, key).seq) == (3, 12)

    bot_store.saved.open(key)
    assert _find(bot_store, key).new == 0
    assert bot_store.alerts.found(key, since=10, limit=2) == (7, 6)
    assert bot_store.alerts.found(key, since=10, limit=2, offset=2) == (5,)
    assert bot_store.alerts.count_found(key, since=11) == 2


def test_no_post_is_found_twice(bot_store: BotStore) -> None:
    """What matched when the search was saved, or before, is left as it was."""
    key = _save(bot_store, known=[5])
    _note(bot_store, key, (5, 11), (6, 12))
    assert _taken(bot_store, key) == [(6,)]

    _note(bot_store, key, (6, 13), (5, 14))

    assert bot_store.alerts.waiting() == ()
    assert _taken(bot_store, key) == []
    assert _find(bot_store, key).seq == 14


def test_a_deleted_search_finds_nothing(bot_store: BotStore) -> None:
    """What is found for a search that was deleted meanwhile is dropped."""
    key, other = _save(bot_store), _save(bot_store)
    bot_store.saved.delete(key)

    bot_store.alerts.note({key: [(5, 11)], other: [(6, 11)]}, upto=11, now=MORNING)

    assert [each.search.saved_search_id for each in bot_store.alerts.waiting()] == [other]


def test_matching_position_never_goes_back(bot_store: BotStore) -> None:
    """A search matched up to a later change keeps that position."""
    key = _save(bot_store)

    bot_store.alerts.note({}, upto=9, now=MORNING)
    assert _find(bot_store, key).seq == 10
    bot_store.alerts.note({}, upto=12, now=MORNING)
    assert _find(bot_store, key).seq == 12


def test_a_paused_search_finds_and_tells_nothing(bot_store: BotStore) -> None:
    """What waits at the pause, or is found during it, is new and is not told afterwards."""
    key = _save(bot_store)
    _note(bot_store, key, (5, 11))
    bot_store.saved.pause(key, MORNING)
    _note(bot_store, key, (6, 12))
    bot_store.saved.pause(key, None)

    assert bot_store.alerts.waiting() == ()
    assert _find(bot_store, key).new == 2


def test_one_post_is_taken_from_several_searches(bot_store: BotStore) -> None:
    """A post that several searches found waits once, and is taken from all of them."""
    first, second = _save(bot_store), _save(bot_store, "дело")
    _note(bot_store, first, (5, 12), (6, 11))
    bot_store.alerts.note({second: [(5, 13)]}, upto=13, now=MORNING)

    assert bot_store.alerts.waiting_posts([first, second], limit=4) == (6, 5)
    assert bot_store.alerts.waiting_posts([first, second], limit=1) == (6,)
    assert _taken(bot_store, first, second, post_id=5) == [(5,), (5,)]
    assert _taken(bot_store, first, second) == [(6,)]


def test_what_did_not_go_out_waits_again(bot_store: BotStore) -> None:
    """Posts are put back as they were taken, thousands of them too."""
    key = _save(bot_store)
    _note(bot_store, key, *((number, 11) for number in range(2500)))
    taken = bot_store.alerts.claim([key])
    assert bot_store.alerts.waiting() == ()

    bot_store.alerts.release(taken)

    assert bot_store.alerts.waiting()[0].posts == 2500


def test_saved_searches_restart_on_another_archive(bot_store: BotStore) -> None:
    """Keys and change numbers of another archive mean nothing, and are forgotten."""
    key = _save(bot_store, known=[1])
    _note(bot_store, key, (5, 11))

    bot_store.saved.restart(key, archive_id="two", seq=3, known=[7])
    _note(bot_store, key, (5, 4), (7, 4))

    assert _taken(bot_store, key) == [(5,)]
    assert _find(bot_store, key).archive_id == "two"
    bot_store.saved.delete(key)
    bot_store.saved.restart(key, archive_id="two", seq=3, known=[7])
    assert bot_store.saved.find(key) is None


def test_a_person_is_forgotten(bot_store: BotStore) -> None:
    """With a person go their searches, what was found for them, and what they chose."""
    _note(bot_store, _save(bot_store), (5, 11))
    other = _save(bot_store, user=IVAN)
    bot_store.alert_settings.choose_quiet(VERA, 1, 2)

    assert bot_store.saved.delete_of_person(VERA) == 1
    bot_store.alert_settings.forget(VERA)

    assert bot_store.alerts.waiting() == ()
    assert [each.saved_search_id for each in bot_store.saved.all()] == [other]
    assert bot_store.alert_settings.get(VERA) == AlertSettings(user_id=VERA)


def test_hours_are_chosen(bot_store: BotStore) -> None:
    """Whoever chose nothing is left in peace by night; a choice holds."""
    assert bot_store.alert_settings.get(VERA) == AlertSettings(
        user_id=VERA, quiet_from=22, quiet_to=8
    )

    bot_store.alert_settings.choose_quiet(VERA, 23, 7)
    bot_store.alert_settings.choose_quiet(VERA, 0, 0)

    assert bot_store.alert_settings.get(VERA) == AlertSettings(
        user_id=VERA, quiet_from=0, quiet_to=0
    )


@pytest.mark.parametrize("quiet", [(24, 0), (0, -1)])
def test_only_hours_can_be_chosen(bot_store: BotStore, quiet: tuple[int, int]) -> None:
    """A day has no other hours."""
    with pytest.raises(Exception, match="is_an_hour"):
        bot_store.alert_settings.choose_quiet(VERA, *quiet)


def test_a_digest_is_taken_once(bot_store: BotStore) -> None:
    """Who wants digests is asked after, until the one that is due is taken."""
    bot_store.alert_settings.choose_digest(VERA, MORNING)
    bot_store.alert_settings.choose_quiet(IVAN, 1, 2)
    (due,) = bot_store.alert_settings.with_digest(before=day(7))
    assert due == AlertSettings(user_id=VERA, digested_at=MORNING)

    bot_store.alert_settings.choose_digest(VERA, day(7))

    assert bot_store.alert_settings.with_digest(before=day(7)) == ()
    bot_store.alert_settings.choose_digest(VERA, None)
    assert bot_store.alert_settings.with_digest(before=day(99)) == ()
