"""Attachments of JSON messages: files, places, people, gifts."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Mapping

from ingest.places import coordinates
from ingest.telegram_json.fields import (
    JsonObject,
    as_object,
    count_of,
    integer_of,
    object_of,
    string_of,
)
from model.posts import Media, MediaKind

_FILE_KINDS = {
    "sticker": MediaKind.STICKER,
    "video_message": MediaKind.VIDEO_MESSAGE,
    "voice_message": MediaKind.VOICE,
    "animation": MediaKind.ANIMATION,
    "video_file": MediaKind.VIDEO,
    "audio_file": MediaKind.AUDIO,
}
# `(File not included. Change data exporting settings to download.)`, worded as in HTML exports.
_ABSENT = re.compile(r"(?:.* )?\((?:File|Photo) (not included|exceeds maximum size|unavailable)\b")
NOT_INCLUDED = "Not included, change data exporting settings to download."
EXCEEDS = "Exceeds maximum size, change data exporting settings to download."
UNAVAILABLE = "Unavailable, please try again later."
_NOTES = {
    "not included": NOT_INCLUDED,
    "exceeds maximum size": EXCEEDS,
    "unavailable": UNAVAILABLE,
}
_OUTSIDE = "The file lies outside the export and was not followed."
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def read_media(message: JsonObject) -> tuple[Media, ...]:
    """Read a message's attachment; in an export a message has at most one.

    Self-destructing media has no path in an export and is recognised by its other fields.
    """
    for key, read in _READERS.items():
        if key in message:
            return (read(message),)
    return ()


def _read_photo(message: JsonObject) -> Media:
    if "self_destruct_period_seconds" in message:
        return Media(kind=MediaKind.PHOTO, title="Self-destructing photo")
    path, note = read_path(string_of(message, "photo"))
    return Media(
        kind=MediaKind.PHOTO,
        path=path,
        size=count_of(message, "photo_file_size") or None,
        width=count_of(message, "width"),
        height=count_of(message, "height"),
        note=note,
    )


def _read_file(message: JsonObject) -> Media:
    if "self_destruct_period_seconds" in message:
        return Media(kind=MediaKind.VIDEO, title="Self-destructing video")
    kind = _FILE_KINDS.get(string_of(message, "media_type") or "", MediaKind.FILE)
    path, note = read_path(string_of(message, "file"))
    return Media(
        kind=kind,
        path=path,
        title=read_title(message, kind),
        size=count_of(message, "file_size") or None,
        duration=count_of(message, "duration_seconds"),
        width=count_of(message, "width"),
        height=count_of(message, "height"),
        note=note,
    )


def read_title(message: JsonObject, kind: MediaKind) -> str | None:
    """Return the title of a file: a song's performer and title, a sticker's emoji."""
    if kind is MediaKind.STICKER:
        return string_of(message, "sticker_emoji")
    performer, song = string_of(message, "performer"), string_of(message, "title")
    if kind is MediaKind.AUDIO and performer and song:
        return f"{performer} – {song}"
    return string_of(message, "file_name")


def read_path(shown: str | None) -> tuple[str | None, str | None]:
    """Return a file's path within the export, or a note why there is none."""
    if shown is None:
        return None, None
    absent = _ABSENT.match(shown)
    if absent is not None:
        return None, _NOTES[absent[1]]
    path = posixpath.normpath(shown.replace("\\", "/"))
    if path.startswith(("/", "../")) or path == ".." or _SCHEME.match(path):
        return None, _OUTSIDE
    return path, None


def _read_contact(message: JsonObject) -> Media:
    contact = object_of(message, "contact_information") or {}
    names = (string_of(contact, "first_name"), string_of(contact, "last_name"))
    phone = string_of(contact, "phone_number")
    path, _ = read_path(string_of(message, "contact_vcard"))
    return Media(
        kind=MediaKind.CONTACT,
        path=path,
        title=_joined(" ".join(filter(None, names)), phone),
    )


def _read_venue(message: JsonObject) -> Media:
    place = read_place(object_of(message, "location_information") or {})
    title = _joined(string_of(message, "place_name"), string_of(message, "address"), place.title)
    return Media(kind=MediaKind.VENUE, title=title)


def _read_location(message: JsonObject) -> Media:
    return read_place(object_of(message, "location_information") or {})


def read_place(place: JsonObject) -> Media:
    """Read a place from its latitude and longitude; it may have neither."""
    latitude, longitude = place.get("latitude"), place.get("longitude")
    title = None
    if isinstance(latitude, int | float) and isinstance(longitude, int | float):
        title = coordinates(latitude, longitude)
    return Media(kind=MediaKind.LOCATION, title=title)


def _read_game(message: JsonObject) -> Media:
    title = _joined(string_of(message, "game_title"), string_of(message, "game_description"))
    return Media(kind=MediaKind.GAME, title=title)


def _read_invoice(message: JsonObject) -> Media:
    """Read an invoice; the exporter writes the whole object as a string."""
    value = message.get("invoice_information")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = None
    invoice = as_object(value) or {}
    return Media(
        kind=MediaKind.INVOICE,
        title=_joined(
            string_of(invoice, "title"), string_of(invoice, "description"), read_price(invoice)
        ),
    )


def read_price(invoice: JsonObject) -> str | None:
    """Return the price from hundredths, which most currencies have."""
    amount, currency = integer_of(invoice, "amount"), string_of(invoice, "currency")
    return f"{amount / 100:.2f} {currency}" if amount is not None and currency else None


def _read_paid(message: JsonObject) -> Media:
    stars = count_of(message, "paid_stars_amount") or 0
    return Media(kind=MediaKind.INVOICE, title=f"{stars} Telegram Stars")


def _read_giveaway(message: JsonObject) -> Media:
    gift = object_of(message, "giveaway_information") or object_of(message, "giveaway_results")
    prize = string_of(gift or {}, "additional_prize")
    count = count_of(gift or {}, "quantity") or count_of(gift or {}, "winners_count")
    return Media(
        kind=MediaKind.GIVEAWAY,
        title=_joined("Giveaway", f"{count} prizes" if count else "", prize),
    )


def _joined(*words: str | None) -> str | None:
    return ", ".join(word.strip() for word in words if word and word.strip()) or None


_READERS: Mapping[str, Callable[[JsonObject], Media]] = {
    "photo": _read_photo,
    "file": _read_file,
    "media_type": _read_file,
    "mime_type": _read_file,
    "self_destruct_period_seconds": _read_photo,
    "photo_file_size": _read_photo,
    "contact_information": _read_contact,
    "place_name": _read_venue,
    "address": _read_venue,
    "location_information": _read_location,
    "game_title": _read_game,
    "invoice_information": _read_invoice,
    "giveaway_information": _read_giveaway,
    "giveaway_results": _read_giveaway,
    "paid_stars_amount": _read_paid,
}
