"""Attachments of live posts, worded as in imports.

The message is converted to the exporter's JSON and read with the JSON reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from telegram import Giveaway, GiveawayWinners, Message, PhotoSize

from ingest.telegram_json.media import read_media
from ingest.telegram_json.polls import read_poll
from model.posts import Media, Poll

_Exported = dict[str, Any]


def read_attachments(message: Message) -> tuple[Media, ...]:
    """Read a message's attachment; its file stays with Telegram, so it has no path."""
    return read_media(_attachment(message))


def read_live_poll(message: Message) -> Poll | None:
    """Read a message's poll or checklist."""
    return read_poll(_poll(message))


def read_buttons(message: Message) -> Iterator[tuple[str, str]]:
    """Yield the address and label of every button that opens a page."""
    for row in message.reply_markup.inline_keyboard if message.reply_markup else ():
        for button in row:
            address = button.url or (button.login_url.url if button.login_url else None)
            if address:
                yield address, button.text.strip()


def _attachment(message: Message) -> _Exported:
    """Return the attachment in the form of a JSON export.

    Animations are also sent as documents, venues as locations; so these come first.
    """
    for write in _WRITERS:
        exported = write(message)
        if exported is not None:
            return exported
    return {}


def _photo(message: Message) -> _Exported | None:
    if not message.photo:
        return None
    largest = max(message.photo, key=_pixels)
    return {
        "photo": None,
        "photo_file_size": largest.file_size,
        "width": largest.width,
        "height": largest.height,
    }


def _pixels(size: PhotoSize) -> int:
    return size.width * size.height


def _file(kind: str, media_type: str) -> Callable[[Message], _Exported | None]:
    def write(message: Message) -> _Exported | None:
        file = getattr(message, kind)
        if file is None:
            return None
        # Not by attribute: the library is changing the type of `duration`.
        told = file.to_dict()
        same = ("file_name", "file_size", "width", "height", "performer", "title")
        return {
            "file": None,
            "media_type": media_type,
            **{key: told.get(key) for key in same},
            "duration_seconds": told.get("duration"),
            "sticker_emoji": told.get("emoji"),
        }

    return write


def _contact(message: Message) -> _Exported | None:
    contact = message.contact
    if contact is None:
        return None
    return {
        "contact_information": {
            "first_name": contact.first_name,
            "last_name": contact.last_name,
            "phone_number": contact.phone_number,
        }
    }


def _venue(message: Message) -> _Exported | None:
    venue = message.venue
    return {"place_name": venue.title, "address": venue.address} if venue else None


def _location(message: Message) -> _Exported | None:
    place = message.location
    if place is None:
        return None
    return {"location_information": {"latitude": place.latitude, "longitude": place.longitude}}


def _game(message: Message) -> _Exported | None:
    game = message.game
    return {"game_title": game.title, "game_description": game.description} if game else None


def _invoice(message: Message) -> _Exported | None:
    invoice = message.invoice
    if invoice is None:
        return None
    return {
        "invoice_information": {
            "title": invoice.title,
            "description": invoice.description,
            "amount": invoice.total_amount,
            "currency": invoice.currency,
        }
    }


def _giveaway(message: Message) -> _Exported | None:
    gift: Giveaway | GiveawayWinners | None = message.giveaway or message.giveaway_winners
    if gift is None:
        return None
    return {
        "giveaway_information": {
            "quantity": gift.winner_count,
            "additional_prize": gift.prize_description,
        }
    }


def _paid(message: Message) -> _Exported | None:
    paid = message.paid_media
    return {"paid_stars_amount": paid.star_count} if paid else None


_WRITERS = (
    _photo,
    _file("animation", "animation"),
    _file("video", "video_file"),
    _file("video_note", "video_message"),
    _file("voice", "voice_message"),
    _file("audio", "audio_file"),
    _file("sticker", "sticker"),
    _file("document", ""),
    _contact,
    _venue,
    _location,
    _game,
    _invoice,
    _giveaway,
    _paid,
)


def _poll(message: Message) -> _Exported:
    if message.poll:
        poll = message.poll
        answers = [{"text": option.text, "voters": option.voter_count} for option in poll.options]
        return {
            "poll": {
                "question": poll.question,
                "closed": poll.is_closed,
                "total_voters": poll.total_voter_count,
                "answers": answers,
            }
        }
    if message.checklist:
        tasks = [{"text": task.text} for task in message.checklist.tasks]
        return {"todo_list": {"title": message.checklist.title, "answers": tasks}}
    return {}
