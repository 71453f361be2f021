"""The attachments of rich posts in JSON exports."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.telegram_json.fields import JsonObject, count_of, string_of
from ingest.telegram_json.media import EXCEEDS, NOT_INCLUDED, UNAVAILABLE, read_path, read_title
from model.posts import Media, MediaKind

# HTML exports say no more about a block's file: animations are videos there too.
_FILES = {
    "video": MediaKind.VIDEO,
    "audio": MediaKind.AUDIO,
    "file": MediaKind.FILE,
}
_NOTES = {"file_type": NOT_INCLUDED, "file_size": EXCEEDS}


def read_block_media(block: JsonObject) -> Iterator[Media]:
    """Yield the picture or file of a block, of an article or of an embedded player.

    The userpic of a quoted author is not an attachment.
    """
    kind = string_of(block, "type")
    if kind in _FILES:
        yield _read_file(block, _FILES[kind])
    elif kind == "photo" or "photo_id" in block:
        prefix = "" if kind == "photo" else "photo_"
        yield _read_photo(block, "photo", f"{prefix}width", f"{prefix}height")
    elif "poster_photo_id" in block:
        yield _read_photo(block, "poster_photo", "poster_photo_width", "poster_photo_height")


def _read_photo(block: JsonObject, key: str, width: str, height: str) -> Media:
    path, note = _read_path(block, key)
    return Media(
        kind=MediaKind.PHOTO,
        path=path,
        size=count_of(block, f"{key}_file_size") or None,
        width=count_of(block, width),
        height=count_of(block, height),
        note=note,
    )


def _read_file(block: JsonObject, kind: MediaKind) -> Media:
    path, note = _read_path(block, "file")
    return Media(
        kind=kind,
        path=path,
        title=read_title(block, kind),
        size=count_of(block, "file_size") or None,
        duration=count_of(block, "duration_seconds"),
        width=count_of(block, "width"),
        height=count_of(block, "height"),
        note=note,
    )


def _read_path(block: JsonObject, key: str) -> tuple[str | None, str | None]:
    shown = string_of(block, key)
    if shown is not None:
        return read_path(shown)
    return None, _NOTES.get(string_of(block, f"{key}_skip_reason") or "", UNAVAILABLE)
