"""Rate limits over HTTP: one person has to wait, and others are answered meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversation.conftest import owner
from tests.conversation.running import RunningBot
from tests.standin.person import Person
from tests.standin.server import StandIn

pytestmark = pytest.mark.slow


@pytest.fixture
def patient_bot(archive_home: Path, tmp_path: Path) -> Iterator[RunningBot]:
    """Run a public bot that answers three at once, then one a second."""
    with StandIn() as standin:
        bot = RunningBot(standin, tmp_path / "home", LETOPIS_BURST="3", LETOPIS_ACCESS="public")
        standin.world.poll.hold_repeated = False
        shutil.copytree(archive_home, bot.home)
        bot.start()
        yield bot
        assert bot.stop() == 0


def test_hasty_person_is_answered_and_others_meanwhile(patient_bot: RunningBot) -> None:
    """Of a dozen searches in a moment each is answered or named, and an owner does not wait."""
    hasty = Person(patient_bot.standin, 78, first_name="Вера", language_code="ru")
    calm = owner(patient_bot)
    for _ in range(11):
        hasty.says("зелюка")
    hasty.says("зелюка последняя")

    assert "зелюка" in calm.asks("зелюка").text
    hasty.waits_for(lambda message: "зелюка последняя" in message.text)

    texts = [event.message.text for event in hasty.watch.sees() if event.message]
    assert sum("Без ответа: «зелюка»" in text for text in texts) == 1
    assert len(texts) == 3 + 1 + 3
