"""What the archive has learned becomes documents, in this process or ahead of it in others."""

from __future__ import annotations

import gc
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TypeAlias

from db import PostStore, open_archive
from search.documents import Document, document_of
from search.forms import FormCounts

# So many posts are read at a time.
POSTS = 500
# Starting a process takes as long as reading some portions.
_PORTIONS_A_PROCESS = 8

_Ends: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """The documents of some posts, and all the spellings in them."""

    documents: Sequence[Document]
    forms: FormCounts


def read_portions(
    store: PostStore, seq: int, ends: Sequence[int], *, jobs: int
) -> Iterator[Portion]:
    """Yield what changed after `seq`, in portions that end with the changes given.

    A post that changes meanwhile is left for later: its change has another number then.
    """
    portions = pairwise((seq, *ends))
    jobs = min(jobs, len(ends) // _PORTIONS_A_PROCESS)
    if jobs > 1:
        return _read_ahead(store.path, portions, jobs)
    return (_read(store, after, end) for after, end in portions)


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no cycles meanwhile: documents have none, and it takes an eighth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _read(store: PostStore, after: int, end: int) -> Portion:
    changed = store.changed_since(after, limit=POSTS)
    forms = FormCounts()
    documents = [
        document_of(archived, learn=forms.add) for archived in changed if archived.seq <= end
    ]
    return Portion(documents=documents, forms=forms)


def _read_ahead(archive: Path, portions: Iterable[_Ends], jobs: int) -> Iterator[Portion]:
    """Read in fresh processes, one portion more than there are processes at a time.

    They are not forked: a fork could inherit a lock that another thread holds.
    """
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin)
    works = (pool.submit(_read_in_child, archive, after, end) for after, end in portions)
    try:
        ahead: deque[Future[Portion]] = deque(islice(works, jobs + 1))
        while ahead:
            portion = ahead.popleft().result()
            ahead.extend(islice(works, 1))
            yield portion
    finally:
        pool.shutdown(cancel_futures=True)


def _read_in_child(archive: Path, after: int, end: int) -> Portion:
    return _read(_archive_at(archive), after, end)


@cache
def _archive_at(path: Path) -> PostStore:
    """Open the archive once in a process, and for as long as it lives."""
    return open_archive(path, read_only=True)


def _begin() -> None:
    """Look for no cycles, and end with the process that began this one, even if it is killed."""
    gc.disable()
    threading.Thread(target=_end_after, args=(parent_process(),), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:  # pragma: no cover  # coverage ends with the process
    parent.join()
    os._exit(1)
