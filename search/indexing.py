"""Writes changes of the archive to a generation of its index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from db import PostStore
from search.batches import POSTS, gc_paused, read_batches
from search.documents import Document
from search.engines.failures import EngineFailures
from search.generation import Generation
from search.spelling_counts import SpellingCounts
from search.spellings import Spelling

Progress = Callable[[int, int], None]
"""Called with the documents done and the number expected."""

# Batches per commit: lost if the process is killed, and searchable after the commit.
_COMMIT = 8


def add_later(
    generation: Generation, store: PostStore, seq: int, *, progress: Progress | None
) -> int:
    """Write the changes after `seq`, committing often; return the number of documents.

    Raises:
        EngineDamaged: The generation cannot be read or written.
    """
    written, ends = 0, store.change_numbers(seq, every=POSTS)
    for first in range(0, len(ends), _COMMIT):
        some, done = ends[first : first + _COMMIT], _counting_on(progress, written)
        keep = partial(generation.keep, seed=some[-1])
        written += generation.write(
            _documents(store, seq, some, keep, done, folder=generation.folder)
        )
        seq = some[-1]
    return written


def write_all(
    generation: Generation, store: PostStore, *, jobs: int, progress: Progress | None
) -> int:
    """Write all posts, and their spellings while the engine commits the last posts.

    Raises:
        EngineDamaged: The folder cannot be written.
    """
    ends = store.change_numbers(0, every=POSTS)
    kept: list[Future[None]] = []

    def keep(spellings: Iterable[Spelling]) -> None:
        kept.append(beside.submit(generation.keep, spellings, seed=0))

    with gc_paused(), ThreadPoolExecutor(max_workers=1) as beside:
        written = generation.write(
            _documents(store, 0, ends, keep, progress, folder=generation.folder, jobs=jobs)
        )
        for writing in kept:
            writing.result()
    return written


def _documents(
    store: PostStore,
    seq: int,
    ends: Sequence[int],
    keep: Callable[[Iterable[Spelling]], object],
    progress: Progress | None,
    *,
    folder: Path,
    jobs: int = 1,
) -> Iterator[Document]:
    """Yield the documents of later changes, then store their spellings."""
    expected = store.last_seq() - seq
    spellings, done = SpellingCounts(folder), 0
    for batch in read_batches(store, seq, ends, jobs=jobs):
        yield from batch.documents
        with EngineFailures():
            spellings.add_all(batch.spellings)
        done += len(batch.documents)
        if progress is not None:
            progress(done, max(expected, done))
    keep(spellings.spellings())


def _counting_on(progress: Progress | None, done: int) -> Progress | None:
    """Return a progress callback offset by what was done before."""
    if progress is None or not done:
        return progress
    return lambda more, expected: progress(done + more, done + expected)
