"""The photos that Telegram has been given."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from db.bot_store import open_bot_store

_NOW = datetime(2025, 1, 1, tzinfo=UTC)


def test_ids_are_kept_by_name(tmp_path: Path) -> None:
    """An id is found by its photo's name after a restart, renewed, and forgotten."""
    with open_bot_store(tmp_path / "bot.db") as store:
        store.photos.keep({"3f/a.jpg": "one", "3f/b.jpg": "two"}, now=_NOW)
        store.photos.keep({"3f/b.jpg": "three"}, now=_NOW)
        store.photos.keep({}, now=_NOW)
    with open_bot_store(tmp_path / "bot.db") as store:
        assert store.photos.ids(["3f/a.jpg", "3f/b.jpg", "no"]) == {
            "3f/a.jpg": "one",
            "3f/b.jpg": "three",
        }
        store.photos.forget(["3f/a.jpg", "no"])
        assert store.photos.ids(["3f/a.jpg", "3f/b.jpg"]) == {"3f/b.jpg": "three"}
