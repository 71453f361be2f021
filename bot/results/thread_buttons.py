"""Buttons that lead from a post to what it answers, its answers, its album and its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.message.message import Button
from bot.transport.callback_data import Action, press
from i18n import Catalogue

if TYPE_CHECKING:
    from db import Thread

_CODE = "💻"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadButtons:
    """The posts around a post, and which of its answer and its next neighbour have code."""

    thread: Thread
    coded: frozenset[int] = frozenset()


def thread_rows(
    around: ThreadButtons, post_id: int, *, session: str, page: int, texts: Catalogue
) -> Sequence[tuple[Button, ...]]:
    """Compose a row for what belongs to a post and a row for its neighbours; either may lack.

    A button is marked if the post that it opens has code.
    """
    thread, words = around.thread, texts.cards

    def opening(label: str, other: int | None) -> Sequence[Button]:
        if other is None:
            return ()
        mark = f" {_CODE}" if other in around.coded else ""
        return [Button(label=label + mark, data=press(Action.OPEN, session, page=page, post=other))]

    def listing(label: str, action: Action, others: Sequence[int]) -> Sequence[Button]:
        if len(others) <= 1:
            return ()
        data = press(action, session, page=page, post=post_id)
        return [Button(label=label.format(number=texts.number(len(others))), data=data)]

    only_answer = thread.answers[0] if len(thread.answers) == 1 else None
    belonging = (
        *opening(words.button_answered, thread.answered),
        *opening(words.button_answer, only_answer),
        *listing(words.button_answers, Action.ANSWERS, thread.answers),
        *listing(words.button_album, Action.ALBUM, thread.album),
    )
    neighbours = (
        *opening(words.button_previous, thread.previous),
        *opening(words.button_next, thread.next),
    )
    return [row for row in (belonging, neighbours) if row]
