"""Attachments on Telegram Desktop pages: files, places, polls, gifts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborNode

from ingest.desktop.markup import read_text
from ingest.dom import classes, find_all_inside, find_child, find_inside, line
from ingest.places import coordinates
from model.posts import Media, MediaKind, Poll, PollAnswer

_SAVED = {
    "photo_wrap": MediaKind.PHOTO,
    "video_file_wrap": MediaKind.VIDEO,
    "animated_wrap": MediaKind.ANIMATION,
    "sticker_wrap": MediaKind.STICKER,
}
_GENERIC = {
    "media_photo": MediaKind.PHOTO,
    "media_video": MediaKind.VIDEO,
    "media_voice_message": MediaKind.VOICE,
    "media_audio_file": MediaKind.AUDIO,
    "media_file": MediaKind.FILE,
    "media_contact": MediaKind.CONTACT,
    "media_location": MediaKind.LOCATION,
    "media_live_location": MediaKind.LOCATION,
    "media_venue": MediaKind.VENUE,
    "media_game": MediaKind.GAME,
    "media_invoice": MediaKind.INVOICE,
    "media_call": MediaKind.CALL,
    "media_giveaway": MediaKind.GIVEAWAY,
}
# Titles that only name the kind, and the kind if the class does not tell.
_PLAIN_TITLES = {
    "Photo": None,
    "Video file": None,
    "Voice message": None,
    "Audio file": None,
    "File": None,
    "Location": None,
    "Live location": None,
    "Video message": MediaKind.VIDEO_MESSAGE,
    "Animation": MediaKind.ANIMATION,
    "Sticker": MediaKind.STICKER,
}
_SIZE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) (B|KB|MB|GB)\b")
_UNITS = {"B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}
_PIXELS = re.compile(r"([0-9]{1,6})×([0-9]{1,6})")
_DURATION = re.compile(r"(?:([0-9]{1,6}):)?([0-9]{1,6}):([0-9]{2})\b")
# `https://maps.google.com/maps?q=55.750000,37.610000&ll=…`, or only the two numbers.
_DEGREES = r"(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)"
_PLACE = re.compile(rf"(?:[?&]q=)?{_DEGREES}, ?{_DEGREES}")
_ABSENT = re.compile(r"Not included|Exceeds maximum size|Unavailable", re.IGNORECASE)
_VOTES = re.compile(r"([0-9][0-9,.\s]{0,15}) vote")
_CHAT_FOLDER = re.compile(r"(.*)/chats/[^/]+", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The text of an attachment shown without a preview; `note` says why it is absent."""

    title: str = ""
    description: str = ""
    status: str = ""
    note: str | None = None


def read_media(wrap: LexborNode, *, folder: str) -> list[Media]:
    """Read the attachments in `div.media_wrap`, except polls."""
    return [
        read_attachment(node, folder=folder)
        for node in wrap.iter()
        if "media_poll" not in classes(node)
    ]


def read_attachment(node: LexborNode, *, folder: str) -> Media:
    """Read one attachment."""
    names = classes(node)
    saved = next((_SAVED[name] for name in names if name in _SAVED), None)
    path, note = _read_path(node.attributes.get("href") or "", folder=folder)
    if saved is not None:
        return _read_saved(node, saved, path=path, note=note)
    kind = next((_GENERIC[name] for name in names if name in _GENERIC), MediaKind.OTHER)
    if kind is MediaKind.GIVEAWAY:
        return Media(kind=kind, title=" ".join(read_text(node).split()) or None)
    return _read_generic(node, kind, path=path, note=note)


def _read_saved(node: LexborNode, kind: MediaKind, *, path: str | None, note: str | None) -> Media:
    clock = find_inside(node, "video_duration")
    duration = _parse_duration(line(clock)) if clock is not None else None
    if path is not None and path.startswith("round_video_messages/"):
        kind = MediaKind.VIDEO_MESSAGE
    return Media(kind=kind, path=path, duration=duration, note=note)


def read_card(node: LexborNode) -> Card:
    """Read the first line of each kind inside an element."""
    title, status, description = _lines_inside(node, "title", "status", "description")
    note = description if _ABSENT.match(description) else None
    return Card(title=title, status=status, description="" if note else description, note=note)


