"""Two bots at once: over one home, or with one token."""

from __future__ import annotations

import subprocess

import pytest

from tests.conversation.running import RunningBot, command, environment

pytestmark = pytest.mark.slow


@pytest.mark.measured
def test_second_bot_over_the_same_home_is_refused(bot: RunningBot) -> None:
    """Whoever starts a second one by mistake reads why it ends, and the first one goes on."""
    second = subprocess.run(
        command(bot.home),
        env=environment(LETOPIS_API_BASE_URL=bot.standin.url),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert second.returncode == 2
    assert second.stderr.startswith("letopis: Another bot already answers from ")
    assert len(second.stderr.splitlines()) == 1
    assert second.stdout == ""
    assert "Another program" not in bot.output
