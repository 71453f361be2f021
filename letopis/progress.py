"""Progress bars on standard error: only on a terminal, from the first thing done on."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn
from rich.text import Text

from letopis.languages import terminal_texts
from letopis.terminal import open_console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rich.progress import Task

    from i18n import Catalogue

    Advance = Callable[[int, int | None], None]
    """Called with the number done and the number expected, `None` if unknown."""


class _SpeedColumn(ProgressColumn):
    """Items per second."""

    def __init__(self, form: str, texts: Catalogue) -> None:
        super().__init__()
        self._form = form
        self._texts = texts

    def render(self, task: Task) -> Text:
        if task.speed is None:
            return Text("")
        return Text(self._form.format(number=self._texts.number(round(task.speed))))


@contextmanager
def import_progress(path: Path) -> Iterator[Advance]:
    """Show the progress of importing `path`."""
    texts = terminal_texts()
    with _bar(texts.terminal.reading.format(name=path.name), texts) as advance:
        yield advance


@contextmanager
def index_progress() -> Iterator[Advance]:
    """Show the progress of indexing."""
    texts = terminal_texts()
    with _bar(texts.terminal.indexing, texts) as advance:
        yield advance


@contextmanager
def copies_progress() -> Iterator[Advance]:
    """Show the progress of checking copies."""
    texts = terminal_texts()
    words = texts.terminal
    with _bar(words.checking_copies, texts, speed=words.files_a_second) as advance:
        yield advance


@contextmanager
def _bar(description: str, texts: Catalogue, *, speed: str = "") -> Iterator[Advance]:
    progress = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        _SpeedColumn(speed or texts.terminal.posts_a_second, texts),
        console=(console := open_console(stderr=True)),
        transient=True,
        disable=not console.is_terminal,
    )
    task = progress.add_task(description, total=None)

    with ExitStack() as showing:

        def advance(done: int, total: int | None) -> None:
            if not (progress.disable or progress.live.is_started):
                showing.enter_context(progress)
            progress.update(task, completed=done, total=total)

        yield advance