def _read_generic(
    node: LexborNode, kind: MediaKind, *, path: str | None, note: str | None
) -> Media:
    card = read_card(node)
    status = card.status
    words = [card.title, card.description]
    if card.title in _PLAIN_TITLES:
        kind = _PLAIN_TITLES[card.title] or kind
        words = [card.description]
    size, pixels = _SIZE.search(status), _PIXELS.search(status)
    if kind in (MediaKind.LOCATION, MediaKind.VENUE):
        words.append(_read_place(node, status))
    elif kind in (MediaKind.STICKER, MediaKind.CONTACT, MediaKind.INVOICE):
        words.append(_SIZE.sub("", status).strip(", "))
    return Media(
        kind=kind,
        path=path,
        title=", ".join(filter(None, words)) or None,
        size=round(float(size[1]) * _UNITS[size[2]]) if size else None,
        duration=_parse_duration(status),
        width=int(pixels[1]) if pixels else None,
        height=int(pixels[2]) if pixels else None,
        note=card.note or note,
    )


def _read_place(node: LexborNode, status: str) -> str:
    """Read `55.750000, 37.610000`; for a venue they are only in the address of its map."""
    found = _PLACE.search(node.attributes.get("href") or "") or _PLACE.fullmatch(status)
    return coordinates(float(found[1]), float(found[2])) if found else status


def _lines_inside(node: LexborNode, *tokens: str) -> Sequence[str]:
    """Return the text of the first element of each class inside `node`, in one pass."""
    lines: dict[str, str] = {}
    for inner in islice(node.traverse(), 1, None):
        for token in classes(inner).intersection(tokens):
            lines.setdefault(token, line(inner))
    return [lines.get(token, "") for token in tokens]


def _parse_duration(text: str) -> int | None:
    match = _DURATION.search(text)
    if match is None:
        return None
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])


def _read_path(href: str, *, folder: str) -> tuple[str | None, str | None]:
    """Return a file's path within the export's folder, and a note if it leads outside.

    In an account export, a chat names its files from the account's folder:
    `../../chats/chat_001/photos/photo_1.jpg`. A file that was sent in two chats lies in the first
    one's folder: its path begins with `chats/`. Web addresses are not files.
    """
    if not href or _SCHEME.match(href):
        return None, None
    path = posixpath.normpath(posixpath.join(folder, href.replace("\\", "/")))
    inside = folder.rstrip("/") + "/"
    if path.startswith(inside):
        return path.removeprefix(inside), None
    account = _CHAT_FOLDER.fullmatch(folder.rstrip("/"))
    if account and path.startswith(f"{account[1]}/chats/"):
        return path.removeprefix(f"{account[1]}/"), None
    return None, "The file lies outside the export and was not followed."


def read_poll(wrap: LexborNode) -> Poll | None:
    """Read a poll, quiz or to-do list from `div.media_wrap`.

    Only answers with votes show a number; if none does although there are votes, the results are
    hidden.
    """
    node = find_child(wrap, "media_poll")
    if node is None:
        return None
    question = find_child(node, "question")
    (total,) = _lines_inside(node, "total")
    details = next((line(child) for child in node.iter() if classes(child) == {"details"}), "")
    answers = [_read_poll_answer(answer) for answer in find_all_inside(node, "answer")]
    voters = _parse_votes(total)
    if voters == 0 or any(answer.voters for answer in answers):
        answers = [PollAnswer(text=answer.text, voters=answer.voters or 0) for answer in answers]
    return Poll(
        question=read_text(question) if question is not None else "",
        answers=tuple(answers),
        details=details,
        total_voters=voters,
    )


def _read_poll_answer(node: LexborNode) -> PollAnswer:
    """Read `- text <span class="details">12 votes, chosen vote</span>`."""
    votes = find_child(node, "details")
    said = line(votes) if votes is not None else ""
    text = read_text(node).removesuffix(said).strip().removeprefix("- ")
    return PollAnswer(text=text, voters=_parse_votes(said))


def _parse_votes(text: str) -> int | None:
    match = _VOTES.match(text)
    if match is None:
        return 0 if text.startswith("No votes") else None
    return int("".join(filter(str.isdigit, match[1])))
