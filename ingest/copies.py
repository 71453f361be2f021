"""Checks the copies of attached files that the archive refers to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from db import KeptCopy, PostStore
from ingest.media_store import MediaStore

_PORTION = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiesHealth:
    """Counts of referenced copies, and the ones that are `gone` or `damaged`."""

    named: int
    gone: tuple[KeptCopy, ...] = ()
    damaged: tuple[KeptCopy, ...] = ()


def check_copies(
    store: PostStore,
    media: MediaStore,
    *,
    thorough: bool = False,
    progress: Callable[[int, int | None], None] | None = None,
) -> CopiesHealth:
    """Check every copy the archive refers to; a thorough check reads them all."""
    copies = store.kept_copies()
    gone, damaged = [], []
    for number, copy in enumerate(copies):
        if progress is not None and number % _PORTION == 0:
            progress(number, len(copies))
        if media.find(copy.name) is None:
            gone.append(copy)
        elif not media.is_whole(copy.name, size=copy.size, thorough=thorough):
            damaged.append(copy)
    return CopiesHealth(named=len(copies), gone=tuple(gone), damaged=tuple(damaged))
