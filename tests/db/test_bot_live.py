"""The bot remembers which channels it archives, and which posts did not arrive."""

from __future__ import annotations

import pytest

from db import PostStore
from db.bot_live import ApprovalStatus, Gap, LiveChannel
from db.bot_store import BotStore
from tests.db.making import MORNING, a_post, day

CHANNEL = -1001500000001


def _ask(bot_store: BotStore, title: str = "Дневник") -> bool:
    return bot_store.live.ask(CHANNEL, title=title, language="ru", now=MORNING)


def test_a_channel_is_asked_about_once(bot_store: BotStore) -> None:
    """The first word of a channel is news, later ones change nothing."""
    assert bot_store.live.find(CHANNEL) is None
    assert _ask(bot_store)
    assert not _ask(bot_store, title="Другое")

    assert bot_store.live.find(CHANNEL) == LiveChannel(
        chat_id=CHANNEL, title="Дневник", status=ApprovalStatus.ASKED, language="ru"
    )


def test_a_channel_may_have_no_language(bot_store: BotStore) -> None:
    """A channel can be stored without the language of the person who added the bot."""
    bot_store.live.ask(CHANNEL, title="\ud800", language=None, now=MORNING)

    channel = bot_store.live.find(CHANNEL)
    assert channel is not None
    assert (channel.title, channel.language) == ("\ufffd", None)


@pytest.mark.parametrize("verdict", [ApprovalStatus.APPROVED, ApprovalStatus.DENIED])
def test_the_first_decision_holds(bot_store: BotStore, verdict: ApprovalStatus) -> None:
    """An owner decides on a channel that waits, and another one no longer can."""
    assert not bot_store.live.decide(CHANNEL, verdict, by=1, now=MORNING)
    _ask(bot_store)

    assert bot_store.live.decide(CHANNEL, verdict, by=1, now=MORNING)
    assert not bot_store.live.decide(CHANNEL, ApprovalStatus.APPROVED, by=2, now=day(1))

    channel = bot_store.live.find(CHANNEL)
    assert channel is not None
    assert channel.status is verdict


def test_only_an_approved_channel_is_remembered_when_it_leaves(bot_store: BotStore) -> None:
    """A channel that was not approved is forgotten, so that it can be asked about again."""
    _ask(bot_store)
    bot_store.live.forget(CHANNEL)
    assert _ask(bot_store)

    bot_store.live.decide(CHANNEL, ApprovalStatus.APPROVED, by=1, now=MORNING)
    bot_store.live.forget(CHANNEL)
    assert not _ask(bot_store)


def test_a_gap_is_taken_once_its_time_has_come(bot_store: BotStore) -> None:
    """A gap waits for posts that come late, is given out once, and is no news a second time."""
    gap = Gap(chat_id=CHANNEL, first_id=5, last_id=7, channel_id=1)
    bot_store.live.add_gap(gap, now=day(1))

    assert bot_store.live.take_gaps(found_before=MORNING, now=day(2)) == ()
    assert bot_store.live.take_gaps(found_before=day(1), now=day(2)) == (gap,)

    bot_store.live.add_gap(gap, now=day(3))
    assert bot_store.live.take_gaps(found_before=day(4), now=day(4)) == ()


def test_the_archive_tells_its_message_numbers(store: PostStore, channel_id: int) -> None:
    """The numbers of a range come in order, and the highest is known."""
    assert store.last_message_id(channel_id) is None
    store.save(channel_id, [a_post(number, "Слово") for number in (7, 3, 5)], as_of=MORNING)

    assert store.message_ids(channel_id, first_id=3, last_id=6) == (3, 5)
    assert store.message_ids(channel_id + 1, first_id=1, last_id=9) == ()
    assert store.last_message_id(channel_id) == 7
