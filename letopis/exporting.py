"""Exports posts of the archive to a file or folder: all of them, or those of a query."""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import UTC
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from export import Format, format_of, save_posts
from letopis.opening import home_archive, home_searcher
from letopis.progress import export_progress
from letopis.search_settings import load_search_settings
from model.errors import UsageError
from model.messages import Code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from db import PostStore
    from letopis.home import Home
    from letopis.progress import Advance
    from model.posts import ArchivedPost

DATABASE = "db"
_DATABASES = {".db", ".sqlite", ".sqlite3"}
_BATCH = 500


def choose_format(target: str) -> str:
    """Return the format of a target by its name: a `Format`, or `db` for a whole copy.

    A folder is named with a slash at its end, or exists already.

    Raises:
        UsageError: The name does not tell.
    """
    path = Path(target)
    if target.endswith(("/", os.sep)) or path.is_dir():
        return Format.FOLDER
    if is_database_name(path):
        return DATABASE
    if found := format_of(path.suffix):
        return found
    raise UsageError(Code.FORMAT_UNKNOWN, path=target)


def is_database_name(path: Path) -> bool:
    """Return whether a name is that of a SQLite file."""
    return path.suffix.lower() in _DATABASES


def export_posts(home: Home, target: Path, form: Format, query: str, limit: int | None) -> int:
    """Write all posts in reading order, or those of a query in its order; return how many.

    Raises:
        UsageError: The target exists already or is not writable, or there is no archive.
        IndexUnavailable: The index can be neither read nor rebuilt.
    """
    zone = load_search_settings(home).zone or UTC
    with ExitStack() as stack:
        if query:
            searcher = stack.enter_context(home_searcher(home))
            keys = searcher.find_all(query)[:limit]
            posts, total = _posts_of(searcher.store, keys), len(keys)
            title = query
        else:
            store = stack.enter_context(home_archive(home))
            posts, total = islice(store.messages(), limit), store.count_messages()
            title = ", ".join(stored.channel.title for stored in store.channels())
        advance = stack.enter_context(export_progress())
        shown = _advancing(posts, total, advance)
        return save_posts(shown, target, form, title=title, zone=zone)


def _posts_of(store: PostStore, keys: Sequence[int]) -> Iterator[ArchivedPost]:
    for start in range(0, len(keys), _BATCH):
        yield from store.get(keys[start : start + _BATCH])


def _advancing(
    posts: Iterable[ArchivedPost], total: int, advance: Advance
) -> Iterator[ArchivedPost]:
    for number, archived in enumerate(posts):
        if number % _BATCH == 0:
            advance(number, total)
        yield archived
