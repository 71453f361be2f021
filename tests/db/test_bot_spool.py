"""Texts of posts wait under their names, in files or in a table that machines share."""

from __future__ import annotations

from db.bot_store import BotStore


def test_what_is_written_is_read(bot_store: BotStore) -> None:
    """A later text takes the place of an earlier one; names are in order."""
    spool = bot_store.spool()
    assert spool.names() == ()
    for name, content in (("b", "1"), ("a", "Слово\0"), ("b", "2")):
        spool.write(name, content)

    assert spool.names() == ("a", "b")
    assert [spool.read(name) for name in "ab"] == ["Слово\0", "2"]


def test_what_is_removed_is_gone(bot_store: BotStore) -> None:
    """Removing it again is no error."""
    spool = bot_store.spool()
    spool.write("a", "1")

    spool.remove("a")
    spool.remove("a")

    assert spool.names() == ()
