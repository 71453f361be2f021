"""The archive is closed: people without access learn nothing in any way."""

from __future__ import annotations

import pytest

from tests.conversation.running import RunningBot
from tests.standin.person import Person
from tests.standin.places import Group
from tests.standin.things import Message

CONTENT = ("зелюк", "Заметка", "Данные на заметку", "Бумажный дракон", "пост")


def tells_nothing(person: Person) -> bool:
    """Tell whether nothing of the archive has reached a person."""
    seen = [event for event in person.watch.sees() if event.kind in {"message", "edit"}]
    texts = [str(event.message and event.message.text) for event in seen]
    notices = [str(event.payload.get("text", "")) for event in person.watch.sees()]
    files = [event.message.file for event in seen if event.message]
    return not any(files) and not any(
        word in text for word in CONTENT for text in [*texts, *notices]
    )


@pytest.mark.parametrize(
    "text",
    ["зелюка", "/start", "/start p_1", "/code pandas", "/tags", "/random", "/recent", "/help", "?"],
)
def test_stranger_is_refused(stranger: Person, text: str) -> None:
    """A stranger is told that the archive is closed, and their own number, and nothing else."""
    refusal = stranger.asks(text)

    assert "закрытый архив" in refusal.text
    assert str(stranger.user.user_id) in refusal.text
    assert refusal.labels == ("🔑 Попросить доступ",)
    assert tells_nothing(stranger)


def test_stranger_is_refused_in_their_language(bot: RunningBot) -> None:
    """Whoever does not speak Russian is refused in English."""
    stranger = Person(bot.standin, 910_001, language_code="en")

    assert "This archive is private" in stranger.asks("hello").text


def test_insisting_stranger_learns_nothing(stranger: Person, vera: Person) -> None:
    """Words and files meet the same refusal, edits nothing."""
    first = stranger.says("зелюка")
    stranger.waits_for()

    stranger.corrects(first, "зелюка зелюка", always=True)
    stranger.uploads("a.html", b"<html></html>", caption="зелюка")
    theirs = Message(json=first.json | {"message_id": 7})
    stranger.waits_for_answer(stranger.presses_data(theirs, "1|m|1"))

    assert sum(event.kind == "message" for event in stranger.watch.sees()) == 2
    assert tells_nothing(stranger)


@pytest.mark.parametrize("wanted", ["›", "1", "⚙"])
def test_stranger_cannot_press_the_buttons_of_an_owner(
    stranger: Person, vera: Person, wanted: str
) -> None:
    """Known data in a stranger's hand opens nothing."""
    page = vera.asks("зелюка")
    vera.watch.looks_away()

    answer = stranger.waits_for_answer(stranger.presses(page, wanted))

    assert answer["alert"] is True
    assert "закрытый архив" in answer["text"]
    assert tells_nothing(stranger)
    assert vera.asks("зелюка").text == page.text
    assert not [event for event in vera.watch.sees() if event.kind == "edit"]


@pytest.mark.parametrize("wanted", ["›", "1", "⚙"])
def test_owner_cannot_press_the_buttons_of_another(vera: Person, john: Person, wanted: str) -> None:
    """A message belongs to the one who asked for it."""
    page = vera.asks("зелюка")

    answer = john.waits_for_answer(john.presses(page, wanted))

    assert (answer["alert"], "someone else's" in answer["text"]) == (True, True)
    assert not [event for event in vera.watch.sees() if event.kind == "edit"]


def test_stranger_gets_no_inline_results(stranger: Person) -> None:
    """An inline query of a stranger is answered with nothing, and nothing is kept for others."""
    answer = stranger.waits_for_results(stranger.inline_query("зелюка"))

    assert (answer.results, answer.is_personal, answer.cache_time) == ((), True, 0)


def test_group_hears_only_owners(bot: RunningBot, vera: Person, stranger: Person) -> None:
    """In a group a stranger is not answered at all; an owner is, in reply."""
    group = Group(bot.standin, chat_id=-1001000000777)

    group.hears(stranger, "@letopis_standin_bot зелюка")
    group.hears(stranger, "/search зелюка")
    asked = group.hears(vera, "@letopis_standin_bot зелюка")
    page = group.watch.waits_for()

    assert page.reply_to == asked.message_id
    assert "зелюка" in page.text.splitlines()[0]
    answer = stranger.waits_for_answer(stranger.presses(page, "›"))
    assert "закрытый архив" in answer["text"]
    assert sum(event.kind == "message" for event in group.watch.sees()) == 1


def test_edited_message_is_no_search(vera: Person) -> None:
    """An owner who corrects a message is not answered a second time."""
    said = vera.says("зелюка")
    vera.waits_for()

    vera.corrects(said, "куздра", always=True)

    assert "абракадабрикус" in vera.asks("абракадабрикус").text


def test_button_of_a_vanished_message_is_answered(bot: RunningBot, vera: Person) -> None:
    """A press under a message that bots can no longer reach brings a new message."""
    page = vera.asks("зелюка")
    del bot.standin.world.messages[page.chat_id, page.message_id]

    vera.waits_for_answer(vera.presses(page, "›"))
    turned = vera.waits_for()

    assert turned.message_id != page.message_id
    assert "2/3" in turned.labels
