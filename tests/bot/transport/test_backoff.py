"""A loop that fails again and again rests longer each time."""

from __future__ import annotations

from bot.transport.backoff import Backoff


def test_rest_grows_with_failures_and_ends_with_success() -> None:
    """It doubles up to half a minute; once all is well, nothing is waited for."""
    rest = Backoff(2.0)
    rests = [rest.seconds]
    for succeeded in (False, False, False, False, False, False, True, False):
        rest.note(succeeded=succeeded)
        rests.append(rest.seconds)

    assert rests == [0, 2, 4, 8, 16, 30, 30, 0, 2]
