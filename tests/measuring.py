"""What coverage measures: the quick tests, and slow tests and processes where a test is `measured`.

Measuring doubles the time of a test, and of a process that imports the whole program. Slow tests
mostly run, under load or kill -9, what the quick ones have run before.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from multiprocessing.forkserver import _forkserver

import pytest
from coverage import Coverage

_FOR_PROCESSES = "COVERAGE_PROCESS_CONFIG"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Leave out the processes that a test starts, and a slow test, unless it is marked."""
    coverage = Coverage.current()
    if coverage is None:
        return (yield)
    if item.get_closest_marker("measured"):
        # Another test may have started it, and its processes would not be measured.
        _forkserver._stop()  # type: ignore[attr-defined]  # it is there for tests
        return (yield)
    is_slow = item.get_closest_marker("slow") is not None
    config = os.environ.pop(_FOR_PROCESSES)
    if is_slow:
        coverage.stop()
    try:
        return (yield)
    finally:
        os.environ[_FOR_PROCESSES] = config
        if is_slow:
            coverage.start()
