"""What tests of uploads share: the labels of the buttons, and what became of files and posts."""

from __future__ import annotations

from pathlib import Path

from db import PostStore
from tests.bot.conftest import World

IMPORT, CANCEL, OTHER = "✅ Импортировать", "✖ Отмена", "↔ Другой канал"


def left(world: World) -> list[Path]:
    """Return the files of uploads that are still there."""
    folder = world.store.path.with_name("uploads")
    return list(folder.iterdir()) if folder.exists() else []


def ids(store: PostStore) -> list[int]:
    """Return the numbers of the posts in the archive."""
    return sorted(archived.post.message_id for archived in store.newest(limit=9999))
