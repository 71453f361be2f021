"""A bot whose archive is in PostgreSQL and whose index is on OpenSearch behaves like any other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest

from tests.conversation.conftest import running
from tests.conversation.running import RunningBot
from tests.conversation.test_indexing import MANY, finds
from tests.conversation.test_uploads import IMPORT, export, offered, sees
from tests.standin.person import Person
from tests.standin.server import StandIn

pytestmark = pytest.mark.slow

_OWNER = 500


@pytest.fixture
def bot(
    archive_home: Path, tmp_path: Path, postgres_url: str, opensearch: str
) -> Iterator[RunningBot]:
    """Run a bot with one owner."""
    with StandIn() as standin:
        bot = RunningBot(
            standin,
            tmp_path / "home",
            LETOPIS_OWNERS=str(_OWNER),
            LETOPIS_ARCHIVE_URL=postgres_url,
            LETOPIS_INDEX__ENGINE="opensearch",
            LETOPIS_OPENSEARCH_URL=f"{opensearch}/bot-{token_hex(4)}",
        )
        yield from running(bot, archive_home)


def test_bot_answers_from_servers(bot: RunningBot) -> None:
    """What is imported is indexed beside the bot, found, and looked through by pages."""
    anna = Person(bot.standin, _OWNER, first_name="Анна")
    anna.asks("/help")
    anna.presses(offered(anna, "many.html", export("кузявка", MANY)), IMPORT)
    sees(anna, "✅ Импорт завершён", f"➕ новых {MANY}")

    finds(anna, "кузявка", f"{MANY} постов")

    anna.presses(anna.asks("кузявка"), "›")
    assert any(label.startswith("2/") for label in anna.waits_for().labels)
    anna.says("/doctor")
    sees(anna, "opensearch")
