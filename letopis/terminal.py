"""Standard output: a terminal with its width, or a pipe, in which a line stays a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from rich.console import RenderableType

_PIPED_WIDTH = 10_000


def open_console() -> Console:
    """Return a console of standard output; where nobody reads there, nothing is folded or cut."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _PIPED_WIDTH
    return console


def print_unfilled(console: Console, *blocks: RenderableType) -> None:
    """Print blocks without the blanks that Rich fills their lines with."""
    with console.capture() as capture:
        for block in blocks:
            console.print(block)
    print("\n".join(line.rstrip() for line in capture.get().splitlines()), flush=True)
