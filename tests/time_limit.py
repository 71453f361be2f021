"""The limit of time for a test: it ends the test, whatever runs inside."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from types import FrameType

import pytest
from pytest_timeout import Settings, dump_stacks  # type: ignore[import-untyped]  # it has none


class TimeIsUp(KeyboardInterrupt):
    """The test has run for longer than its limit.

    Hypothesis takes every other kind of exception for a counterexample, which it then makes
    smaller by running the test again and again, and asyncio keeps it as the result of the task
    that happened to run.
    """


def pytest_timeout_set_timer(item: pytest.Item, settings: Settings) -> bool:
    """Raise in the main thread at the limit, and again where that was swallowed.

    A machine that has more to do than its processors can takes longer for each test.
    """
    seconds = settings.timeout * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))

    def raise_time_is_up(_signal: int, _frame: FrameType | None) -> None:
        dump_stacks(item.config.get_terminal_writer())
        raise TimeIsUp(f"The test took longer than {seconds:.0f} seconds.")

    signal.signal(signal.SIGALRM, raise_time_is_up)
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
    return True


def pytest_timeout_cancel_timer() -> bool:
    """Switch the limit off."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    """Let the limit end this test, where an interrupt would end the whole run."""
    return (yield from _failing())


pytest_runtest_call = pytest_runtest_teardown = pytest_runtest_setup


def _failing() -> Generator[None, object, object]:
    try:
        return (yield)
    except TimeIsUp as exc:
        pytest.fail(str(exc))
