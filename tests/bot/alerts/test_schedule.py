"""When alerts are due: a table of hours, days and bundles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.alerts.schedule import Bundle, SinglePost, is_due, is_quiet, last_due, next_step
from bot.alerts.throttle import CHAT_GAP, GAP, Throttle
from db.bot_alert_settings import AlertSettings
from db.bot_alerts import PendingMatches
from db.bot_saved import AlertMode, SavedSearch
from tests.bot.alerts.following import Seconds

_MOSCOW = timezone(timedelta(hours=3))
_WEDNESDAY = datetime(2025, 1, 1, 12, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def _waiting(
    key: int = 1,
    *,
    mode: AlertMode = AlertMode.AT_ONCE,
    first_at: datetime = _WEDNESDAY,
    last_at: datetime = _WEDNESDAY,
    muted_until: datetime | None = None,
) -> PendingMatches:
    search = SavedSearch(
        saved_search_id=key,
        user_id=1,
        query="слово",
        mode=mode,
        created_at=_WEDNESDAY,
        paused_at=None,
        muted_until=muted_until,
        archive_id="",
        seq=0,
        opened_seq=0,
    )
    return PendingMatches(search=search, posts=1, first_at=first_at, last_at=last_at)


@pytest.mark.parametrize(
    ("quiet", "hours"),
    [
        ((22, 8), {22, 23, 0, 1, 2, 3, 4, 5, 6, 7}),
        ((0, 3), {0, 1, 2}),
        ((13, 15), {13, 14}),
        ((23, 0), {23}),
        ((5, 5), set()),
    ],
)
def test_quiet_lasts_from_hour_to_hour(quiet: tuple[int, int], hours: set[int]) -> None:
    """The first hour is quiet, the last one no longer, over midnight or not."""
    first, last = quiet
    settings = AlertSettings(user_id=1, quiet_from=first, quiet_to=last)
    day = [_WEDNESDAY.replace(hour=hour, minute=59) for hour in range(24)]

    assert {moment.hour for moment in day if is_quiet(settings, moment, UTC)} == hours
    shifted = {(moment.hour + 3) % 24 for moment in day if is_quiet(settings, moment, _MOSCOW)}
    assert shifted == hours


@pytest.mark.parametrize(
    ("mode", "now", "due"),
    [
        (AlertMode.AT_ONCE, "2025-01-01T12:34", "2025-01-01T12:34"),
        (AlertMode.DAILY, "2025-01-01T12:34", "2025-01-01T09:00"),
        (AlertMode.DAILY, "2025-01-01T09:00", "2025-01-01T09:00"),
        (AlertMode.DAILY, "2025-01-01T08:59", "2024-12-31T09:00"),
        (AlertMode.WEEKLY, "2025-01-01T12:34", "2024-12-30T09:00"),
        (AlertMode.WEEKLY, "2025-01-06T09:00", "2025-01-06T09:00"),
        (AlertMode.WEEKLY, "2025-01-06T08:59", "2024-12-30T09:00"),
        (AlertMode.WEEKLY, "2025-01-05T23:59", "2024-12-30T09:00"),
    ],
)
@pytest.mark.parametrize("zone", [UTC, _MOSCOW])
def test_hour_of_the_day_and_of_the_week(
    mode: AlertMode, now: str, due: str, zone: timezone
) -> None:
    """Nine o'clock, and Monday, are those of the zone."""
    moment = datetime.fromisoformat(now).replace(tzinfo=zone)

    found = last_due(mode, moment.astimezone(UTC), zone)

    assert found == datetime.fromisoformat(due).replace(tzinfo=zone)


def test_muted_search_is_not_due() -> None:
    """What is silenced is due when that is over."""
    muted = _waiting(muted_until=_WEDNESDAY + _MINUTE)

    assert not is_due(muted, _WEDNESDAY, UTC)
    assert is_due(muted, _WEDNESDAY + _MINUTE, UTC)


_AT_ONCE = [_waiting(1), _waiting(2)]
_LATER = timedelta(seconds=10)


@pytest.mark.parametrize(
    ("due", "posts", "told_lately", "after", "step"),
    [
        (_AT_ONCE, [7], 0, timedelta(0), SinglePost(post_id=7, saved_search_ids=(1, 2))),
        (_AT_ONCE, [7, 8], 1, timedelta(0), SinglePost(post_id=7, saved_search_ids=(1, 2))),
        (_AT_ONCE, [7], 3, timedelta(hours=1), None),
        (_AT_ONCE, [7, 8], 2, timedelta(hours=1), None),
        (_AT_ONCE, [5, 6, 7, 8], 0, timedelta(0), None),
        (_AT_ONCE, [5, 6, 7, 8], 0, _LATER, Bundle(saved_search_ids=(1, 2), is_periodic=False)),
        (
            [*_AT_ONCE, _waiting(3, mode=AlertMode.DAILY), _waiting(4, mode=AlertMode.WEEKLY)],
            [7],
            9,
            timedelta(0),
            Bundle(saved_search_ids=(3, 4), is_periodic=True),
        ),
        ([], [], 0, timedelta(0), None),
    ],
    ids=["one", "few", "full", "over", "many", "many settled", "periodic first", "nothing"],
)
def test_next_step(
    due: Sequence[PendingMatches],
    posts: Sequence[int],
    told_lately: int,
    after: timedelta,
    step: SinglePost | Bundle | None,
) -> None:
    """Few come one by one, many together when no more come, none where many came lately."""
    found = next_step(due, posts, told_lately=told_lately, now=_WEDNESDAY + after)

    assert found == step


def test_endless_matches_are_sent_after_ten_minutes() -> None:
    """If matches keep arriving, they are sent after ten minutes."""
    now = _WEDNESDAY + timedelta(minutes=10)
    restless = [_waiting(1, first_at=_WEDNESDAY, last_at=now)]

    assert next_step(restless, [1, 2, 3, 4], told_lately=0, now=now - _MINUTE) is None
    assert next_step(restless, [1, 2, 3, 4], told_lately=0, now=now) is not None


@pytest.mark.asyncio
async def test_pace_is_kept() -> None:
    """Messages to anybody stand apart, those to one person further, and a rest stops all."""
    seconds = Seconds()
    throttle = Throttle(timer=seconds, pause=seconds.pause)

    started = seconds.now
    for user_id in range(21):
        await throttle.wait_turn(user_id)
    assert seconds.now - started == pytest.approx(20 * GAP)
    assert not throttle.may_write_to(20)
    seconds.now += CHAT_GAP
    assert throttle.may_write_to(20)

    throttle.suspend(5)
    assert throttle.is_suspended
    seconds.now += 5
    assert not throttle.is_suspended
