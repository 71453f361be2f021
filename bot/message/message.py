"""A message ready to be sent: its text and its buttons, as values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from model.rich_text import RichText

COPY_LENGTH = 256
"""How many characters a button can put on the clipboard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button: pressed it sends `data`, opens `url`, copies `copy` or asks `inline`; one of them.

    `inline` is a query to the bot, put into the text field of a chat that the person chooses.
    """

    label: str
    data: str = ""
    url: str = ""
    copy: str = ""
    inline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """A text and the rows of buttons under it."""

    body: RichText
    rows: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file to be sent."""

    name: str
    content: bytes
    caption: RichText


def pager(
    number: int, pages: int, turn: Callable[[int], str], indicator: str
) -> tuple[Button, ...]:
    """Compose ‹ 2/8 ›, without the arrows that lead nowhere; nothing where there is one page."""
    if pages <= 1:
        return ()
    row = [Button(label=f"{number}/{pages}", data=indicator)]
    if number > 1:
        row.insert(0, Button(label="‹", data=turn(number - 1)))
    if number < pages:
        row.append(Button(label="›", data=turn(number + 1)))
    return tuple(row)
