"""Work is done ahead in processes, which end with their parent."""

from __future__ import annotations

import multiprocessing
import os
import signal
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from workers.ahead import run_ahead


def test_results_come_in_order() -> None:
    """Each is that of its work, done by other processes."""
    works = [partial(pow, base, 2) for base in range(20)]
    assert list(run_ahead(works, jobs=2)) == [base * base for base in range(20)]
    assert os.getpid() not in set(run_ahead([os.getpid] * 5, jobs=2))


def test_work_that_fails_says_so_in_its_turn() -> None:
    """What was done before it is not lost."""
    results = run_ahead([partial(int, "1"), partial(int, "one"), partial(int, "3")], jobs=1)
    assert next(results) == 1
    with pytest.raises(ValueError, match="one"):
        next(results)


def test_interrupt_is_for_the_one_that_began_them() -> None:
    """A terminal sends Ctrl-C to all of them: the others neither end by it nor print anything."""
    interrupts = [partial(signal.raise_signal, signal.SIGINT)] * 3
    assert list(run_ahead(interrupts, jobs=2)) == [None] * 3
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_no_more_is_begun_than_can_be_taken() -> None:
    """Work without end is done as far as its results are taken; then the processes end."""
    before = set(multiprocessing.active_children())
    numbers = count()
    results = run_ahead((partial(abs, number) for number in numbers), jobs=2)

    assert [next(results) for _ in range(5)] == [*range(5)]
    assert next(numbers) == 5 + 3  # one for each process, and one more

    del results
    assert set(multiprocessing.active_children()) <= before


def _begin_and_wait(told: Connection) -> None:
    results = run_ahead((partial(abs, number) for number in count()), jobs=2)
    next(results)
    told.send([child.pid for child in multiprocessing.active_children()])
    told.recv()


def test_processes_end_with_the_one_that_began_them() -> None:
    """Even one that is killed leaves nobody behind."""
    context = multiprocessing.get_context("spawn")
    told, tells = context.Pipe()
    beginner = context.Process(target=_begin_and_wait, args=(tells,))
    beginner.start()
    tells.close()
    children = told.recv()
    assert len(children) == 2

    beginner.kill()
    beginner.join()

    # The end of a process that is not one's own can only be waited for by asking.
    while any(map(_is_running, children)):
        pass


def _is_running(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # it ends while we look
        return False
    return state != "Z"
