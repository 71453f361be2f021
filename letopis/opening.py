"""Opens what commands work on: the archive, the index and the search of a home folder."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from i18n.messages import say_rebuilt
from letopis.archive_server import archive_address
from letopis.extras import require_extra
from letopis.home import Home
from letopis.languages import terminal_texts, worded
from letopis.naming import find_channels
from letopis.output import complain
from letopis.search_settings import load_search_settings
from model.errors import (
    ArchiveUnwritable,
    IndexForeign,
    IndexUnavailable,
    IndexUnwritable,
    UsageError,
)
from model.messages import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from db import PostStore
    from model.addresses import Address
    from model.posts import ArchivedPost
    from search import PostIndex, Searcher


@contextmanager
def home_archive(home: Home, *, writes: bool = False) -> Iterator[PostStore]:
    """Open the archive of a home, read-only if it is not writable.

    Nothing is created: a folder without an archive was probably mistyped.

    Raises:
        UsageError: There is no archive.
        ArchiveUnwritable: `writes` is set, but it is not writable.
    """
    address = archive_address(home)
    if address == home.archive and (why := home.why_no_archive()):
        raise UsageError(Code.NO_ARCHIVE, home=home.folder, cause=why)
    with _open_archive(home, address, writes=writes) as store:
        yield store


def _open_archive(home: Home, address: Address, *, writes: bool) -> PostStore:
    """Open the archive for writing, which migrates an older one, or for reading."""
    from db import open_archive

    may_write = home.is_writable() if address == home.archive else True
    if writes or may_write:
        try:
            return open_archive(address, creates=False, home=home.folder)
        except ArchiveUnwritable as exc:
            if writes:
                raise
            complain(terminal_texts().terminal.readable.format(error=worded(exc.message)))
    return open_archive(address, read_only=True, home=home.folder)


@contextmanager
def begun_home(home: Home, *, dry_run: bool = False) -> Iterator[Home]:
    """Create an archive if there is none, and say so, as the folder may be mistyped.

    A dry run gets a temporary one.

    Raises:
        ArchiveUnwritable: It cannot be created.
    """
    from db import open_archive

    address = archive_address(home)
    if _has_archive(home, address):
        yield home
        return
    words = terminal_texts().terminal
    with ExitStack() as stack:
        if dry_run:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="letopis-"))
            begun, said = Home(Path(folder), is_temporary=True), words.would_be_begun
        else:
            begun, said = home, words.begun
        open_archive(archive_address(begun)).close()
        complain(said.format(home=home.folder if address == home.archive else address))
        yield begun


def _has_archive(home: Home, address: Address) -> bool:
    from db import has_archive

    if isinstance(address, Path):
        return home.why_no_archive() is None
    home.make()
    return has_archive(address)


@contextmanager
def caught_up_index(home: Home, store: PostStore) -> Iterator[PostIndex]:
    """Open an index and bring it up to date with the archive; report if it was rebuilt.

    If there is no room for that, it is searched as it is.

    Raises:
        IndexUnavailable: There is none, and none can be written.
    """
    with _usable_index(home, store, _catch_up, jobs=cores()) as index:
        yield index


@contextmanager
def home_index(home: Home, store: PostStore, *, jobs: int) -> Iterator[PostIndex]:
    """Open the index as it is, with the configured engine.

    Args:
        home: The home folder; the index may be elsewhere if it cannot be used there.
        store: The archive.
        jobs: How many processes may read posts ahead during a rebuild.

    Raises:
        IndexUnavailable: It cannot be opened.
    """
    with _usable_index(home, store, lambda _: True, jobs=jobs) as index:
        yield index


@contextmanager
def _usable_index(
    home: Home, store: PostStore, prepare: Callable[[PostIndex], bool], *, jobs: int
) -> Iterator[PostIndex]:
    """Open the first usable index; report when one outside the home is created."""
    from search import open_index

    settings = load_search_settings(home)
    if settings.engine == "opensearch":
        require_extra("opensearch", package="opensearchpy")
    failures: list[IndexUnavailable] = []
    with ExitStack() as stack:
        for folder in _index_folders(home, stack):
            try:
                opened = open_index(
                    folder, store, engine=settings.engine, jobs=jobs, cluster=settings.cluster
                )
                index = stack.enter_context(closing(opened))
                is_news = prepare(index)
            except (IndexForeign, IndexUnwritable) as exc:
                failures.append(exc)
            else:
                if failures and is_news:
                    error = worded(failures[0].message)
                    words = terminal_texts().terminal
                    complain(words.index_elsewhere.format(error=error, folder=folder))
                yield index
                return
        raise failures[0]


def _index_folders(home: Home, stack: ExitStack) -> Iterator[Path]:
    """Yield possible folders of the index: in the home, in the user's cache, temporary."""
    yield home.index
    yield home.cached_index
    with suppress(OSError):  # the disk may be full
        parent = stack.enter_context(tempfile.TemporaryDirectory(prefix="letopis-"))
        yield Path(parent, "index")


def _catch_up(index: PostIndex) -> bool:
    """Bring an index up to date if possible; return whether it was rebuilt."""
    from letopis.progress import index_progress
    from search import RebuildReason

    try:
        with index_progress() as progress:
            done = index.catch_up(progress=progress)
    except IndexUnavailable as exc:
        if index.needs_rebuild():
            raise
        _say_lacking(index, exc)
        return False
    if done.reason is not None and done.reason is not RebuildReason.MISSING:
        complain(say_rebuilt(done, terminal_texts()))
    return done.rebuilt


def _say_lacking(index: PostIndex, failure: IndexUnavailable) -> None:
    texts = terminal_texts()
    if behind := index.behind():
        changes = texts.form(behind, texts.terminal.changes).format(number=texts.number(behind))
        error = worded(failure.message)
        complain(texts.terminal.unseen.format(error=error, changes=changes))


@contextmanager
def home_searcher(home: Home) -> Iterator[Searcher]:
    """Open a searcher on the current archive."""
    from search import Searcher

    zone = load_search_settings(home).zone or UTC
    with home_archive(home) as store, caught_up_index(home, store) as index:
        yield Searcher(store, index, zone=zone)


def get_post(store: PostStore, message_id: int, channel: str | None) -> ArchivedPost:
    """Return the post with this number in the named channel, or the only one in any channel.

    Raises:
        UsageError: There is no such post or channel, or several channels have one.
    """
    channels = find_channels(store, channel) if channel else store.channels()
    found = [post for c in channels if (post := store.find(c.channel_id, message_id))]
    if not found:
        raise UsageError(Code.NO_POST, number=str(message_id))
    if len(found) > 1:
        titles = ", ".join(post.channel.title for post in found)
        raise UsageError(Code.AMBIGUOUS_POST, number=str(message_id), names=titles)
    return found[0]


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # pragma: no cover  # on macOS and Windows
