"""Standard output: a terminal with a width, or a pipe without wrapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, RenderHook
from rich.segment import Segment

from model.printable import printable

if TYPE_CHECKING:
    from rich.console import ConsoleOptions, ConsoleRenderable, RenderableType, RenderResult

_PIPED_WIDTH = 10_000


def open_console(*, stderr: bool = False) -> Console:
    """Return a console that prints no control sequences except Rich's own.

    In a pipe, nothing is wrapped or cut.
    """
    console = Console(highlight=False, stderr=stderr)
    console.push_render_hook(_Cleaning())
    if not console.is_terminal:
        console.width = _PIPED_WIDTH
    return console


def print_unfilled(console: Console, *blocks: RenderableType) -> None:
    """Print blocks without the trailing spaces that Rich adds."""
    with console.capture() as capture:
        for block in blocks:
            console.print(block)
    print("\n".join(line.rstrip() for line in capture.get().split("\n")[:-1]), flush=True)


class _Cleaning(RenderHook):
    """Sanitises everything a console prints."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Cleaned(renderable) for renderable in renderables]


class _Cleaned:
    """A renderable wrapped so that its text is sanitised."""

    def __init__(self, shown: ConsoleRenderable) -> None:
        self._shown = shown

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for text, style, control in console.render(self._shown, options):
            yield Segment(text if control else printable(text), style, control)
