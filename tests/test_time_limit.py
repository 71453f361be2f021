"""A test that takes too long fails, and the others run on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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


def test_limit_ends_whatever_runs(tmp_path: Path) -> None:
    """A loop, a property, a pattern, a task: each ends at its limit, and is told as a failure."""
    path = tmp_path / "test_endless.py"
    path.write_text(ENDLESS, encoding="utf-8")
    options = ("-p", "tests.time_limit", "-o", "timeout=0.2", "-o", "asyncio_mode=auto")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:randomly", *options, str(path)],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert "5 failed, 1 passed" in done.stdout, done.stdout[-3000:]
    assert done.stdout.count("Failed: The test took longer than 0.2 seconds.") == 5
    assert "Falsifying" not in done.stdout
