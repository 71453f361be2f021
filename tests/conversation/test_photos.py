"""Photos of a post over the wire: with its card, once, and gone with it."""

from __future__ import annotations

import pytest

from tests.conversation.channel import PHOTOS
from tests.conversation.conftest import owner
from tests.conversation.running import RunningBot
from tests.standin.person import Person
from tests.standin.things import Message


def opens(person: Person) -> tuple[Message, list[Message]]:
    """Open the post with photos; return its card and the photos below it."""
    page = person.asks("трямзика")
    person.presses(page, "1")
    card = person.waits_for()
    return card, [person.waits_for(lambda message: message.media == "photo") for _ in PHOTOS]


def test_photos_come_and_go_with_the_card(vera: Person) -> None:
    """An album stands below the card while it is open; files that are not there are passed over."""
    card, photos = opens(vera)

    assert "Фотоотчёт трямзика" in card.text
    assert [photo.file and photo.file.data for photo in photos] == [*PHOTOS]
    assert len({photo.album for photo in photos}) == 1
    vera.presses(card, "‹ Назад")
    gone = [
        vera.watch.waits_for_event(lambda event: event.kind == "delete").message for _ in photos
    ]
    assert [message and message.message_id for message in gone] == [p.message_id for p in photos]


def test_card_opened_twice_in_a_hurry_has_one_album(vera: Person) -> None:
    """A second press on the same number sends no second album."""
    page = vera.asks("трямзика")
    presses = [vera.presses(page, "1") for _ in range(2)]
    assert [vera.waits_for_answer(query_id)["text"] for query_id in presses] == ["", ""]

    vera.asks("зелюка")

    photos = [
        event for event in vera.watch.sees() if event.message and "photo" in event.message.json
    ]
    assert len(photos) == len(PHOTOS)


@pytest.mark.slow
def test_photos_are_uploaded_once(own_bot: RunningBot) -> None:
    """After a restart Telegram shows the photos that it has."""
    _, first = opens(owner(own_bot))
    own_bot.restart()

    _, again = opens(owner(own_bot))

    ids = [[photo.file and photo.file.file_id for photo in photos] for photos in (first, again)]
    assert ids[0] == ids[1]
