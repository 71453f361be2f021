"""The limit of time for a test: it ends the test, whatever runs inside."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from types import FrameType

import pytest
from pytest_timeout import Settings, dump_stacks  # type: ignore[import-untyped]  # it has none

_SECONDS = pytest.StashKey[float]()


class TimeIsUp(KeyboardInterrupt):
    """The test has run for longer than its limit.

    Hypothesis takes every other kind of exception for a counterexample, which it then makes
    smaller by running the test again and again, and asyncio keeps it as the result of the task
    that happened to run.
    """


def pytest_timeout_set_timer(item: pytest.Item, settings: Settings) -> bool:
    """Note the limit, which is longer where the machine has more to do than its processors can."""
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    item.stash[_SECONDS] = settings.timeout * max(1.0, load)
    return True


def pytest_timeout_cancel_timer() -> bool:
    """Do nothing: the limit ends with each phase of a test."""
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Let the limit end this test, where an interrupt would end the whole run."""
    seconds = item.stash.get(_SECONDS, 0.0)

    def raise_time_is_up(_signal: int, _frame: FrameType | None) -> None:
        dump_stacks(item.config.get_terminal_writer())
        raise TimeIsUp

    signal.signal(signal.SIGALRM, raise_time_is_up)
    try:
        # Should code swallow the first one, there is another.
        signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
        return (yield)
    except TimeIsUp:
        pytest.fail(f"The test took longer than {seconds:.0f} seconds.")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


pytest_runtest_call = pytest_runtest_teardown = pytest_runtest_setup
