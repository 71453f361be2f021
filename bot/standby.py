"""A bot that is ready to work: it waits until it leads, and keeps its index up to date."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from model.errors import ArchiveError, IndexUnavailable, LetopisError
from search import FEW_POSTS

if TYPE_CHECKING:
    from db.leadership import Leadership
    from search import PostIndex

_log = logging.getLogger(__name__)

_PERIOD = timedelta(seconds=1)
"""Between attempts to take over."""
_INDEX_EVERY = 10
"""Attempts between looks at the archive."""


class End(Protocol):
    """What ends the work: for good if it is final, else because another bot has taken over."""

    is_final: bool

    def superseded(self) -> None:
        """Stop the work."""

    def begin_term(self) -> None:
        """Forget that another bot had taken over."""

    async def wait(self) -> None:
        """Wait for the end of the work."""


class Standby:
    """Waits to lead; `on_wait` is called once, when another bot does.

    Meanwhile it indexes new posts if they are `few`.
    """

    def __init__(
        self,
        leadership: Leadership,
        index: PostIndex,
        *,
        on_wait: Callable[[], object],
        period: timedelta = _PERIOD,
        few: int = FEW_POSTS,
    ) -> None:
        self._leadership = leadership
        self._index = index
        self._on_wait = on_wait
        self._period = period.total_seconds()
        self._few = few
        self._is_told = False

    async def takes_over(self, end: End) -> bool:
        """Wait until this bot leads; return whether it does, and the end has not come."""
        end.begin_term()
        attempts = 0
        while not (end.is_final or self._leadership.is_held() or await self._leads(end)):
            self._tell()
            if attempts % _INDEX_EVERY == 0:
                await asyncio.to_thread(self._catch_up)
            attempts += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(self._period):
                    await end.wait()
        return not end.is_final

    async def _leads(self, end: End) -> bool:
        loop = asyncio.get_running_loop()

        def lose() -> None:
            _log.warning("This bot stops its work: another one may have taken over.")
            with suppress(RuntimeError):  # the bot has just ended
                loop.call_soon_threadsafe(end.superseded)

        try:
            leads = await asyncio.to_thread(self._leadership.take, on_lost=lose)
        except LetopisError as exc:
            _log.warning("This bot cannot begin to work: %s", exc)
            return False
        if leads and self._is_told:
            _log.info("this bot has taken over")
        return leads

    def _tell(self) -> None:
        if not self._is_told:
            self._is_told = True
            self._on_wait()

    def _catch_up(self) -> None:
        """Index what is new, unless that takes long: then the bot does it beside its work."""
        try:
            if self._index.behind() <= self._few:
                self._index.catch_up(waits=False)
        except (ArchiveError, IndexUnavailable) as exc:
            _log.info("the index is brought up to date later: %s", exc)
