"""The bot remembers over a restart what its buttons and updates need."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import SearchSession
from db.bot_store import BotStore, open_bot_store
from model.errors import ArchiveError
from tests.db.making import MORNING, day


def _save(bot_store: BotStore, session_id: str = "a1", query: str = "pandas") -> None:
    bot_store.save_session(
        session_id=session_id, user_id=7, chat_id=-100, query=query, state="{}", now=MORNING
    )


def test_a_search_is_kept_under_its_id(bot_store: BotStore) -> None:
    """A button that carries the id finds the search again."""
    _save(bot_store)

    assert bot_store.find_session("a1") == SearchSession(
        session_id="a1",
        user_id=7,
        chat_id=-100,
        query="pandas",
        state="{}",
        created_at=MORNING,
        used_at=MORNING,
    )
    assert bot_store.find_session("a2") is None


def test_a_search_that_goes_on_takes_its_place(bot_store: BotStore) -> None:
    """Turning a page keeps the search's beginning and renews its use."""
    _save(bot_store)
    bot_store.save_session(
        session_id="a1", user_id=7, chat_id=-100, query="polars", state='{"page": 2}', now=day(1)
    )

    session = bot_store.find_session("a1")
    assert session is not None
    assert (session.query, session.state) == ("polars", '{"page": 2}')
    assert (session.created_at, session.used_at) == (MORNING, day(1))


def test_old_searches_are_dropped(bot_store: BotStore) -> None:
    """What was not used since a moment is forgotten, and told in number."""
    _save(bot_store, "a1")
    _save(bot_store, "a2")
    bot_store.save_session(session_id="a2", user_id=7, chat_id=7, query="x", state="{}", now=day(2))

    assert bot_store.drop_sessions(before=day(1)) == 1
    assert bot_store.find_session("a1") is None
    assert bot_store.find_session("a2") is not None


def test_a_search_may_be_for_anything(bot_store: BotStore) -> None:
    """Characters that no file holds do no harm."""
    _save(bot_store, "\ud800", query="a\udfffb")

    session = bot_store.find_session("\ud800")
    assert session is not None
    assert session.query == "a\ufffdb"


def test_a_repeated_update_is_recognised(bot_store: BotStore) -> None:
    """A repeated update is recognised."""
    assert [bot_store.seen_update(number) for number in (5, 6, 5)] == [False, False, True]


def test_only_the_latest_updates_are_remembered(bot_store: BotStore) -> None:
    """Updates are forgotten in the order they came, whatever their numbers."""
    for number in (100, 1, 2, 3):
        bot_store.seen_update(number)

    assert [bot_store.seen_update(number) for number in (3, 2, 1)] == [True, True, True]
    assert not bot_store.seen_update(100)


def test_the_bot_remembers_over_a_restart(tmp_path: Path) -> None:
    """What was kept in one run is there in the next."""
    with open_bot_store(tmp_path / "bot.db") as bot_store:
        _save(bot_store)
        bot_store.seen_update(5)

    with open_bot_store(tmp_path / "bot.db") as bot_store:
        assert bot_store.find_session("a1") is not None
        assert bot_store.seen_update(5)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    """What is no database is not made one."""
    path = tmp_path / "bot.db"
    path.write_text("people = []\n" * 100)

    with pytest.raises(ArchiveError, match="damaged"):
        open_bot_store(path)
