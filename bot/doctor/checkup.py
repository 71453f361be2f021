"""Checks the archive, the index and the queues; problems are returned as values."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from bot.live.gaps import Range, find_missing
from bot.services import Services
from ingest import CopiesHealth, check_copies
from model.errors import IndexBusy, LetopisError
from model.messages import Message

if TYPE_CHECKING:
    from db import ImportRow

_FAULTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPosts:
    """Posts of a channel that neither arrived live nor came with an import."""

    channel: str
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveHealth:
    """The state of the archive; `unreadable` says why it could not be checked, if so.

    `schema_faults` lists differences from a new archive, `mixed` channels that look like two chats;
    `added` lists objects of other programs.
    """

    posts: int = 0
    faults: tuple[Message, ...] = ()
    schema_faults: tuple[Message, ...] = ()
    mixed: tuple[Message, ...] = ()
    added: tuple[str, ...] = ()
    last_import: ImportRow | None = None
    missing: tuple[MissingPosts, ...] = ()
    unreadable: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexHealth:
    """The state of the index: its engine, that it is being written, or its problem."""

    engine: str = ""
    is_busy: bool = False
    fault: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Sizes of the home folder's parts and the free space, in bytes."""

    archive: int
    index: int
    state: int
    media: int
    free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """The result of a check."""

    archive: ArchiveHealth
    index: IndexHealth
    copies: CopiesHealth
    sizes: Sizes
    files_waiting: int
    alerts_waiting: int
    posts_waiting: int
    version: str
    python: str


def check_up(services: Services) -> Checkup:
    """Check everything; takes seconds for an archive of gigabytes."""
    return Checkup(
        archive=_check_archive(services),
        index=_check_index(services),
        copies=_check_copies(services),
        sizes=_measure(services),
        files_waiting=len(services.bot_store.uploads.all()),
        alerts_waiting=len(services.bot_store.alerts.waiting()),
        posts_waiting=len(services.spool),
        version=version("letopis"),
        python=platform.python_version(),
    )


def _check_archive(services: Services) -> ArchiveHealth:
    store = services.store
    try:
        faults = store.check()
        return ArchiveHealth(
            posts=store.count_messages(),
            faults=tuple(faults[:_FAULTS]),
            schema_faults=tuple(store.schema_faults()[:_FAULTS]),
            mixed=() if faults else tuple(store.mixed_channels()[:_FAULTS]),
            added=tuple(store.added_by_others()),
            last_import=next(iter(store.imports(limit=1)), None),
            missing=tuple(_missing_posts(services)),
        )
    except LetopisError as exc:
        return ArchiveHealth(unreadable=exc.message)


def _missing_posts(services: Services) -> Iterator[MissingPosts]:
    gaps = services.bot_store.live.gaps()
    for channel in services.bot_store.live.approved():
        ranges = find_missing([gap for gap in gaps if gap.chat_id == channel.chat_id], services)
        if ranges:
            yield MissingPosts(channel=channel.title, ranges=tuple(ranges))


def _check_index(services: Services) -> IndexHealth:
    """Catch up the index, which repairs it if possible."""
    try:
        return IndexHealth(engine=services.searcher.index.catch_up(waits=False).engine)
    except IndexBusy:
        return IndexHealth(is_busy=True)
    except LetopisError as exc:
        return IndexHealth(fault=exc.message)


def _check_copies(services: Services) -> CopiesHealth:
    """Check the copies of files; an unreadable archive has been reported already."""
    if services.media is not None:
        with suppress(LetopisError):
            return check_copies(services.store, services.media)
    return CopiesHealth(named=0)


def _measure(services: Services) -> Sizes:
    home, media = services.store.home, services.media
    return Sizes(
        archive=services.store.disk_usage(),
        index=_size((home / "index").rglob("*")),
        state=_size(home.glob("bot.db*")),
        media=_size(media.folder.rglob("*")) if media else 0,
        free=shutil.disk_usage(home).free,
    )


def _size(paths: Iterable[Path]) -> int:
    """Sum up file sizes; files that vanish meanwhile count as empty."""
    total = 0
    for path in paths:
        with suppress(OSError):
            total += path.lstat().st_size
    return total
