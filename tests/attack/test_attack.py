"""A short run of each attack; the commands beside this file make long ones."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.attack.faults import Faults
from tests.attack.fuzz import Inputs
from tests.attack.kill import Kills
from tests.attack.report import carry_out

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_a_killed_program_loses_nothing(tmp_path: Path) -> None:
    """Whatever is killed, at whatever moment, what was committed stays and work is completed."""
    assert carry_out(Kills(tmp_path).attacks, seeds=range(6)) == []


def test_faults_of_the_machine_are_survived(tmp_path: Path) -> None:
    """A full disk, missing rights, damage and others at work end in a sentence at worst."""
    assert carry_out(Faults(tmp_path).attacks, seeds=range(10)) == []


def test_hostile_input_is_survived(tmp_path: Path) -> None:
    """Damaged exports are read or refused, and hostile queries answered."""
    with ExitStack() as stack:
        assert carry_out(Inputs(tmp_path, stack).attacks, seeds=range(400)) == []
