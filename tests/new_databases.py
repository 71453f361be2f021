"""New archives and new states of the bot, as copies: creating the tables takes 50 milliseconds."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from db import PostStore, open_archive
from db.bot_store import BotStore, open_bot_store


def new_archive(path: Path, **options: Any) -> PostStore:
    """Open an empty archive at a path; those of one test run have the same id."""
    _copy(open_archive, path)
    return open_archive(path, **options)


def new_bot_store(path: Path, **options: Any) -> BotStore:
    """Open a state of the bot at a path, in which nothing has happened."""
    _copy(open_bot_store, path)
    return open_bot_store(path, **options)


def _copy(create: Callable[[Path], PostStore | BotStore], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(_created(create))


@cache
def _created(create: Callable[[Path], PostStore | BotStore]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "new.db")
        create(path).close()
        return path.read_bytes()
