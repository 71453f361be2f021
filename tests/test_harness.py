"""The tests end in time, and pass wherever they are started from."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ENDLESS = """
import asyncio, re, time
from hypothesis import given, strategies as st

def spin():
    while True:
        pass

def test_loop():
    spin()

@given(st.integers())
def test_property(number):
    spin()

def test_pattern():
    re.fullmatch("(a+)+", "a" * 50 + "b")

async def test_other_task():
    async def spin_in_task():
        spin()
    task = asyncio.create_task(spin_in_task())
    await asyncio.sleep(3600)

def test_swallowed():
    while True:
        try:
            spin()
        except BaseException as exc:
            if times:
                raise
            times.append(exc)

times = []

def test_after_all():
    pass
"""


def run_pytest(*arguments: str, through: Sequence[str] = ()) -> str:
    """Return what pytest prints in a process of its own."""
    done = subprocess.run(
        [*through, sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:randomly", *arguments],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    return done.stdout


def test_limit_ends_whatever_runs(tmp_path: Path) -> None:
    """A loop, a property, a pattern, a task: each ends at its limit, and is told as a failure."""
    path = tmp_path / "test_endless.py"
    path.write_text(ENDLESS, encoding="utf-8")
    # Pytest's own tracebacks parse the source, which now and then fails on Python 3.11.7
    # (gh-106905).
    options = ("-p", "tests.time_limit", "--tb=native", "-o", "timeout=0.5")

    said = run_pytest(*options, "-o", "asyncio_mode=auto", str(path))

    assert "5 failed, 1 passed" in said, said[-3000:]
    assert len(re.findall(r"^Failed: The test took longer than ", said, re.MULTILINE)) == 5
    assert "Falsifying" not in said


def test_interrupts_are_heard_in_the_background() -> None:
    """A shell has a command in the background ignore SIGINT; what the tests start does not."""
    ignoring = ("sh", "-c", 'trap "" INT && exec "$@"', "sh")

    said = run_pytest("tests/workers/test_ahead.py", "-k", "interrupt", through=ignoring)

    assert "1 passed" in said, said[-3000:]
