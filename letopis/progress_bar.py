"""A progress bar on standard error, if that is a terminal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn
from rich.text import Text

from letopis.languages import terminal_texts
from letopis.terminal import open_console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Task

    from letopis.progress import Advance


class _SpeedColumn(ProgressColumn):
    """Items per second."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self._form = form

    def render(self, task: Task) -> Text:
        if task.speed is None:
            return Text("")
        return Text(self._form.format(number=terminal_texts().number(round(task.speed))))


@contextmanager
def open_bar(description: str, *, speed: str) -> Iterator[Advance]:
    """Show a bar; `speed` is the text of its speed, with a `{number}`."""
    console = open_console(stderr=True)
    progress = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        _SpeedColumn(speed),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    task = progress.add_task(description, total=None)
    with progress:
        yield lambda done, total: progress.update(task, completed=done, total=total)
