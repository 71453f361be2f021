"""A bot that another one may have replaced says and takes nothing more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from telegram.error import NetworkError

IsLeading: TypeAlias = Callable[[], bool]
"""Returns at once whether this bot is certainly the one that works."""


class Superseded(NetworkError):
    """Nothing was sent: whoever calls Telegram is prepared for such a failure."""

    def __init__(self) -> None:
        super().__init__("another bot may have taken over")


def check_leading(is_leading: IsLeading) -> None:
    """Refuse to go on once another bot may have taken over.

    Raises:
        Superseded: It may have.
    """
    if not is_leading():
        raise Superseded
