"""On one machine, leadership is a lock that ends with its process."""

from __future__ import annotations

from pathlib import Path
from stat import S_IMODE

import pytest

from db import PostStore
from db.leadership import FileLeadership
from db.lease import Fence
from model.errors import ArchiveUnwritable
from tests.db.making import a_channel


def never() -> None:
    """Be told of a loss that does not come."""
    pytest.fail("lost")


def test_one_process_leads(tmp_path: Path) -> None:
    """The second one does not, and need not wait; the next one does."""
    first, second = FileLeadership(tmp_path / "bot.lock"), FileLeadership(tmp_path / "bot.lock")

    assert first.take(on_lost=never)
    assert not second.take(on_lost=never)
    assert (first.is_held(), second.is_held(), second.can_wait) == (True, False, False)
    assert S_IMODE((tmp_path / "bot.lock").stat().st_mode) == 0o600

    first.give_up()
    assert not first.is_held()
    assert second.take(on_lost=never)


def test_a_lock_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    """The folder is named."""
    (tmp_path / "bot.lock").mkdir()

    with pytest.raises(ArchiveUnwritable, match="home_unwritable"):
        FileLeadership(tmp_path / "bot.lock").take(on_lost=never)


def test_an_archive_in_a_file_has_roles_of_its_own(store: PostStore) -> None:
    """One process indexes, say; a term elsewhere forbids nothing here."""
    one, other = store.leadership("indexer"), store.leadership("indexer")

    assert one.take(on_lost=never)
    assert not other.take(on_lost=never)
    store.fence_off(Fence(fence_id="of another machine", epoch=7))
    assert store.resolve_channel(a_channel())
    one.give_up()
