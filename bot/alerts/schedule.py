"""When a person is told: at once or at the hour of the day or the week, never in quiet hours.

A moment that is yet to come was noted before the clock was set back, and is taken for long ago:
nobody waits until the clock has caught up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from db import Mode

if TYPE_CHECKING:
    from db import Follower, SavedSearch, Waiting

HOUR = 9
"""Of the day and of Monday: when what is told daily, weekly, and the digest fall due."""
FEW = 3
"""So many posts within `WINDOW` come each in a message of its own, more in one together."""
WINDOW = timedelta(minutes=10)
MUTE = timedelta(days=1)
_SETTLED = timedelta(seconds=10)
"""A heap is told when nothing has come for so long: an import is one piece of news, not many."""
_SET_BACK = timedelta(minutes=1)
"""What came more than this from now, came before the clock was set back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """One post to be told, found by any of these saved searches."""

    post_id: int
    saved_search_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """All that waits in these saved searches, to be told in one message."""

    saved_search_ids: tuple[int, ...]
    is_periodic: bool


Step = Single | Bundle


def is_quiet(follower: Follower, now: datetime, zone: tzinfo | None) -> bool:
    """Tell whether a person is to be left in peace; a zone of `None` is that of this machine."""
    first, last, hour = follower.quiet_from, follower.quiet_to, now.astimezone(zone).hour
    if first <= last:
        return first <= hour < last
    return hour >= first or hour < last


def last_due(mode: Mode, now: datetime, zone: tzinfo | None) -> datetime:
    """Return the latest moment at which what was found before fell due."""
    if mode is Mode.AT_ONCE:
        return now
    local = now.astimezone(zone)
    hour = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    step = timedelta(days=1)
    if mode is Mode.WEEKLY:
        hour -= timedelta(days=hour.weekday())
        step = timedelta(days=7)
    return hour if hour <= local else hour - step


def is_muted(search: SavedSearch, now: datetime) -> bool:
    """Tell whether nothing is to be told of a saved search for a while, which is `MUTE` at most."""
    until = search.muted_until
    return until is not None and until - MUTE <= now < until


def is_due(waiting: Waiting, now: datetime, zone: tzinfo | None) -> bool:
    """Tell whether what waits in a saved search is to be told, quiet hours aside."""
    if is_muted(waiting.search, now):
        return False
    return not last_due(waiting.search.mode, now, zone) < waiting.first_at <= now


def next_step(
    due: Sequence[Waiting], posts: Sequence[int], *, told_lately: int, now: datetime
) -> Step | None:
    """Decide what to tell a person next, or that it has to wait.

    `posts` are those due at once, each once, the oldest first, and no more than it takes to see
    that they are many; `told_lately` counts what was told at once within `WINDOW`.
    """
    periodic = [each for each in due if each.search.mode is not Mode.AT_ONCE]
    if periodic:
        return Bundle(saved_search_ids=_keys(periodic), is_periodic=True)
    if posts and told_lately + len(posts) <= FEW:
        return Single(post_id=posts[0], saved_search_ids=_keys(due))
    if posts and not told_lately and _is_settled(due, now):
        return Bundle(saved_search_ids=_keys(due), is_periodic=False)
    return None


def _is_settled(due: Sequence[Waiting], now: datetime) -> bool:
    age = now - max(each.last_at for each in due)
    is_growing = -_SET_BACK <= age < _SETTLED
    return not is_growing or min(each.first_at for each in due) <= now - WINDOW


def _keys(due: Sequence[Waiting]) -> tuple[int, ...]:
    return tuple(each.search.saved_search_id for each in due)
