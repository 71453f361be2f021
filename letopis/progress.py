"""Progress of long work: a bar on a terminal, on standard error; silence elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn
from rich.text import Text

from letopis.terminal import open_console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rich.progress import Task

    Advance = Callable[[int, int | None], None]
    """Called with the number done and the number expected, `None` while that is unknown."""


class _SpeedColumn(ProgressColumn):
    """So many a second."""

    def __init__(self, noun: str) -> None:
        super().__init__()
        self._noun = noun

    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:,.0f} {self._noun}/s")


@contextmanager
def import_progress(path: Path) -> Iterator[Advance]:
    """Show how far the import of `path` is."""
    with _bar(f"Reading {path.name}") as advance:
        yield advance


@contextmanager
def index_progress() -> Iterator[Advance]:
    """Show how far the indexing is."""
    with _bar("Indexing") as advance:
        yield advance


@contextmanager
def copies_progress() -> Iterator[Advance]:
    """Show how far the check of copies is."""
    with _bar("Checking copies", noun="files") as advance:
        yield advance


@contextmanager
def _bar(description: str, *, noun: str = "posts") -> Iterator[Advance]:
    progress = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        _SpeedColumn(noun),
        console=(console := open_console(stderr=True)),
        transient=True,
        disable=not console.is_terminal,
    )
    task = progress.add_task(description, total=None)

    def advance(done: int, total: int | None) -> None:
        progress.update(task, completed=done, total=total)

    with progress:
        yield advance
