"""What the conversations about followed searches share."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from db import open_archive
from tests.conversation.channel import CHANNEL, plain_post
from tests.conversation.running import RunningBot
from tests.standin.person import Person
from tests.standin.things import Message
from tests.standin.world import as_read

_numbers = count(5000)


def awake(bot: RunningBot, user_id: int) -> Person:
    """Return a person who wants to be told at any hour."""
    anna = Person(bot.standin, user_id, first_name="Анна")
    anna.presses(anna.asks("/saved"), "Тихие часы")
    anna.presses(anna.waits_for(kinds=("edit",)), "Писать всегда")
    anna.waits_for(lambda message: "в любое время" in message.text, kinds=("edit",))
    return anna


def follows(person: Person, query: str) -> None:
    """Search, and follow the search."""
    person.says(query)
    page = person.waits_for(lambda message: "🔔 Следить" in message.labels, kinds=("message",))
    answer = person.waits_for_answer(person.presses(page, "Следить"))
    assert "Слежу" in answer["text"]


def writes(bot: RunningBot, *texts: str) -> None:
    """Write posts into the archive of a running bot, from outside of it."""
    with open_archive(bot.home / "archive.db") as store:
        posts = [plain_post(next(_numbers), text) for text in texts]
        store.save(store.resolve_channel(CHANNEL), posts, as_of=datetime.now(UTC))


def alerts(person: Person, word: str) -> list[Message]:
    """Return the alerts of new posts with a word that a person has seen."""
    events = [event for event in person.watch.sees() if event.kind == "message"]
    messages = [as_read(event.message) for event in events if event.message]
    return [each for each in messages if "по подписке" in each.text and word in each.text]


def waits_for_alert(person: Person, word: str, *, timeout: float = 60.0) -> Message:
    """Return the next alert with a word."""
    return person.waits_for(
        lambda message: message.text.startswith("🔔") and word in message.text, timeout=timeout
    )
