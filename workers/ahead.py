"""Runs work in parallel processes ahead of its use, and yields the results in order."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_all_start_methods, get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import TypeVar

_Result = TypeVar("_Result")


def run_ahead(
    works: Iterable[Callable[[], _Result]], *, jobs: int, preload: Sequence[str] = ()
) -> Iterator[_Result]:
    """Yield the results of the works in order; at most `jobs` + 1 are unfinished or unclaimed.

    Args:
        works: What to do; works and results are pickled. Exceptions are passed on.
        jobs: Number of processes. They are forked from a server, since a fork of this process could
            inherit a lock held by another thread, and end with this process even if that is killed.
            They ignore Ctrl-C, which a terminal sends to all.
        preload: Modules that the works need, which the server imports once for all processes. The
            server is kept for later calls, and their modules are imported by each process.
    """
    context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    context.set_forkserver_preload(["__main__", *preload])
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_end_with_parent)
    begun = (pool.submit(work) for work in works)
    try:
        with _blocking_sigint():  # processes start with the first work
            ahead: deque[Future[_Result]] = deque(islice(begun, jobs + 1))
        while ahead:
            result = ahead.popleft().result()
            ahead.extend(islice(begun, 1))
            yield result
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _blocking_sigint() -> Iterator[None]:
    """Defer Ctrl-C; processes started meanwhile ignore it for good."""
    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover  # Windows has none
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    threading.Thread(target=_end_after, args=(parent_process(),), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:  # pragma: no cover  # coverage ends with the process
    parent.join()
    os._exit(1)
