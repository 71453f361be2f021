"""Results of work that is done in order, by processes that run ahead of whoever takes them."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from typing import TypeVar

_Result = TypeVar("_Result")


def run_ahead(works: Iterable[Callable[[], _Result]], *, jobs: int) -> Iterator[_Result]:
    """Yield the results of works in their order; one more is begun than there are processes.

    Args:
        works: What is to be done; it is pickled, and so is its result. What it raises is raised.
        jobs: How many processes do it. They are fresh, as a fork could inherit a lock that another
            thread holds, and end with the one that began them, even if it is killed. Ctrl-C is not
            for them, though a terminal sends it to all.
    """
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_end_with_parent)
    begun = (pool.submit(work) for work in works)
    try:
        with _holding_interrupts():  # processes begin with the first work
            ahead: deque[Future[_Result]] = deque(islice(begun, jobs + 1))
        while ahead:
            result = ahead.popleft().result()
            ahead.extend(islice(begun, 1))
            yield result
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _holding_interrupts() -> Iterator[None]:
    """Hear Ctrl-C only afterwards; processes that begin meanwhile never do."""
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
