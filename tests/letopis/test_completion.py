"""What the shell offers at the Tab key."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.letopis.conftest import Run

Complete = Callable[[str], Sequence[str]]


@pytest.fixture
def complete(run: Run, monkeypatch: pytest.MonkeyPatch) -> Complete:
    """Return a function that gives what is offered for the last word of a command."""

    def offered(line: str) -> Sequence[str]:
        monkeypatch.setenv("_LETOPIS_COMPLETE", "complete_zsh")
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", f"letopis {line}")
        done = run()
        assert done.err == ""
        return re.findall('"([^"]*)":"', done.out)

    return offered


@pytest.mark.parametrize("line", ["--home {} tags s", "tags --home {} #s", "tags --home={} s"])
def test_tags_are_offered(complete: Complete, sample_home: Path, line: str) -> None:
    """The most used first, from the archive that the line names."""
    mark = "#" if "#" in line else ""
    assert complete(line.format(sample_home)) == [f"{mark}sql", f"{mark}spark"]


def test_a_search_is_offered_tags(complete: Complete, sample_home: Path) -> None:
    """After `#`, which stands in quotes, since a shell would take it for a comment."""
    assert complete(f"search --home {sample_home} спарк '#sp") == ["#spark"]
    assert complete(f"search --home {sample_home} sp") == []


def test_numbers_of_posts_are_offered(complete: Complete, sample_home: Path) -> None:
    """The newest first."""
    offered = complete(f"show --home {sample_home} 4")
    assert offered[:3] == ["48", "46", "45"]
    assert complete(f"similar --home {sample_home} 45") == ["45"]


def test_channels_are_offered(complete: Complete, sample_home: Path) -> None:
    """By title where they have no name, as an argument and as an option."""
    assert complete(f"channels --home {sample_home} ") == ["Данные на заметку"]
    assert complete(f"show --home {sample_home} 4 --channel Д") == ["Данные на заметку"]
    assert complete(f"show --home {sample_home} 4 --channel x") == []


def test_nothing_is_offered_or_made_without_an_archive(complete: Complete, tmp_path: Path) -> None:
    """And nothing is said, in the middle of what a person types."""
    home = tmp_path / "none"
    assert complete(f"tags --home {home} s") == []
    assert not home.exists()
