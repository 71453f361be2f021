"""Decides when alerts are sent: at once, daily or weekly, never in quiet hours.

A time in the future was recorded before the clock was set back and counts as long ago, so that
nobody waits for the clock to catch up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from db.bot_saved import AlertMode

if TYPE_CHECKING:
    from db.bot_alert_settings import AlertSettings
    from db.bot_alerts import PendingMatches
    from db.bot_saved import SavedSearch

HOUR = 9
"""When daily alerts, weekly alerts and the digest are due."""
FEW = 3
"""Up to this many posts within `WINDOW` are sent one by one, more in one message."""
WINDOW = timedelta(minutes=10)
MUTE = timedelta(days=1)
_SETTLED = timedelta(seconds=10)
"""Matches are bundled once nothing has arrived for this long: an import is one event."""
_SET_BACK = timedelta(minutes=1)
"""Times further ahead than this were recorded before the clock was set back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SinglePost:
    """One post to send, found by any of these saved searches."""

    post_id: int
    saved_search_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """All waiting matches of these saved searches, to be sent in one message."""

    saved_search_ids: tuple[int, ...]
    is_periodic: bool


Step = SinglePost | Bundle


def is_quiet(settings: AlertSettings, now: datetime, zone: tzinfo | None) -> bool:
    """Return whether it is in a person's quiet hours; a zone of `None` is this machine's."""
    first, last, hour = settings.quiet_from, settings.quiet_to, now.astimezone(zone).hour
    if first <= last:
        return first <= hour < last
    return hour >= first or hour < last


def last_due(mode: AlertMode, now: datetime, zone: tzinfo | None) -> datetime:
    """Return the latest time at which earlier matches became due."""
    if mode is AlertMode.AT_ONCE:
        return now
    local = now.astimezone(zone)
    hour = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    step = timedelta(days=1)
    if mode is AlertMode.WEEKLY:
        hour -= timedelta(days=hour.weekday())
        step = timedelta(days=7)
    return hour if hour <= local else hour - step


def is_muted(search: SavedSearch, now: datetime) -> bool:
    """Return whether a saved search is muted, for at most `MUTE`."""
    until = search.muted_until
    return until is not None and until - MUTE <= now < until


def is_due(waiting: PendingMatches, now: datetime, zone: tzinfo | None) -> bool:
    """Return whether the matches of a saved search are due, regardless of quiet hours."""
    if is_muted(waiting.search, now):
        return False
    return not last_due(waiting.search.mode, now, zone) < waiting.first_at <= now


def next_step(
    due: Sequence[PendingMatches], posts: Sequence[int], *, told_lately: int, now: datetime
) -> Step | None:
    """Decide what to send to a person next, or that it has to wait.

    `posts` are the ones due at once, without duplicates, oldest first, and only as many as needed
    to see that they are many; `told_lately` counts what was sent at once within `WINDOW`.
    """
    periodic = [each for each in due if each.search.mode is not AlertMode.AT_ONCE]
    if periodic:
        return Bundle(saved_search_ids=_keys(periodic), is_periodic=True)
    if posts and told_lately + len(posts) <= FEW:
        return SinglePost(post_id=posts[0], saved_search_ids=_keys(due))
    if posts and not told_lately and _is_settled(due, now):
        return Bundle(saved_search_ids=_keys(due), is_periodic=False)
    return None


def _is_settled(due: Sequence[PendingMatches], now: datetime) -> bool:
    age = now - max(each.last_at for each in due)
    is_growing = -_SET_BACK <= age < _SETTLED
    return not is_growing or min(each.first_at for each in due) <= now - WINDOW


def _keys(due: Sequence[PendingMatches]) -> tuple[int, ...]:
    return tuple(each.search.saved_search_id for each in due)
