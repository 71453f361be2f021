"""Progress of long work on standard error: only on a terminal, from the first thing done on."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING

from letopis.languages import terminal_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Advance = Callable[[int, int | None], None]
    """Called with the number done and the number expected, `None` if unknown."""


@contextmanager
def import_progress(path: Path) -> Iterator[Advance]:
    """Show the progress of importing `path`."""
    words = terminal_texts().terminal
    with _bar(words.reading.format(name=path.name), speed=words.posts_a_second) as advance:
        yield advance


@contextmanager
def index_progress() -> Iterator[Advance]:
    """Show the progress of indexing."""
    words = terminal_texts().terminal
    with _bar(words.indexing, speed=words.posts_a_second) as advance:
        yield advance


@contextmanager
def export_progress() -> Iterator[Advance]:
    """Show the progress of writing posts."""
    words = terminal_texts().terminal
    with _bar(words.exporting, speed=words.posts_a_second) as advance:
        yield advance


@contextmanager
def copying_progress(name: str) -> Iterator[Advance]:
    """Show the progress of copying a database."""
    words = terminal_texts().terminal
    with _bar(words.copying.format(name=name), speed=words.rows_a_second) as advance:
        yield advance


@contextmanager
def comparing_progress(name: str) -> Iterator[Advance]:
    """Show the progress of comparing a copy."""
    words = terminal_texts().terminal
    with _bar(words.comparing.format(name=name), speed=words.rows_a_second) as advance:
        yield advance


@contextmanager
def copies_progress() -> Iterator[Advance]:
    """Show the progress of checking copies."""
    words = terminal_texts().terminal
    with _bar(words.checking_copies, speed=words.files_a_second) as advance:
        yield advance


@contextmanager
def _bar(description: str, *, speed: str) -> Iterator[Advance]:
    """Show a bar once something is done: most searches have nothing to index."""
    with ExitStack() as showing:

        @cache
        def bar() -> Advance:
            from letopis.progress_bar import open_bar

            return showing.enter_context(open_bar(description, speed=speed))

        def advance(done: int, total: int | None) -> None:
            bar()(done, total)

        yield advance
