"""A message to be sent, as values: its text and buttons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from model.rich_text import RichText

COPY_LENGTH = 256
"""Maximum number of characters a button can copy to the clipboard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button with one action: send `data`, open `url`, copy `copy`, or start the query `inline`.

    `inline` is put into the input field of a chat that the person chooses.
    """

    label: str
    data: str = ""
    url: str = ""
    copy: str = ""
    inline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """A text and the rows of buttons below it."""

    body: RichText
    rows: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file to send, and the rows of buttons below it."""

    name: str
    content: bytes
    caption: RichText
    rows: tuple[tuple[Button, ...], ...] = ()


def pager(
    number: int, pages: int, turn: Callable[[int], str], indicator: str, *, onward: str = ""
) -> tuple[Button, ...]:
    """Compose ‹ 2/8 ›, without arrows that lead nowhere; empty if there is only one page.

    `onward` is what the next page holds, if it is something else.
    """
    if pages <= 1:
        return ()
    row = [Button(label=f"{number}/{pages}", data=indicator)]
    if number > 1:
        row.insert(0, Button(label="‹", data=turn(number - 1)))
    if number < pages:
        row.append(Button(label=f"{onward} ›".lstrip(), data=turn(number + 1)))
    return tuple(row)
