"""`./run` keeps to an environment that holds what the lock file names, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = ("basename", "cmp", "dirname", "rm", "sh")

pytestmark = pytest.mark.slow  # the built wheel comes without the script


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make a checkout with an environment, on a machine that has no Python."""
    shutil.copy(ROOT / "run", tmp_path)
    (tmp_path / "pyproject.toml").touch()
    for name in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / name).write_text("whoosh==2.7.4\n", "utf-8")
    program = tmp_path / ".venv" / "bin" / "letopis"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "started with $1"\n', "utf-8")
    program.chmod(0o700)
    shutil.copy(tmp_path / "requirements.lock", tmp_path / ".venv" / "requirements.lock.stamp")
    (tmp_path / "tools").mkdir()
    for name in TOOLS:
        (tmp_path / "tools" / name).symlink_to(str(shutil.which(name)))
    return tmp_path


def run(checkout: Path) -> tuple[int, str]:
    """Return the exit code and the output of `./run letopis where`."""
    done = subprocess.run(
        [checkout / "run", "letopis", "where"],
        env={"PATH": str(checkout / "tools")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_environment_is_kept_while_the_lock_files_stay(checkout: Path) -> None:
    """The program is started at once."""
    assert run(checkout) == (0, "started with where\n")


@pytest.mark.parametrize("changed", ["requirements.lock", "requirements-dev.lock"])
def test_environment_of_another_lock_file_is_made_anew(checkout: Path, changed: str) -> None:
    """Packages that it names no longer would stay, and may have the files of those it names."""
    (checkout / ".venv" / f"{changed}.stamp").write_text("whoosh3==3.54.0\n", "utf-8")

    code, said = run(checkout)

    assert (code, said.partition(":")[0]) == (2, "Letopis needs Python 3.11 or newer")
    assert not (checkout / ".venv").exists()
