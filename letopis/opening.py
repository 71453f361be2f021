"""What the commands work on: the archive, the index and the search of a home folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from letopis.home import Home
from letopis.output import complain
from model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from db import PostStore
    from model.posts import ArchivedPost
    from search import PostIndex, Searcher


@contextmanager
def home_archive(home: Home) -> Iterator[PostStore]:
    """Open the archive of a home, to be read alone where it cannot be written.

    A folder without one was mistyped, and is left as it is.

    Raises:
        UsageError: there is no archive.
    """
    from db import open_archive

    if why := home.why_no_archive():
        raise UsageError(
            f"There is no archive in {home.folder} ({why.lower()}): name its home folder with "
            "--home or LETOPIS_HOME, or begin one there with letopis ingest EXPORT."
        )
    with open_archive(home.archive, read_only=not home.is_writable()) as store:
        yield store


@contextmanager
def begun_home(home: Home, *, dry_run: bool = False) -> Iterator[Home]:
    """Begin an archive where there is none yet, and say so: the folder may be mistyped.

    A dry run is given one elsewhere, which is gone afterwards.

    Raises:
        ArchiveUnwritable: it cannot be made.
    """
    from db import open_archive

    if home.why_no_archive() is None:
        yield home
        return
    with ExitStack() as stack:
        if dry_run:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="letopis-"))
            begun, said = (
                Home(Path(folder)),
                "There is no archive in {} yet; it would be a new one.",
            )
        else:
            begun, said = home, "A new archive was begun in {}."
        open_archive(begun.archive).close()
        complain(said.format(home.folder))
        yield begun


@contextmanager
def caught_up_index(home: Home, store: PostStore) -> Iterator[PostIndex]:
    """Open the index and bring it up to date with the archive; say if it had to be built anew.

    Where the home cannot be written that is done to a copy, which is gone afterwards.
    """
    from letopis.progress import index_progress
    from search import RebuildReason

    with ExitStack() as stack:
        folder = None if home.is_writable() else _copied_index(home, stack)
        index = stack.enter_context(home_index(home, store, folder=folder))
        with index_progress() as progress:
            done = index.catch_up(progress=progress)
        if done.reason is not RebuildReason.MISSING and done.said:
            complain(done.said)
        yield index


def _copied_index(home: Home, stack: ExitStack) -> Path:
    parent = stack.enter_context(tempfile.TemporaryDirectory(prefix="letopis-"))
    folder = Path(parent, "index")
    with suppress(OSError):  # what cannot be copied is built anew
        shutil.copytree(home.index, folder, copy_function=shutil.copyfile)
        for path in filter(Path.is_dir, folder.rglob("*")):
            path.chmod(0o700)
    return folder


@contextmanager
def home_index(home: Home, store: PostStore, *, folder: Path | None = None) -> Iterator[PostIndex]:
    """Open the index as it is, with the engine that the settings ask for; or one in a folder."""
    from letopis.settings import load_settings
    from search import open_index

    settings = load_settings(home.folder)
    engine = settings.index.engine
    with closing(open_index(folder or home.index, store, engine=engine, jobs=cores())) as index:
        yield index


@contextmanager
def home_searcher(home: Home) -> Iterator[Searcher]:
    """Open the search over the archive as it is now."""
    from letopis.settings import load_settings
    from search import Searcher

    zone = load_settings(home.folder).zone or UTC
    with home_archive(home) as store, caught_up_index(home, store) as index:
        yield Searcher(store, index, zone=zone)


def get_post(store: PostStore, message_id: int, channel: str | None) -> ArchivedPost:
    """Return the post of this number in the channel named, or in any if there is but one.

    Raises:
        UsageError: there is no such post or channel, or several channels have one.
    """
    channels = store.find_channels(channel) if channel else store.channels()
    if channel and not channels:
        held = ", ".join(stored.channel.title for stored in store.channels())
        raise UsageError(f"The archive holds no channel “{channel}”, but: {held or 'none yet'}.")
    found = [post for c in channels if (post := store.find(c.channel_id, message_id))]
    if not found:
        raise UsageError(f"There is no post {message_id} in the archive; look for it with search.")
    if len(found) > 1:
        titles = ", ".join(post.channel.title for post in found)
        raise UsageError(f"Several channels have a post {message_id} ({titles}): add --channel.")
    return found[0]


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # pragma: no cover  # on macOS and Windows
