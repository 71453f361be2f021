"""Rate limits over HTTP: one person has to wait, and others are answered meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversation.conftest import owner
from tests.conversation.running import RunningBot
from tests.standin.server import StandIn

pytestmark = pytest.mark.slow


@pytest.fixture
def patient_bot(archive_home: Path, tmp_path: Path) -> Iterator[RunningBot]:
    """Run a bot that answers three at once, then one a second."""
    with StandIn() as standin:
        bot = RunningBot(standin, tmp_path / "home", LETOPIS_BURST="3")
        standin.world.poll.hold_repeated = False
        shutil.copytree(archive_home, bot.home)
        bot.start()
        yield bot
        assert bot.stop() == 0


def test_hasty_person_is_told_once_and_others_are_answered(patient_bot: RunningBot) -> None:
    """Of a dozen searches in a moment few are answered, one with a word on haste."""
    hasty, calm = owner(patient_bot), owner(patient_bot)
    for _ in range(12):
        hasty.says("зелюка")

    told = hasty.waits_for(lambda message: "Слишком быстро" in message.text)

    assert "через 1 с" in told.text
    assert "зелюка" in calm.asks("зелюка").text
    texts = [event.message.text for event in hasty.watch.sees() if event.message]
    assert sum("Слишком быстро" in text for text in texts) == 1
    assert 3 <= len(texts) < 12
