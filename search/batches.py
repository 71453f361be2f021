"""Turns changes of the archive into documents, in this process or ahead in others."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, pairwise

from db import PostStore, open_archive
from model.addresses import Address
from search.documents import Document, document_of
from search.spelling_counts import SpellingCounts

# Posts read at a time.
POSTS = 250
# Starting a process takes as long as reading some batches.
_BATCHES_PER_PROCESS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The documents of some posts, and all spellings in them."""

    documents: Sequence[Document]
    spellings: SpellingCounts


def read_batches(store: PostStore, seq: int, ends: Sequence[int], *, jobs: int) -> Iterator[Batch]:
    """Yield what changed after `seq`, in batches that end with the given changes.

    A post that changes meanwhile is left for later, since its change number is different then.
    """
    batches = pairwise((seq, *ends))
    jobs = min(jobs, len(ends) // _BATCHES_PER_PROCESS)
    if jobs > 1:
        from workers.ahead import run_ahead  # noqa: PLC0415  # few need other processes

        works = (partial(_read_ahead, store.address, after, end) for after, end in batches)
        return run_ahead(works, jobs=jobs, preload=(__name__,))
    return (_read(store, after, end) for after, end in batches)


@contextmanager
def gc_paused() -> Iterator[None]:
    """Pause garbage collection: documents have no cycles, and it takes an eighth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _read(store: PostStore, after: int, end: int) -> Batch:
    learned: list[AbstractSet[str]] = []
    posts = store.searchable(after, upto=end)
    documents = [document_of(post, learn=learned.append) for post in posts]
    # Counted at the end: counting post by post would thrash the CPU cache.
    return Batch(documents=documents, spellings=SpellingCounts.of(chain.from_iterable(learned)))


def _read_ahead(archive: Address, after: int, end: int) -> Batch:
    """Read a batch in a worker process."""
    gc.disable()  # the process does nothing else
    return _read(_archive_at(archive), after, end)


@cache
def _archive_at(address: Address) -> PostStore:
    """Open the archive once per process, for its lifetime."""
    return open_archive(address, read_only=True)
