"""Updates are kept until they are handled, and are left to the next bot otherwise."""

from __future__ import annotations

from db.bot_store import BotStore


def test_what_was_not_handled_is_left_in_order(bot_store: BotStore) -> None:
    """What was handled is forgotten, and what arrives twice is kept once."""
    for key in (5, 3, 4, 5):
        bot_store.inbox.put(key, f"update {key}")
    bot_store.inbox.drop(3)

    assert bot_store.inbox.take_up() == ("update 5", "update 4")


def test_what_was_begun_counts_as_not_seen(bot_store: BotStore) -> None:
    """The next bot handles it once, whether it takes it up or Telegram delivers it again."""
    bot_store.inbox.put(5, "update")
    bot_store.seen_update(5)
    bot_store.seen_update(6)

    bot_store.inbox.take_up()

    assert [bot_store.seen_update(key) for key in (5, 5, 6)] == [False, True, True]


def test_update_that_ends_bots_is_given_up(bot_store: BotStore) -> None:
    """It is tried twice more, and not for ever."""
    bot_store.inbox.put(5, "update")

    assert [len(bot_store.inbox.take_up()) for _ in range(4)] == [1, 1, 0, 0]


def test_update_may_hold_anything(bot_store: BotStore) -> None:
    """What no column can hold is replaced."""
    bot_store.inbox.put(5, "a\ud800")

    assert bot_store.inbox.take_up() == ("a\ufffd",)
