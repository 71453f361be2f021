"""What coverage measures: the quick tests, and slow tests and processes where a test is `measured`.

Measuring doubles the time of a test, and of a process that imports the whole program. Slow tests
mostly run, under load or kill -9, what the quick ones have run before. What they leave in caches
is forgotten, or a quick test after them would not run the lines that are measured by it.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Generator
from functools import _lru_cache_wrapper
from multiprocessing.forkserver import _forkserver

import pytest
from coverage import Coverage

_FOR_PROCESSES = "COVERAGE_PROCESS_CONFIG"

_forgettable: list[_lru_cache_wrapper[object]] = []


def pytest_collection_finish() -> None:
    """Fill, while measured, the caches that hold one value, and find the others."""
    coverage = Coverage.current()
    if coverage is None:
        return
    packages = coverage.get_option("run:source")
    assert isinstance(packages, list)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in packages:
            for cache in vars(module).values():
                if not isinstance(cache, _lru_cache_wrapper) or cache.__module__ != name:
                    continue
                if inspect.signature(cache).parameters:
                    _forgettable.append(cache)
                else:
                    cache()


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
            for cache in _forgettable:
                cache.cache_clear()
            coverage.start()
