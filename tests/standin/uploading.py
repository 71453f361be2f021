"""Methods that send files, and the one that says where a file can be fetched."""

from __future__ import annotations

import mimetypes
from typing import Any

from tests.standin.errors import ApiError
from tests.standin.keyboards import read_keyboard
from tests.standin.markup import check_caption, read_caption
from tests.standin.sending import post
from tests.standin.things import StoredFile
from tests.standin.wire import Call
from tests.standin.world import World

DOWNLOAD_LIMIT = 20 << 20
PHOTO_LIMIT = 10 << 20
LINK_LIFETIME = 3600


def send_document(world: World, call: Call) -> Any:
    """Send a file as it is."""
    return _send_file(world, call, "document")


def send_photo(world: World, call: Call) -> Any:
    """Send a picture."""
    return _send_file(world, call, "photo")


def _send_file(world: World, call: Call, media: str) -> Any:
    caption = read_caption(call)
    markup = read_keyboard(call)
    file = _given_file(world, call, call.text(media) or f"attach://{media}", media)
    chat = world.writable_chat(call)
    sent = post(world, call, chat, caption, markup=markup, media=media, file=file)
    return sent.as_json()


def send_media_group(world: World, call: Call) -> Any:
    """Send an album of two to ten files."""
    given = call.json("media", "Can't parse media JSON object")
    if not isinstance(given, list):
        raise ApiError("Expected an Array of InputMedia")
    if not 2 <= len(given) <= 10:
        raise ApiError("media group must include 2-10 items")
    kinds = {item.get("type") for item in given}
    if "document" in kinds and len(kinds) > 1:
        raise ApiError("Can't use the media of the specified type in the album")
    read = [
        (
            item["type"],
            _given_file(world, call, item.get("media", ""), item["type"]),
            check_caption(
                item.get("caption", ""),
                item.get("parse_mode", ""),
                item.get("caption_entities", ()),
            ),
        )
        for item in given
    ]
    chat = world.writable_chat(call)
    album = world.new_id()
    return [
        post(world, call, chat, caption, media=kind, file=file, album=album).as_json()
        for kind, file, caption in read
    ]


def _given_file(world: World, call: Call, source: str, media: str) -> StoredFile:
    if source in world.files:
        return world.files[source]
    if not source.startswith("attach://"):
        raise ApiError("wrong file identifier/HTTP URL specified")
    upload = call.files.get(source.removeprefix("attach://"))
    if upload is None:
        raise ApiError(f"there is no {media} in the request")
    if not upload.data:
        raise ApiError("file must be non-empty")
    if media == "photo" and len(upload.data) > PHOTO_LIMIT:
        raise ApiError(f"file of size {len(upload.data)} bytes is too big for a photo")
    mime_type = mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
    return world.add_file(
        upload.name, upload.data, mime_type=mime_type, declared_size=len(upload.data)
    )


def get_file(world: World, call: Call) -> Any:
    """Say under which path a file can be fetched."""
    file_id = call.text("file_id")
    if not file_id:
        raise ApiError("Bad Request: file_id not specified")
    file = world.files.get(file_id)
    if file is None:
        raise ApiError("Bad Request: wrong file_id or the file is temporarily unavailable")
    if file.largest_size > DOWNLOAD_LIMIT:
        raise ApiError("Bad Request: file is too big")
    path = f"documents/file_{file.unique_id}{_extension(file.name)}"
    with world.change():
        world.links[path] = (file, world.clock.now() + LINK_LIFETIME)
    return {**file.as_json(), "file_path": path}


def _extension(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return f".{extension}" if stem and dot else ""


METHODS = {
    "senddocument": send_document,
    "sendphoto": send_photo,
    "sendmediagroup": send_media_group,
    "getfile": get_file,
}
