"""Attachments and polls in the exporter's markup."""

from __future__ import annotations

from dataclasses import dataclass

from model.posts import Media, MediaKind, Poll
from tests.mirror.tags import TagStack, escape

NOT_INCLUDED = "Not included, change data exporting settings to download."
TOO_BIG = "Exceeds maximum size, change data exporting settings to download."
UNAVAILABLE = "Unavailable, please try again later."
# The one place that all locations and venues of the mirror writers are at, and how it is read.
LATITUDE, LONGITUDE = 55.75, 37.61
PLACE = f"{LATITUDE}, {LONGITUDE}"
MAP = "https://maps.google.com/maps?q=55.750000,37.610000&ll=55.750000,37.610000&z=16"

_CLASSES = {
    MediaKind.PHOTO: "media_photo",
    MediaKind.VIDEO: "media_video",
    MediaKind.ANIMATION: "media_video",
    MediaKind.VIDEO_MESSAGE: "media_video",
    MediaKind.VOICE: "media_voice_message",
    MediaKind.AUDIO: "media_audio_file",
    MediaKind.FILE: "media_file",
    MediaKind.STICKER: "media_photo",
    MediaKind.CONTACT: "media_contact",
    MediaKind.LOCATION: "media_location",
    MediaKind.VENUE: "media_venue",
    MediaKind.GAME: "media_game",
    MediaKind.INVOICE: "media_invoice",
    MediaKind.CALL: "media_call",
}
_TITLES = {
    MediaKind.PHOTO: "Photo",
    MediaKind.VIDEO: "Video file",
    MediaKind.ANIMATION: "Animation",
    MediaKind.VIDEO_MESSAGE: "Video message",
    MediaKind.VOICE: "Voice message",
    MediaKind.AUDIO: "Audio file",
    MediaKind.FILE: "File",
    MediaKind.STICKER: "Sticker",
    MediaKind.LOCATION: "Location",
}
_TIMED = {MediaKind.VIDEO, MediaKind.VIDEO_MESSAGE, MediaKind.VOICE, MediaKind.AUDIO}
_THUMBNAILED = {MediaKind.PHOTO, MediaKind.VIDEO, MediaKind.ANIMATION, MediaKind.STICKER}


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaExtras:
    """What an export shows of an attachment and `Media` does not hold.

    `status` is a phone number, a sticker's emoji or a price; `link` leads out, to a map; `thumb`
    is False for a saved picture too small or too odd for a preview.
    """

    status: str = ""
    description: str = ""
    link: str = ""
    thumb: bool = True


NO_EXTRAS = MediaExtras()


def write_media(tags: TagStack, media: Media, extras: MediaExtras) -> str:
    """Write one attachment, with its preview where the file was saved."""
    if media.path and extras.thumb and media.kind in _THUMBNAILED:
        return _write_preview(tags, media, media.path)
    return _write_generic(tags, media, extras)


def thumbnail(media: Media) -> str:
    """Return the path of a saved picture's preview: `a_thumb.jpg`, `a.mp4_thumb.jpg`."""
    path = media.path or ""
    if media.kind in {MediaKind.PHOTO, MediaKind.STICKER}:
        stem, _, suffix = path.rpartition(".")
        return f"{stem}_thumb.{suffix}"
    return f"{path}_thumb.jpg"


def _write_preview(tags: TagStack, media: Media, path: str) -> str:
    name = {
        MediaKind.PHOTO: "photo",
        MediaKind.VIDEO: "video_file",
        MediaKind.ANIMATION: "animated",
        MediaKind.STICKER: "sticker",
    }[media.kind]
    html = tags.push_div("media_wrap clearfix")
    html += tags.push("a", class_=f"{name}_wrap clearfix pull_left", href=path)
    if media.kind is MediaKind.VIDEO:
        html += tags.push_div("video_play_bg") + tags.block("video_play", "") + tags.pop()
        html += tags.block("video_duration", format_duration(media.duration or 0))
    if media.kind is MediaKind.ANIMATION:
        html += tags.push_div("video_play_bg") + tags.block("gif_play", "GIF") + tags.pop()
    size = f"width: {(media.width or 260) // 2}px; height: {(media.height or 260) // 2}px"
    html += tags.empty("img", class_=name, src=thumbnail(media), style=size)
    return html + tags.pop() + tags.pop()


def _write_generic(tags: TagStack, media: Media, extras: MediaExtras) -> str:
    html = tags.push_div("media_wrap clearfix")
    classes = f"media clearfix pull_left block_link {_CLASSES[media.kind]}"
    if link := media.path or extras.link:
        html += tags.push("a", class_=classes, href=link)
    else:
        html += tags.push_div(classes.replace("block_link ", ""))
    html += tags.block("fill pull_left", "")
    html += tags.push_div("body")
    for class_, line in (
        ("title bold", media.title or _TITLES.get(media.kind, "")),
        ("description", media.note or extras.description),
        ("status details", extras.status or _status(media)),
    ):
        if line:
            html += tags.block(class_, escape(line))
    return html + tags.pop() + tags.pop() + tags.pop()


def _status(media: Media) -> str:
    """Return `1092×555, 77.6 KB`: a saved file shows its size only where it shows nothing else."""
    parts: list[str] = []
    if media.kind in _TIMED:
        parts.append(format_duration(media.duration or 0))
    if media.kind is MediaKind.PHOTO and media.width:
        parts.append(f"{media.width}×{media.height}")
    if media.size is not None and (
        not media.path or media.kind in {MediaKind.FILE, MediaKind.ANIMATION}
    ):
        parts.append(format_size(media.size))
    return ", ".join(parts)


def format_size(size: int) -> str:
    """Return a size in the exporter's words, cut (not rounded) to a tenth."""
    for unit, name in ((1024 * 1024, "MB"), (1024, "KB")):
        if size >= unit:
            tenths = size * 10 // unit
            return f"{tenths // 10}.{tenths % 10} {name}"
    return f"{size} B"


def format_duration(seconds: int) -> str:
    """Return `01:48`, or `1:02:03` from an hour."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return (f"{hours}:" if hours else "") + f"{minutes:02}:{seconds:02}"


def write_poll(tags: TagStack, poll: Poll, *, chosen: int | None) -> str:
    """Write a poll; an answer without votes shows no number."""
    html = tags.push_div("media_wrap clearfix") + tags.push_div("media_poll")
    html += tags.block("question bold", escape(poll.question))
    html += tags.block("details", escape(poll.details or "Anonymous poll"))
    for index, answer in enumerate(poll.answers):
        mine = ", chosen vote" if index == chosen else ""
        votes = f' <span class="details">{format_votes(answer.voters)}{mine}</span>'
        html += tags.block("answer", f"- {escape(answer.text)}{votes if answer.voters else ''}")
    # The trailing tab is the exporter's own slip.
    html += tags.block("total details\t", format_votes(poll.total_voters or 0))
    return html + tags.pop() + tags.pop()


def format_votes(count: int | None) -> str:
    """Return `12 votes`, `1 vote` or `No votes`."""
    if not count:
        return "No votes"
    return f"{count} vote" if count == 1 else f"{count} votes"
